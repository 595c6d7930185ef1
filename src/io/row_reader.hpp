#pragma once

#include <cstdint>
#include <memory>

#include "io/input_files.hpp"
#include "io/source_table.hpp"

namespace topograph {

/// Reads the rows of one input (a file, or the text files of a folder) a portion at a time.
class RowReader {
 public:
  RowReader() = default;
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;
  RowReader(RowReader&&) = delete;
  RowReader& operator=(RowReader&&) = delete;
  virtual ~RowReader() = default;

  /// Reads a few megabytes more; false at the end.
  [[nodiscard]] virtual Result<bool> advance() = 0;
  /// The rows read since the last call; their `invalid_rows` count from the first of them.
  [[nodiscard]] virtual SourceTable take() = 0;
  /// Bytes of the files used so far.
  [[nodiscard]] virtual std::uint64_t consumed_bytes() const = 0;
};

/// Opens what one group of files holds.
/// @error input subject, as `read_documents`.
[[nodiscard]] Result<std::unique_ptr<RowReader>> open_rows(const InputGroup& group,
                                                           const ReadContext& context);

/// All rows of a reader as one table; progress is counted in bytes.
[[nodiscard]] Result<SourceTable> read_all_rows(RowReader& reader, Stage& stage, RunContext& run);

}  // namespace topograph

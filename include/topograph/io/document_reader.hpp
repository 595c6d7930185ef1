#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_blocks.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/io/read_documents.hpp"

namespace topograph {

/// Reads the texts of documents a block at a time, in memory that does not grow with the input:
/// the same files, rules, errors and texts as `read_documents`, without the other columns.
///
/// The text column is chosen as there. When the first rows do not decide it (no name given and no
/// column called `text`), files are read twice: once to look at every row, once for the blocks.
/// What cannot be read twice, such as standard input, is decided by its first rows, at least 16 384
/// or all. Parquet and Feather on standard input are kept in memory, as they cannot be read in
/// order. Mistakes far down in a file are found when its rows are reached.
class DocumentReader {
 public:
  /// @param options  `text`, `format` and `strict`; the other columns are not looked at, and
  ///                 `where` is not heeded.
  /// @error          as `read_documents`.
  [[nodiscard]] static Result<DocumentReader> open(std::span<const std::string> inputs,
                                                   const ReadOptions& options, RunContext& run);
  DocumentReader(DocumentReader&&) noexcept;
  DocumentReader& operator=(DocumentReader&&) = delete;
  DocumentReader(const DocumentReader&) = delete;
  DocumentReader& operator=(const DocumentReader&) = delete;
  ~DocumentReader();

  /// The next texts; none at the end.
  [[nodiscard]] Result<TextColumn> next(const TextBlockLimits& limits);

  [[nodiscard]] const std::string& text_column() const;
  /// Documents so far in which invalid bytes were replaced by U+FFFD.
  [[nodiscard]] std::int64_t n_invalid_utf8() const;
  /// How much of the input has been used, in (0, 1]; unset for standard input.
  [[nodiscard]] std::optional<double> share_read() const;

 private:
  DocumentReader();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph

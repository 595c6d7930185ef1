#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "topograph/core/column_table.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph {

/// The documents of a run. The row number is a document's identity inside the run.
struct DocumentTable {
  TextColumn text = {};         ///< One document a row, valid UTF-8, possibly blank.
  ColumnTable columns = {};     ///< All columns of the input (the text column among them).
  std::size_t text_column = 0;  ///< Position of the text column in `columns`.
  std::optional<std::size_t> id_column = {};
  std::optional<std::size_t> label_column = {};
  std::optional<std::size_t> time_column = {};
  std::optional<std::size_t> class_column = {};
  std::optional<std::size_t> title_column = {};
  std::int64_t n_invalid_utf8 = 0;  ///< Documents in which invalid bytes were replaced by U+FFFD.

  [[nodiscard]] std::size_t size() const { return text.size(); }
};

}  // namespace topograph

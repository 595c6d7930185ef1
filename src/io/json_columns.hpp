#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "topograph/core/column_table.hpp"
#include "topograph/core/error.hpp"

namespace topograph {

/// What one JSON value is.
enum class JsonKind : std::uint8_t { missing, boolean, integer, number, string, other };

/// The values of one key over some rows, exactly as parsed.
struct JsonColumn {
  std::string name = {};
  std::vector<JsonKind> kinds = {};
  std::vector<std::uint64_t> bits = {};  ///< Booleans, integers and numbers by their bits.
  TextColumn texts = {};                 ///< Strings; JSON text of everything else.

  void push_missing_until(std::size_t n_rows);
};

/// Consecutive JSON objects as columns, in the order in which their keys first appear.
struct JsonBlock {
  std::vector<JsonColumn> columns = {};
  std::size_t n_rows = 0;

  /// Parses one line that must hold one JSON object, and adds it as a row.
  /// @error parse; `where` holds the column (1-based byte) as text, for the caller to complete.
  [[nodiscard]] Result<void> add_line(std::string_view line);

  std::unordered_map<std::string, std::size_t> positions = {};  ///< Only looked up, never listed.
};

/// Joins blocks, in order, into typed columns: text, integers, numbers or booleans when all present
/// values agree (integers widen to numbers), else the JSON text of each value.
[[nodiscard]] ColumnTable join_json_blocks(std::vector<JsonBlock> blocks);

}  // namespace topograph

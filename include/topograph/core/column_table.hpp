#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "topograph/core/text_column.hpp"

namespace topograph {

/// Microseconds since 1970-01-01T00:00:00Z.
struct Timestamp {
  std::int64_t microseconds = 0;
  [[nodiscard]] bool operator==(const Timestamp&) const = default;
};

using ColumnValues = std::variant<TextColumn, std::vector<std::int32_t>, std::vector<std::int64_t>,
                                  std::vector<float>, std::vector<double>,
                                  std::vector<std::uint8_t> /* boolean */, std::vector<Timestamp>>;

/// A named, typed column. `valid` is empty when every value is present, else one 0/1 byte a row.
struct Column {
  std::string name = {};
  ColumnValues values = {};
  std::vector<std::uint8_t> valid = {};

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool is_valid(std::size_t row) const { return valid.empty() || valid[row] != 0; }
  [[nodiscard]] bool operator==(const Column&) const = default;
};

/// Columns of equal length.
struct ColumnTable {
  std::vector<Column> columns = {};

  [[nodiscard]] std::size_t n_rows() const { return columns.empty() ? 0 : columns[0].size(); }
  /// Position of the column called `name`, if any.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
};

/// One value as text: numbers in shortest round-trip form, timestamps as ISO 8601, missing as "".
[[nodiscard]] std::string cell_text(const Column& column, std::size_t row);

/// A copy of the given rows, in the given order.
[[nodiscard]] Column take_rows(const Column& column, std::span<const std::int64_t> rows);

}  // namespace topograph

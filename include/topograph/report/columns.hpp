#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/column_table.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph {

/// What the page can do with a column: colour and filter by categories, numbers and times, open
/// links, show texts on the card.
enum class ColumnKind : std::uint8_t { category, number, time, link, text };
[[nodiscard]] std::string_view to_string(ColumnKind kind);

/// A column of the documents in the form the page uses. Only what its kind needs is filled.
struct ReportColumn {
  std::string name = {};
  std::string role = {};  ///< label, class, time or id; empty: just a column.
  ColumnKind kind = ColumnKind::text;
  std::vector<std::string> values = {};  ///< category: most frequent first, ties by bytes.
  std::vector<std::int32_t> codes = {};  ///< category: index into `values`, -1: missing.
  /// number, or time in milliseconds since 1970-01-01T00:00:00Z; NaN: missing.
  std::vector<double> numbers = {};
  TextColumn texts = {};  ///< link, text; empty: missing.
};

/// Names of columns with a meaning; empty: none. `left_out` are not shown as columns.
struct ColumnRoles {
  std::string label = {};
  std::string class_name = {};
  std::string time = {};
  std::string id = {};
  std::vector<std::string> left_out = {};
};

/// Tells what each column holds from its type and values. Texts that are numbers, ISO 8601 times or
/// web addresses (all present ones) count as such; texts with few different short values are
/// categories. Columns without any value are left out.
[[nodiscard]] std::vector<ReportColumn> report_columns(const ColumnTable& table,
                                                       const ColumnRoles& roles);

}  // namespace topograph

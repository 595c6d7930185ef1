#include "io/choose_rows.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "io/document_columns.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

struct Condition {
  std::size_t column = 0;
  std::vector<std::string> values = {};
};

Result<Condition> parse_condition(const std::string& text, const ColumnTable& table,
                                  const std::string& name) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return option_error("--where", "expected COLUMN=VALUE[,VALUE...], found '" + text + "'");
  }
  const std::string column = text.substr(0, equals);
  const auto found = table.find(column);
  if (!found) {
    return input_error(
        ErrorCode::invalid_argument, name,
        "there is no column `" + column + "` for --where; found the columns " + column_list(table));
  }
  Condition condition{*found};
  std::string_view left = std::string_view(text).substr(equals + 1);
  while (true) {
    const std::size_t comma = left.find(',');
    condition.values.emplace_back(left.substr(0, comma));
    if (comma == std::string_view::npos) return condition;
    left.remove_prefix(comma + 1);
  }
}

void keep_rows(SourceTable& source, std::span<const std::int64_t> rows) {
  for (Column& column : source.table.columns) column = take_rows(column, rows);
  std::vector<std::int64_t> invalid;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (std::ranges::binary_search(source.invalid_rows, rows[i])) {
      invalid.push_back(narrow<std::int64_t>(i));
    }
  }
  source.invalid_rows = std::move(invalid);
}

/// Code points of valid UTF-8.
std::ptrdiff_t n_characters(std::string_view text) {
  return std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

}  // namespace

Result<void> choose_rows(SourceTable& source, std::span<const std::string> conditions,
                         const std::string& name) {
  ColumnTable& table = source.table;
  if (conditions.empty() || table.columns.empty()) return {};
  std::vector<Condition> parsed;
  for (const std::string& text : conditions) {
    TG_TRY(auto condition, parse_condition(text, table, name));
    parsed.push_back(std::move(condition));
  }
  std::vector<std::int64_t> rows;
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    const bool is_chosen = std::ranges::all_of(parsed, [&](const Condition& condition) {
      const std::string cell = cell_text(table.columns[condition.column], row);
      return std::ranges::find(condition.values, cell) != condition.values.end();
    });
    if (is_chosen) rows.push_back(narrow<std::int64_t>(row));
  }
  if (rows.empty()) {
    return input_error(ErrorCode::invalid_argument, name,
                       "none of the " + std::to_string(table.n_rows()) + " rows meets --where",
                       "values are compared as they are written, case and blanks included");
  }
  keep_rows(source, rows);
  return {};
}

Result<void> leave_out_short_texts(SourceTable& source, std::size_t text_column, int min_characters,
                                   const std::string& name) {
  if (min_characters <= 0) return {};
  const TextColumn texts = document_texts(source.table.columns[text_column]);
  std::vector<std::int64_t> rows;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (n_characters(texts[row]) >= min_characters) rows.push_back(narrow<std::int64_t>(row));
  }
  if (rows.empty()) {
    return input_error(ErrorCode::invalid_argument, name,
                       "none of the " + std::to_string(texts.size()) + " texts has " +
                           std::to_string(min_characters) + " characters (--min-characters)");
  }
  if (rows.size() < texts.size()) keep_rows(source, rows);
  return {};
}

}  // namespace topograph

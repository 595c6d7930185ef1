#include "io/document_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace topograph {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view text) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code != std::errc::invalid_argument && end == text.data() + text.size();
}

/// Digits with the separators of dates and times, such as 2019-05-30 or 30.5.2019T18:54:25Z.
bool is_date(std::string_view text) {
  const auto is_date_character = [](char c) {
    return is_digit(c) || std::string_view("-/.:+TZ ").find(c) != std::string_view::npos;
  };
  return is_digit(text[0]) && std::ranges::all_of(text, is_date_character);
}

/// True when some value reads like language rather than a number, date or flag.
bool holds_language(const TextColumn& texts) {
  constexpr std::array flags{"true", "false", "True", "False", "TRUE", "FALSE"};
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string_view text = texts[row];
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
    if (is_number(text) || is_date(text) || std::ranges::find(flags, text) != flags.end()) continue;
    return true;
  }
  return false;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

/// The column whose name is at most two edits away, if any.
std::optional<std::string> similar_name(const ColumnTable& table, std::string_view wanted) {
  std::optional<std::string> best;
  std::size_t best_distance = 3;
  for (const Column& column : table.columns) {
    const std::size_t distance = edit_distance(column.name, wanted);
    if (distance >= best_distance || distance >= std::max<std::size_t>(wanted.size(), 1)) continue;
    best = column.name;
    best_distance = distance;
  }
  return best;
}

Result<std::optional<std::size_t>> find_named(const ColumnTable& table,
                                              const std::optional<std::string>& wanted,
                                              const std::string& name, std::string_view role) {
  if (!wanted) return std::optional<std::size_t>();
  const std::optional<std::size_t> found = table.find(*wanted);
  if (found) return found;
  const std::optional<std::string> similar = similar_name(table, *wanted);
  return input_error(ErrorCode::invalid_argument, name,
                     fmt::format("expected a column `{}` (--{}), found the columns {}", *wanted,
                                 role, column_list(table)),
                     similar ? fmt::format("did you mean `{}`?", *similar) : "");
}

Result<std::size_t> find_text_column(const ColumnTable& table, const ReadOptions& options,
                                     const std::string& name) {
  TG_TRY(const auto named, find_named(table, options.text, name, "text"));
  if (named) return *named;
  if (const auto usual = table.find("text")) return *usual;
  std::vector<std::size_t> texts;
  std::vector<std::size_t> language;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const auto* values = std::get_if<TextColumn>(&table.columns[c].values);
    if (values == nullptr) continue;
    texts.push_back(c);
    if (holds_language(*values)) language.push_back(c);
  }
  if (texts.size() == 1) return texts[0];
  if (language.size() == 1) return language[0];
  return input_error(ErrorCode::invalid_argument, name,
                     fmt::format("expected a column `text` or a single column of text, found the "
                                 "columns {}",
                                 column_list(table)),
                     "name the column that holds the documents with --text");
}

TextColumn document_texts(const Column& column) {
  if (const auto* texts = std::get_if<TextColumn>(&column.values)) return *texts;
  TextColumn texts;
  for (std::size_t row = 0; row < column.size(); ++row) texts.push_back(cell_text(column, row));
  return texts;
}

}  // namespace

Result<DocumentTable> assign_columns(SourceTable source, const ReadOptions& options,
                                     const std::string& name) {
  const ColumnTable& table = source.table;
  if (table.n_rows() == 0) {
    return input_error(
        ErrorCode::parse, name, "expected at least one document, found none",
        table.columns.empty() ? "the input is empty" : "the input has columns but no rows");
  }
  DocumentTable documents;
  TG_TRY(documents.text_column, find_text_column(table, options, name));
  TG_TRY(documents.id_column, find_named(table, options.id, name, "id"));
  TG_TRY(documents.label_column, find_named(table, options.label, name, "label"));
  TG_TRY(documents.time_column, find_named(table, options.time, name, "time"));
  TG_TRY(documents.class_column, find_named(table, options.class_, name, "class"));
  TG_TRY(documents.title_column, find_named(table, options.title, name, "title"));
  documents.text = document_texts(table.columns[documents.text_column]);
  documents.n_invalid_utf8 = static_cast<std::int64_t>(source.invalid_rows.size());
  documents.columns = std::move(source.table);
  return documents;
}

}  // namespace topograph

#include "io/document_columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "io/choose_rows.hpp"

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

}  // namespace

TextColumnChoice::Kind TextColumnChoice::kind_of(const Column& column) {
  if (std::holds_alternative<TextColumn>(column.values)) return Kind::text;
  if (std::holds_alternative<std::vector<Timestamp>>(column.values)) return Kind::time;
  const bool is_flag = std::holds_alternative<std::vector<std::uint8_t>>(column.values);
  return is_flag ? Kind::boolean : Kind::number;
}

void TextColumnChoice::add(const ColumnTable& table) {
  for (const Column& column : table.columns) {
    const std::size_t at = columns_.find(column.name).value_or(columns_.columns.size());
    if (at == columns_.columns.size()) {
      columns_.columns.push_back({.name = column.name});
      candidates_.emplace_back();
    }
    Candidate& candidate = candidates_[at];
    const Kind kind = kind_of(column);
    const bool has_values = !is_all_missing(column);
    if (!candidate.has_values) candidate.kind = kind;
    // Values of different kinds are joined as text.
    if (candidate.has_values && has_values && kind != candidate.kind) candidate.kind = Kind::text;
    candidate.has_values |= has_values;
    const auto* texts = std::get_if<TextColumn>(&column.values);
    if (texts != nullptr && !candidate.holds_language) {
      candidate.holds_language = holds_language(*texts);
    }
  }
}

bool TextColumnChoice::is_made(bool has_all_columns) const {
  if (columns_.find(wanted_.value_or("text"))) return true;
  return has_all_columns &&
         (wanted_ || (candidates_.size() == 1 && candidates_[0].kind == Kind::text));
}

Result<std::string> TextColumnChoice::column(const std::string& name) const {
  TG_TRY(const auto named, find_named(columns_, wanted_, name, "text"));
  if (named) return *wanted_;
  if (columns_.find("text")) return "text";
  std::vector<std::size_t> texts;
  std::vector<std::size_t> language;
  for (std::size_t c = 0; c < candidates_.size(); ++c) {
    if (candidates_[c].kind != Kind::text) continue;
    texts.push_back(c);
    if (candidates_[c].holds_language) language.push_back(c);
  }
  if (texts.size() == 1) return columns_.columns[texts[0]].name;
  if (language.size() == 1) return columns_.columns[language[0]].name;
  return input_error(ErrorCode::invalid_argument, name,
                     fmt::format("expected a column `text` or a single column of text, found the "
                                 "columns {}",
                                 column_list(columns_)),
                     "name the column that holds the documents with --text");
}

std::unexpected<Error> no_documents(const std::string& name, bool has_columns) {
  return input_error(ErrorCode::parse, name, "expected at least one document, found none",
                     has_columns ? "the input has columns but no rows" : "the input is empty");
}

TextColumn document_texts(const Column& column) {
  if (const auto* texts = std::get_if<TextColumn>(&column.values)) return *texts;
  TextColumn texts;
  for (std::size_t row = 0; row < column.size(); ++row) texts.push_back(cell_text(column, row));
  return texts;
}

Result<DocumentTable> assign_columns(SourceTable source, const ReadOptions& options,
                                     const std::string& name) {
  const ColumnTable& table = source.table;
  if (table.n_rows() == 0) return no_documents(name, !table.columns.empty());
  TextColumnChoice choice(options);
  choice.add(table);
  TG_TRY(const std::string text, choice.column(name));
  DocumentTable documents;
  documents.text_column = *table.find(text);
  TG_TRY(leave_out_short_texts(source, documents.text_column, options.min_characters, name));
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

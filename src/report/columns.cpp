#include "topograph/report/columns.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/topics/time_slices.hpp"

namespace topograph {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_values = 1000;       // A legend with more cannot be read.
constexpr std::size_t longest_value = 80;       // Bytes; longer ones are sentences.
constexpr std::size_t most_whole_numbers = 12;  // Fewer different ones are codes, not amounts.
constexpr double max_year = 2200;
constexpr double min_year = 1400;

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

/// Milliseconds since 1970, of a text that has at least a year and a month with "-" between: a
/// plain year may be any number, 2020.05 a version.
std::optional<double> parse_moment(std::string_view text) {
  if (text.size() < 7 || text[4] != '-') return std::nullopt;
  const auto time = parse_time(text, {});
  return time ? std::optional(std::floor(static_cast<double>(time->microseconds) / 1000))
              : std::nullopt;
}

bool is_link(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

/// The cells as numbers if every one that is not empty can be read, and one is.
template <class Parse>
std::optional<std::vector<double>> all_as_numbers(const TextColumn& cells, Parse&& parse) {
  std::vector<double> numbers(cells.size(), missing);
  bool is_any = false;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    const std::optional<double> value = parse(cells[i]);
    if (!value) return std::nullopt;
    numbers[i] = *value;
    is_any = true;
  }
  if (!is_any) return std::nullopt;
  return numbers;
}

std::size_t count_different(std::vector<double> numbers) {
  std::erase_if(numbers, [](double value) { return std::isnan(value); });
  std::ranges::sort(numbers);
  const auto repeated = std::ranges::unique(numbers);
  return numbers.size() - repeated.size();
}

bool are_whole(const std::vector<double>& numbers) {
  return std::ranges::all_of(
      numbers, [](double value) { return std::isnan(value) || value == std::floor(value); });
}

/// Years as whole numbers become the first moment of the year.
bool turn_years_into_times(std::vector<double>& numbers) {
  const bool are_years = are_whole(numbers) && std::ranges::all_of(numbers, [](double value) {
                           return std::isnan(value) || (value >= min_year && value <= max_year);
                         });
  if (!are_years) return false;
  for (double& value : numbers) {
    if (std::isnan(value)) continue;
    char text[16] = {};
    const auto end = std::to_chars(text, text + 5, static_cast<int>(value)).ptr;
    std::copy_n("-01", 3, end);
    value = parse_moment({text, static_cast<std::size_t>(end - text) + 3}).value_or(missing);
  }
  return true;
}

/// Codes in order of frequency; false when there are too many or too long values.
bool encode_categories(const TextColumn& cells, ReportColumn& out) {
  std::map<std::string_view, std::int64_t> counts;
  std::size_t n_present = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    if (cells[i].size() > longest_value) return false;
    ++n_present;
    ++counts[cells[i]];
    if (counts.size() > most_values) return false;
  }
  // Nearly as many values as rows: names, not classes.
  if (counts.empty() || (counts.size() > 20 && 3 * counts.size() > n_present)) return false;
  std::vector<std::pair<std::string_view, std::int64_t>> order(counts.begin(), counts.end());
  std::ranges::stable_sort(order, [](const auto& a, const auto& b) { return a.second > b.second; });
  std::map<std::string_view, std::int32_t> codes;
  for (const auto& [value, count] : order) {
    codes.emplace(value, narrow<std::int32_t>(out.values.size()));
    out.values.emplace_back(value);
  }
  out.codes.assign(cells.size(), -1);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i].empty()) out.codes[i] = codes.at(cells[i]);
  }
  out.kind = ColumnKind::category;
  return true;
}

TextColumn cells_of(const Column& column) {
  TextColumn cells;
  for (std::size_t i = 0; i < column.size(); ++i) {
    const std::string text = cell_text(column, i);
    cells.push_back(text == "nan" || text == "inf" || text == "-inf" ? std::string_view() : text);
  }
  return cells;
}

void take_numbers(std::vector<double> numbers, ColumnKind kind, ReportColumn& out) {
  out.kind = kind;
  out.numbers = std::move(numbers);
}

void read_texts(TextColumn cells, ReportColumn& out) {
  if (auto times = all_as_numbers(cells, parse_moment)) {
    return take_numbers(std::move(*times), ColumnKind::time, out);
  }
  if (auto numbers = all_as_numbers(cells, parse_number); numbers && out.role.empty()) {
    if (!are_whole(*numbers) || count_different(*numbers) > most_whole_numbers) {
      return take_numbers(std::move(*numbers), ColumnKind::number, out);
    }
  } else if (numbers && out.role == "time" && turn_years_into_times(*numbers)) {
    return take_numbers(std::move(*numbers), ColumnKind::time, out);
  }
  bool is_any = false;
  bool are_links = true;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    is_any = is_any || !cells[i].empty();
    are_links = are_links && (cells[i].empty() || is_link(cells[i]));
  }
  if (!is_any) return;
  if (are_links) {
    out.kind = ColumnKind::link;
  } else if (out.role != "id" && encode_categories(cells, out)) {
    return;
  } else {
    out.kind = ColumnKind::text;
  }
  out.texts = std::move(cells);
}

}  // namespace

std::string_view to_string(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::category: return "category";
    case ColumnKind::number: return "number";
    case ColumnKind::time: return "time";
    case ColumnKind::link: return "link";
    case ColumnKind::text: return "text";
  }
  return "text";
}

std::vector<ReportColumn> report_columns(const ColumnTable& table, const ColumnRoles& roles) {
  std::vector<ReportColumn> out;
  for (const Column& column : table.columns) {
    if (std::ranges::find(roles.left_out, column.name) != roles.left_out.end()) continue;
    ReportColumn made{.name = column.name};
    if (column.name == roles.label) made.role = "label";
    if (column.name == roles.class_name) made.role = "class";
    if (column.name == roles.time) made.role = "time";
    if (column.name == roles.id) made.role = "id";
    read_texts(cells_of(column), made);
    const bool has_values = !made.codes.empty() || !made.numbers.empty() || !made.texts.empty();
    if (has_values) out.push_back(std::move(made));
  }
  return out;
}

}  // namespace topograph

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "io/display_width.hpp"
#include "io/table_rows.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGap = 2;            ///< Spaces between two columns.
constexpr std::size_t kNarrowestText = 4;  ///< Text columns are not cut below this.

struct PrintedColumn {
  std::vector<std::string> cells = {};  ///< The name first.
  std::vector<std::size_t> widths = {};
  std::size_t width = 0;
  bool is_text = false;
};

/// Numbers are shown with four digits, as people read them; files and pipes get all of them.
std::string shown(const Column& column, std::size_t row) {
  double value = std::numeric_limits<double>::quiet_NaN();
  if (const auto* floats = std::get_if<std::vector<float>>(&column.values)) {
    value = static_cast<double>((*floats)[row]);
  } else if (const auto* doubles = std::get_if<std::vector<double>>(&column.values)) {
    value = (*doubles)[row];
  }
  if (!column.is_valid(row) || !std::isfinite(value)) return cell_text(column, row);
  return std::abs(value) < 1000 ? fmt::format("{:.4g}", value) : fmt::format("{:.1f}", value);
}

PrintedColumn printed(const Column& column, std::size_t n_rows) {
  PrintedColumn out;
  out.is_text = std::holds_alternative<TextColumn>(column.values);
  out.cells.push_back(single_line(column.name));
  for (std::size_t row = 0; row < n_rows; ++row) {
    out.cells.push_back(single_line(shown(column, row)));
  }
  for (const std::string& cell : out.cells) {
    out.widths.push_back(display_width(cell));
    out.width = std::max(out.width, out.widths.back());
  }
  return out;
}

std::size_t total_width(const std::vector<PrintedColumn>& columns) {
  std::size_t total = kGap * (columns.size() - 1);
  for (const PrintedColumn& column : columns) total += column.width;
  return total;
}

/// Narrows the widest text column, one step at a time, until the table fits.
void fit(std::vector<PrintedColumn>& columns, std::size_t limit) {
  for (PrintedColumn& column : columns) {
    if (column.is_text) column.width = std::min(column.width, std::max(limit, kNarrowestText));
  }
  for (std::size_t total = total_width(columns); total > limit; --total) {
    PrintedColumn* widest = nullptr;
    for (PrintedColumn& column : columns) {
      if (!column.is_text || column.width <= kNarrowestText) continue;
      if (widest == nullptr || column.width > widest->width) widest = &column;
    }
    if (widest == nullptr) return;
    --widest->width;
  }
}

void print_row(std::ostream& out, const std::vector<PrintedColumn>& columns, std::size_t row) {
  std::string line;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const PrintedColumn& column = columns[c];
    if (c > 0) line.append(kGap, ' ');
    const bool is_cut = column.widths[row] > column.width;
    const std::string cell =
        is_cut ? cut_to_width(column.cells[row], column.width) : column.cells[row];
    const std::size_t cell_width = is_cut ? display_width(cell) : column.widths[row];
    const std::size_t padding = column.width - std::min(cell_width, column.width);
    if (!column.is_text) line.append(padding, ' ');
    line += cell;
    if (column.is_text && c + 1 < columns.size()) line.append(padding, ' ');
  }
  out << line << '\n';
}

void print_aligned(std::ostream& out, const ColumnTable& table, int width) {
  std::vector<PrintedColumn> columns;
  for (const Column& column : table.columns) columns.push_back(printed(column, table.n_rows()));
  if (columns.empty()) return;
  if (width > 0) fit(columns, static_cast<std::size_t>(width));
  print_row(out, columns, 0);
  std::string rule;
  for (std::size_t i = 0; i < total_width(columns); ++i) rule += "─";
  out << rule << '\n';
  for (std::size_t row = 1; row <= table.n_rows(); ++row) print_row(out, columns, row);
}

}  // namespace

void print_table(std::ostream& out, const ColumnTable& table, TableFormat format, int width) {
  if (format == TableFormat::table) return print_aligned(out, table, width);
  std::string text;
  if (format == TableFormat::csv) append_delimited_header(text, table, ',');
  if (format == TableFormat::json) text += "[";
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    if (format == TableFormat::csv) {
      append_delimited_row(text, table, row, ',');
    } else {
      text += row == 0 ? "\n" : ",\n";
      append_json_row(text, table, row);
    }
    out << text;
    text.clear();
  }
  if (format == TableFormat::json) text += table.n_rows() == 0 ? "]\n" : "\n]\n";
  out << text;
}

}  // namespace topograph

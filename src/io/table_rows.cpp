#include "io/table_rows.hpp"

#include <cmath>
#include <type_traits>

#include "io/json_string.hpp"

namespace topograph {
namespace {

void append_field(std::string& out, std::string_view field, char delimiter, bool is_only) {
  const char special[] = {delimiter, '"', '\n', '\r'};
  const bool has_special =
      field.find_first_of(std::string_view(special, sizeof(special))) != std::string_view::npos;
  // A row of one empty field would be an empty line, which readers may skip.
  if (!has_special && !(is_only && field.empty())) {
    out.append(field);
    return;
  }
  out += '"';
  for (const char c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_json_value(std::string& out, const Column& column, std::size_t row) {
  if (!column.is_valid(row)) {
    out += "null";
    return;
  }
  std::visit(
      [&](const auto& values) {
        using V = std::remove_cvref_t<decltype(values)>;
        if constexpr (std::is_same_v<V, TextColumn>) {
          append_json_string(out, values[row]);
        } else if constexpr (std::is_same_v<V, std::vector<Timestamp>>) {
          append_json_string(out, cell_text(column, row));
        } else if constexpr (std::is_floating_point_v<typename V::value_type>) {
          out += std::isfinite(values[row]) ? cell_text(column, row) : "null";
        } else {
          out += cell_text(column, row);
        }
      },
      column.values);
}

}  // namespace

void append_delimited_header(std::string& out, const ColumnTable& table, char delimiter) {
  const bool is_only = table.columns.size() == 1;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (c > 0) out += delimiter;
    append_field(out, table.columns[c].name, delimiter, is_only);
  }
  out += '\n';
}

void append_delimited_row(std::string& out, const ColumnTable& table, std::size_t row,
                          char delimiter) {
  const bool is_only = table.columns.size() == 1;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (c > 0) out += delimiter;
    const Column& column = table.columns[c];
    if (const auto* texts = std::get_if<TextColumn>(&column.values)) {
      append_field(out, column.is_valid(row) ? (*texts)[row] : "", delimiter, is_only);
    } else {
      append_field(out, cell_text(column, row), delimiter, is_only);
    }
  }
  out += '\n';
}

void append_json_row(std::string& out, const ColumnTable& table, std::size_t row) {
  out += '{';
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (c > 0) out += ", ";
    append_json_string(out, table.columns[c].name);
    out += ": ";
    append_json_value(out, table.columns[c], row);
  }
  out += '}';
}

}  // namespace topograph

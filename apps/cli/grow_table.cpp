#include "grow_table.hpp"

#include <numeric>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "topograph/core/narrow.hpp"

namespace topograph::cli {
namespace {

std::vector<std::uint8_t> validity(const Column& column) {
  return column.valid.empty() ? std::vector<std::uint8_t>(column.size(), 1) : column.valid;
}

void drop_full_validity(Column& column) {
  for (const std::uint8_t valid : column.valid) {
    if (valid == 0) return;
  }
  column.valid.clear();
}

void make_text(Column& column) {
  if (std::holds_alternative<TextColumn>(column.values)) return;
  TextColumn texts;
  for (std::size_t i = 0; i < column.size(); ++i) texts.push_back(cell_text(column, i));
  column.values = std::move(texts);
}

/// n missing cells of the type of `like`.
Column missing_cells(const Column& like, std::size_t n) {
  Column column{like.name, like.values, std::vector<std::uint8_t>(n, 0)};
  std::visit(
      [n](auto& values) {
        using Values = std::decay_t<decltype(values)>;
        values = Values();
        if constexpr (std::is_same_v<Values, TextColumn>) {
          for (std::size_t i = 0; i < n; ++i) values.push_back("");
        } else {
          values.resize(n);
        }
      },
      column.values);
  return column;
}

void append(Column& column, Column more) {
  if (column.values.index() != more.values.index()) {
    make_text(column);
    make_text(more);
  }
  std::vector<std::uint8_t> valid = validity(column);
  const std::vector<std::uint8_t> more_valid = validity(more);
  valid.insert(valid.end(), more_valid.begin(), more_valid.end());
  std::visit(
      [&](auto& values) {
        using Values = std::decay_t<decltype(values)>;
        const auto& others = std::get<Values>(more.values);
        if constexpr (std::is_same_v<Values, TextColumn>) {
          for (std::size_t i = 0; i < others.size(); ++i) values.push_back(others[i]);
        } else {
          values.insert(values.end(), others.begin(), others.end());
        }
      },
      column.values);
  column.valid = std::move(valid);
  drop_full_validity(column);
}

}  // namespace

void grow_table(DocumentColumns& documents, DocumentColumns batch, bool has_ids) {
  ColumnTable& table = documents.table;
  const std::size_t n_old = table.n_rows();
  const std::size_t n_new = batch.table.n_rows();
  std::vector<std::int64_t> rows(n_new);
  std::iota(rows.begin(), rows.end(), narrow<std::int64_t>(n_old));
  for (Column& column : batch.table.columns) {
    if (column.name == "row" || (column.name == "id" && !has_ids)) column.values = rows;
  }
  if (batch.text_name != documents.text_name) {
    // Another column of the model's name would be read as the text.
    if (const auto taken = batch.table.find(documents.text_name)) {
      batch.table.columns[*taken].name = "input_" + documents.text_name;
    }
    batch.table.columns[*batch.table.find(batch.text_name)].name = documents.text_name;
  }
  for (Column& column : table.columns) {
    const auto found = batch.table.find(column.name);
    append(column, found ? std::move(batch.table.columns[*found]) : missing_cells(column, n_new));
    if (found)
      batch.table.columns.erase(batch.table.columns.begin() + narrow<std::ptrdiff_t>(*found));
  }
  for (Column& column : batch.table.columns) {
    Column whole = missing_cells(column, n_old);
    append(whole, std::move(column));
    table.columns.push_back(std::move(whole));
  }
}

}  // namespace topograph::cli

#include "stacked_tables.hpp"

#include <algorithm>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "document_columns.hpp"

namespace topograph::cli {
namespace {

/// `n` values that say nothing, of the type of `like`.
ColumnValues blanks(const ColumnValues& like, std::size_t n) {
  return std::visit(
      [n](const auto& values) -> ColumnValues {
        using Values = std::remove_cvref_t<decltype(values)>;
        if constexpr (std::is_same_v<Values, TextColumn>) {
          TextColumn texts;
          for (std::size_t i = 0; i < n; ++i) texts.push_back("");
          return texts;
        } else {
          return Values(n);
        }
      },
      like);
}

void append(ColumnValues& all, const ColumnValues& more) {
  std::visit(
      [&](auto& values) {
        using Values = std::remove_cvref_t<decltype(values)>;
        const auto& others = std::get<Values>(more);
        if constexpr (std::is_same_v<Values, TextColumn>) {
          for (std::size_t i = 0; i < others.size(); ++i) values.push_back(others[i]);
        } else {
          values.insert(values.end(), others.begin(), others.end());
        }
      },
      all);
}

Column stacked_column(const std::string& name, const std::vector<const ColumnTable*>& tables) {
  const Column* first = nullptr;
  bool is_mixed = false;
  for (const ColumnTable* table : tables) {
    const auto found = table->find(name);
    if (!found) continue;
    const Column& column = table->columns[*found];
    is_mixed = is_mixed || (first != nullptr && column.values.index() != first->values.index());
    if (first == nullptr) first = &column;
  }
  Column out{name, is_mixed ? ColumnValues(TextColumn()) : blanks(first->values, 0), {}};
  for (const ColumnTable* table : tables) {
    const auto found = table->find(name);
    const std::size_t n = table->n_rows();
    const Column* column = found ? &table->columns[*found] : nullptr;
    if (column == nullptr) {
      append(out.values, blanks(out.values, n));
    } else {
      append(out.values, is_mixed ? ColumnValues(text_of(*column)) : column->values);
    }
    for (std::size_t row = 0; row < n; ++row) {
      out.valid.push_back(column != nullptr && column->is_valid(row) ? 1 : 0);
    }
  }
  if (std::ranges::find(out.valid, 0) == out.valid.end()) out.valid.clear();
  return out;
}

}  // namespace

ColumnTable stacked_tables(const std::vector<const ColumnTable*>& tables) {
  ColumnTable all;
  for (const ColumnTable* table : tables) {
    for (const Column& column : table->columns) {
      if (!all.find(column.name)) all.columns.push_back(stacked_column(column.name, tables));
    }
  }
  return all;
}

}  // namespace topograph::cli

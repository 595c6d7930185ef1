#include "io/source_table.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <utility>
#include <variant>

#include "io/utf8_text.hpp"

namespace topograph {
namespace {

template <class T>
constexpr bool is_number = std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int64_t> ||
                           std::is_same_v<T, float> || std::is_same_v<T, double>;

template <class T>
bool holds(const Column& column) {
  return std::holds_alternative<std::vector<T>>(column.values);
}

bool holds_number(const Column& column) {
  return std::visit(
      [](const auto& values) {
        if constexpr (requires { values.data(); }) {
          return is_number<typename std::remove_cvref_t<decltype(values)>::value_type>;
        } else {
          return false;
        }
      },
      column.values);
}

template <class T>
void convert_numbers(Column& column) {
  std::vector<T> wide;
  wide.reserve(column.size());
  std::visit(
      [&](const auto& values) {
        if constexpr (requires { values.data(); }) {
          using V = typename std::remove_cvref_t<decltype(values)>::value_type;
          if constexpr (is_number<V>) {
            for (const V value : values) wide.push_back(static_cast<T>(value));
          }
        }
      },
      column.values);
  column.values = std::move(wide);
}

void convert_to_text(Column& column) {
  if (std::holds_alternative<TextColumn>(column.values)) return;
  TextColumn text;
  for (std::size_t row = 0; row < column.size(); ++row) text.push_back(cell_text(column, row));
  column.values = std::move(text);
}

/// A column of missing values takes any type.
void become_missing_like(Column& column, const Column& model) {
  const std::size_t n = column.size();
  std::visit(
      [&](const auto& values) {
        std::remove_cvref_t<decltype(values)> blank;
        if constexpr (requires { blank.resize(n); }) {
          blank.resize(n);
        } else {
          for (std::size_t i = 0; i < n; ++i) blank.push_back({});
        }
        column.values = std::move(blank);
      },
      model.values);
}

void unify_types(Column& a, Column& b) {
  if (a.values.index() == b.values.index()) return;
  if (is_all_missing(a)) return become_missing_like(a, b);
  if (is_all_missing(b)) return become_missing_like(b, a);
  if (holds_number(a) && holds_number(b)) {
    const bool whole = (holds<std::int32_t>(a) || holds<std::int64_t>(a)) &&
                       (holds<std::int32_t>(b) || holds<std::int64_t>(b));
    for (Column* column : {&a, &b}) {
      whole ? convert_numbers<std::int64_t>(*column) : convert_numbers<double>(*column);
    }
    return;
  }
  convert_to_text(a);
  convert_to_text(b);
}

void append_column(Column& base, Column&& more) {
  unify_types(base, more);
  const std::size_t n_base = base.size();
  const std::size_t n_more = more.size();
  if (!base.valid.empty() || !more.valid.empty()) {
    base.valid.resize(n_base, 1);
    for (std::size_t row = 0; row < n_more; ++row) base.valid.push_back(more.is_valid(row) ? 1 : 0);
  }
  std::visit(
      [&](auto& values) {
        const auto& extra = std::get<std::remove_cvref_t<decltype(values)>>(more.values);
        if constexpr (requires { values.insert(values.end(), extra.begin(), extra.end()); }) {
          values.insert(values.end(), extra.begin(), extra.end());
        } else {
          for (std::size_t row = 0; row < n_more; ++row) values.push_back(extra[row]);
        }
      },
      base.values);
  more = Column{};
}

}  // namespace

bool push_utf8(TextColumn& column, std::string_view bytes) {
  if (find_invalid_utf8(bytes) == std::string_view::npos) {
    column.push_back(bytes);
    return false;
  }
  column.push_back(replace_invalid_utf8(bytes));
  return true;
}

std::unexpected<Error> invalid_utf8_error(std::string where, std::string_view bytes) {
  const std::size_t bad = find_invalid_utf8(bytes);
  return input_error(ErrorCode::parse, std::move(where),
                     fmt::format("expected UTF-8, found the byte 0x{:02X}",
                                 static_cast<unsigned>(static_cast<unsigned char>(bytes[bad]))),
                     "convert the file to UTF-8, or leave out --strict to replace such bytes");
}

bool is_all_missing(const Column& column) {
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row)) return false;
  }
  return true;
}

std::string column_list(const ColumnTable& table) {
  std::string list;
  for (const Column& column : table.columns) {
    list += fmt::format("{}`{}`", list.empty() ? "" : ", ", column.name);
  }
  return list;
}

Result<void> check_same_columns(const ColumnTable& base, const std::string& base_name,
                                const ColumnTable& more, const std::string& more_name) {
  bool same = base.columns.size() == more.columns.size();
  for (const Column& column : base.columns) same = same && more.find(column.name).has_value();
  if (same) return {};
  return input_error(ErrorCode::invalid_argument, more_name,
                     fmt::format("expected the columns of {} ({}), found {}", base_name,
                                 column_list(base), column_list(more)),
                     "inputs read together must have the same columns");
}

Result<void> append_rows(SourceTable& base, const std::string& base_name, SourceTable&& more,
                         const std::string& more_name) {
  TG_TRY(check_same_columns(base.table, base_name, more.table, more_name));
  const auto n_base = static_cast<std::int64_t>(base.table.n_rows());
  for (const std::int64_t row : more.invalid_rows) base.invalid_rows.push_back(n_base + row);
  for (Column& column : base.table.columns) {
    append_column(column, std::move(more.table.columns[*more.table.find(column.name)]));
  }
  return {};
}

}  // namespace topograph

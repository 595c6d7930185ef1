#include "report/page_columns.hpp"

#include <cstdint>
#include <vector>

#include "report/page_texts.hpp"

namespace topograph::detail {
namespace {

std::vector<double> taken(std::span<const double> values, std::span<const std::size_t> rows) {
  std::vector<double> out;
  out.reserve(rows.size());
  for (const std::size_t row : rows) out.push_back(values[row]);
  return out;
}

}  // namespace

Result<std::string> add_columns(ArrayBlob& arrays, ArrayBlob& texts,
                                std::span<const ReportColumn> columns,
                                std::span<const std::size_t> rows,
                                std::span<const std::size_t> text_rows, RunContext& run) {
  std::string json;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const ReportColumn& column = columns[k];
    const std::string name = fmt::format("column{}", k);
    std::string values;
    if (column.kind == ColumnKind::category) {
      std::vector<std::int32_t> codes;
      for (const std::size_t row : rows) codes.push_back(column.codes[row]);
      arrays.add_codes(name, codes, column.values.size());
      for (const std::string& value : column.values) {
        values += values.empty() ? "" : ",";
        values += script_json_text(excerpt(value, max_name_chars));
      }
    } else if (column.kind == ColumnKind::time) {
      arrays.add(name, taken(column.numbers, rows));
    } else if (column.kind == ColumnKind::number) {
      const std::vector<double> numbers = taken(column.numbers, rows);
      arrays.add(name, std::vector<float>(numbers.begin(), numbers.end()));
    } else {
      TG_TRY(add_texts(texts, name, column.texts, text_rows, max_cell_chars, run));
    }
    json += fmt::format("{}{{\"name\":{},\"role\":{},\"kind\":\"{}\",\"values\":[{}]}}",
                        k == 0 ? "" : ",", script_json_text(excerpt(column.name, max_name_chars)),
                        script_json_text(column.role), to_string(column.kind), values);
  }
  return "[" + json + "]";
}

}  // namespace topograph::detail

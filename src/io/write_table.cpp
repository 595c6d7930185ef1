#include <fmt/format.h>

#include <string>

#include "io/table_rows.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph {
namespace {

constexpr std::size_t kFlushBytes = std::size_t{1} << 20U;

enum class RowFormat : std::uint8_t { csv, tsv, jsonl };

Result<void> write_rows(const std::filesystem::path& path, const ColumnTable& table,
                        RowFormat format) {
  TG_TRY(auto file, AtomicFile::create(path));
  const char delimiter = format == RowFormat::tsv ? '\t' : ',';
  std::string buffer;
  if (format != RowFormat::jsonl) append_delimited_header(buffer, table, delimiter);
  for (std::size_t row = 0; row < table.n_rows(); ++row) {
    if (format == RowFormat::jsonl) {
      append_json_row(buffer, table, row);
      buffer += '\n';
    } else {
      append_delimited_row(buffer, table, row, delimiter);
    }
    if (buffer.size() < kFlushBytes) continue;
    TG_TRY(file.write(std::string_view(buffer)));
    buffer.clear();
  }
  TG_TRY(file.write(std::string_view(buffer)));
  return file.commit();
}

}  // namespace

Result<void> write_table(const std::filesystem::path& path, const ColumnTable& table) {
  for (const Column& column : table.columns) TG_EXPECTS(column.size() == table.n_rows());
  const std::string extension = path.extension().string();
  if (extension == ".parquet") return write_parquet(path, table);
  if (extension == ".csv") return write_rows(path, table, RowFormat::csv);
  if (extension == ".tsv") return write_rows(path, table, RowFormat::tsv);
  if (extension == ".jsonl") return write_rows(path, table, RowFormat::jsonl);
  return option_error(path.string(),
                      extension.empty() ? "expected a file name with an extension, found none"
                                        : fmt::format("cannot write `{}` files", extension),
                      "write a .parquet, .csv, .tsv or .jsonl file");
}

}  // namespace topograph

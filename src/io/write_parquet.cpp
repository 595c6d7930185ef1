#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "io/arrow_columns.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowsPerGroup = std::size_t{1} << 17U;

/// Hands Arrow's writes to an AtomicFile and remembers its own error.
class AtomicFileStream : public arrow::io::OutputStream {
 public:
  explicit AtomicFileStream(AtomicFile& file) : file_(file) {}

  arrow::Status Write(const void* data, std::int64_t n_bytes) override {
    auto written = file_.write(
        std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(n_bytes)));
    if (!written) {
      failure_ = std::move(written).error();
      return arrow::Status::IOError(failure_->message);
    }
    position_ += n_bytes;
    return arrow::Status::OK();
  }
  using arrow::io::OutputStream::Write;
  [[nodiscard]] arrow::Result<std::int64_t> Tell() const override { return position_; }
  arrow::Status Close() override {
    is_closed_ = true;
    return arrow::Status::OK();
  }
  [[nodiscard]] bool closed() const override { return is_closed_; }
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  AtomicFile& file_;
  std::int64_t position_ = 0;
  bool is_closed_ = false;
  std::optional<Error> failure_ = {};
};

std::shared_ptr<arrow::Schema> schema_of(const ColumnTable& table) {
  arrow::FieldVector fields;
  for (const Column& column : table.columns) {
    const bool is_nullable = !column.valid.empty();
    fields.push_back(arrow::field(column.name, to_arrow(column, 0, 0)->type(), is_nullable));
  }
  return arrow::schema(std::move(fields));
}

arrow::Status write_groups(const ColumnTable& table, const std::shared_ptr<AtomicFileStream>& out) {
  const auto properties = parquet::WriterProperties::Builder()
                              .compression(parquet::Compression::ZSTD)
                              ->created_by("topograph")
                              ->build();
  const std::shared_ptr<arrow::Schema> schema = schema_of(table);
  ARROW_ASSIGN_OR_RAISE(auto writer, parquet::arrow::FileWriter::Open(
                                         *schema, arrow::default_memory_pool(), out, properties));
  const std::size_t n = table.n_rows();
  for (std::size_t begin = 0; begin < n; begin += kRowsPerGroup) {
    const std::size_t end = std::min(begin + kRowsPerGroup, n);
    arrow::ArrayVector arrays;
    for (const Column& column : table.columns) arrays.push_back(to_arrow(column, begin, end));
    const auto n_rows = static_cast<std::int64_t>(end - begin);
    ARROW_RETURN_NOT_OK(writer->WriteTable(*arrow::Table::Make(schema, std::move(arrays), n_rows),
                                           static_cast<std::int64_t>(kRowsPerGroup)));
  }
  return writer->Close();
}

}  // namespace

Result<void> write_parquet(const std::filesystem::path& path, const ColumnTable& table) {
  for (const Column& column : table.columns) TG_EXPECTS(column.size() == table.n_rows());
  TG_TRY(auto file, AtomicFile::create(path));
  const auto out = std::make_shared<AtomicFileStream>(file);
  try {
    const arrow::Status status = write_groups(table, out);
    if (out->failure()) return std::unexpected(*out->failure());
    if (!status.ok()) return output_error(path.string(), "cannot write: " + status.message());
  } catch (const parquet::ParquetException& failure) {
    return output_error(path.string(), std::string("cannot write: ") + failure.what());
  }
  return file.commit();
}

}  // namespace topograph

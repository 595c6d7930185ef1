#include "io/read_columnar.hpp"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/io/interfaces.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/reader.h>
#include <fmt/format.h>
#include <parquet/arrow/reader.h>
#include <parquet/exception.h>

#include <filesystem>
#include <utility>

#include "io/arrow_columns.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph {
namespace {

using RandomAccess = std::shared_ptr<arrow::io::RandomAccessFile>;

std::unexpected<Error> damaged(const std::string& name, ColumnarFormat format,
                               const std::string& why) {
  // Arrow may add lines for its developers; the first one says what is wrong.
  const std::string reason = why.substr(0, why.find('\n'));
  return input_error(ErrorCode::parse, name,
                     fmt::format("not a readable {} file: {}",
                                 format == ColumnarFormat::parquet ? "Parquet" : "Feather", reason),
                     "was the file cut short, or does it hold another format?");
}

Result<RandomAccess> open_bytes(const std::string& path, const std::string& name,
                                const std::stop_token& stop) {
  if (path == "-") {
    TG_TRY(auto stream, ByteStream::open(path, name, stop));
    std::string bytes;
    while (true) {
      TG_TRY(const std::string_view piece, stream.next());
      if (piece.empty()) break;
      bytes.append(piece);
    }
    return std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(std::move(bytes)));
  }
  // Opening a ByteStream first gives the same messages for missing files as every other format.
  TG_TRY(auto probe, ByteStream::open(path, name, stop));
  auto file = arrow::io::ReadableFile::Open(path);
  if (!file.ok()) return input_error(ErrorCode::io, name, file.status().message());
  return RandomAccess(*std::move(file));
}

/// The record batches of a file, one after another.
class BatchStream {
 public:
  BatchStream() = default;
  BatchStream(const BatchStream&) = delete;
  BatchStream& operator=(const BatchStream&) = delete;
  BatchStream(BatchStream&&) = delete;
  BatchStream& operator=(BatchStream&&) = delete;
  virtual ~BatchStream() = default;
  [[nodiscard]] virtual std::shared_ptr<arrow::Schema> schema() const = 0;
  /// The next batch; null at the end.
  [[nodiscard]] virtual arrow::Result<std::shared_ptr<arrow::RecordBatch>> next() = 0;
  /// How much of the file has been read, in [0, 1].
  [[nodiscard]] virtual double share_read() const = 0;
};

class ParquetBatches final : public BatchStream {
 public:
  static arrow::Result<std::unique_ptr<BatchStream>> open(const RandomAccess& file) {
    auto stream = std::make_unique<ParquetBatches>();
    // Pages are read when they are needed: by default whole column chunks wait in memory.
    auto pages = parquet::default_reader_properties();
    pages.enable_buffered_stream();
    auto rows = parquet::default_arrow_reader_properties();
    rows.set_use_threads(false);
    rows.set_pre_buffer(false);
    rows.set_batch_size(kRowsPerBatch);
    parquet::arrow::FileReaderBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Open(file, pages));
    builder.properties(rows);
    ARROW_RETURN_NOT_OK(builder.Build(&stream->reader_));
    ARROW_ASSIGN_OR_RAISE(stream->batches_, stream->reader_->GetRecordBatchReader());
    return stream;
  }
  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override {
    return batches_->schema();
  }
  [[nodiscard]] arrow::Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    ARROW_ASSIGN_OR_RAISE(auto batch, batches_->Next());
    if (batch != nullptr) n_read_ += batch->num_rows();
    return batch;
  }
  [[nodiscard]] double share_read() const override {
    const std::int64_t n_rows = reader_->parquet_reader()->metadata()->num_rows();
    return n_rows > 0 ? static_cast<double>(n_read_) / static_cast<double>(n_rows) : 1.0;
  }

 private:
  static constexpr std::int64_t kRowsPerBatch = 8192;
  std::unique_ptr<parquet::arrow::FileReader> reader_ = {};
  std::unique_ptr<arrow::RecordBatchReader> batches_ = {};
  std::int64_t n_read_ = 0;
};

class FeatherBatches final : public BatchStream {
 public:
  static arrow::Result<std::unique_ptr<BatchStream>> open(const RandomAccess& file) {
    auto stream = std::make_unique<FeatherBatches>();
    auto options = arrow::ipc::IpcReadOptions::Defaults();
    options.use_threads = false;
    ARROW_ASSIGN_OR_RAISE(stream->reader_, arrow::ipc::RecordBatchFileReader::Open(file, options));
    return stream;
  }
  [[nodiscard]] std::shared_ptr<arrow::Schema> schema() const override { return reader_->schema(); }
  [[nodiscard]] arrow::Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    if (next_ == reader_->num_record_batches()) return nullptr;
    ARROW_ASSIGN_OR_RAISE(auto batch, reader_->ReadRecordBatch(next_++));
    // The file's own lengths and offsets are not trusted before this check.
    ARROW_RETURN_NOT_OK(batch->ValidateFull());
    return batch;
  }
  [[nodiscard]] double share_read() const override {
    const int n = reader_->num_record_batches();
    return n > 0 ? static_cast<double>(next_) / n : 1.0;
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> reader_ = {};
  int next_ = 0;
};

class ColumnarReader final : public RowReader {
 public:
  ColumnarReader(std::string name, ColumnarFormat format, bool strict, std::uint64_t bytes,
                 std::unique_ptr<BatchStream> batches)
      : name_(std::move(name)),
        format_(format),
        strict_(strict),
        bytes_(bytes),
        batches_(std::move(batches)) {}

  Result<bool> advance() override {
    try {
      if (!has_columns_) {
        has_columns_ = true;
        TG_TRY(append({}));
      }
      auto batch = batches_->next();
      if (!batch.ok()) return damaged(name_, format_, batch.status().message());
      if (*batch == nullptr) return false;
      TG_TRY(append({*batch}));
      return true;
    } catch (const parquet::ParquetException& failure) {
      return damaged(name_, format_, failure.what());
    }
  }
  SourceTable take() override {
    n_taken_ += rows_.table.n_rows();
    return std::exchange(rows_, SourceTable());
  }
  [[nodiscard]] std::uint64_t consumed_bytes() const override {
    return static_cast<std::uint64_t>(batches_->share_read() * static_cast<double>(bytes_));
  }

 private:
  Result<void> append(const arrow::RecordBatchVector& batches) {
    const auto table = arrow::Table::FromRecordBatches(batches_->schema(), batches);
    if (!table.ok()) return damaged(name_, format_, table.status().message());
    return append_arrow_table(rows_, **table, {.name = name_, .row = n_taken_}, strict_);
  }

  std::string name_;
  ColumnarFormat format_;
  bool strict_;
  std::uint64_t bytes_;
  std::unique_ptr<BatchStream> batches_;
  bool has_columns_ = false;
  SourceTable rows_ = {};
  std::size_t n_taken_ = 0;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_columnar(const std::string& path, const std::string& name,
                                                 ColumnarFormat format,
                                                 const ReadContext& context) {
  TG_TRY(const RandomAccess file, open_bytes(path, name, context.run.stop_token()));
  const auto size = file->GetSize();
  if (size.ok() && *size == 0) {
    return input_error(ErrorCode::parse, name, "the file is empty");
  }
  try {
    auto batches =
        format == ColumnarFormat::parquet ? ParquetBatches::open(file) : FeatherBatches::open(file);
    if (!batches.ok()) return damaged(name, format, batches.status().message());
    const auto bytes = size.ok() ? static_cast<std::uint64_t>(*size) : 0;
    return std::make_unique<ColumnarReader>(name, format, context.strict, bytes,
                                            *std::move(batches));
  } catch (const parquet::ParquetException& failure) {
    return damaged(name, format, failure.what());
  }
}

Result<ColumnTable> read_parquet(const std::filesystem::path& path, RunContext& run) {
  Stage stage(run, "read");
  const auto read = [&]() -> Result<SourceTable> {
    TG_TRY(const auto reader,
           open_columnar(path.string(), path.string(), ColumnarFormat::parquet, {run}));
    return read_all_rows(*reader, stage, run);
  };
  auto source = read();
  if (!source) {
    Error error = std::move(source).error();
    if (error.code != ErrorCode::cancelled) error.subject = Subject::model;
    return std::unexpected(std::move(error));
  }
  return std::move(source->table);
}

}  // namespace topograph

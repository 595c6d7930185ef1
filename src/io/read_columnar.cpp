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

Result<RandomAccess> open_bytes(const std::string& path, const std::string& name) {
  if (path == "-") {
    TG_TRY(auto stream, ByteStream::open(path, name));
    std::string bytes;
    while (true) {
      TG_TRY(const std::string_view piece, stream.next());
      if (piece.empty()) break;
      bytes.append(piece);
    }
    return std::make_shared<arrow::io::BufferReader>(arrow::Buffer::FromString(std::move(bytes)));
  }
  // Opening a ByteStream first gives the same messages for missing files as every other format.
  TG_TRY(auto probe, ByteStream::open(path, name));
  auto file = arrow::io::ReadableFile::Open(path);
  if (!file.ok()) return input_error(ErrorCode::io, name, file.status().message());
  return RandomAccess(*std::move(file));
}

Result<SourceTable> read_parquet_groups(const RandomAccess& file, const std::string& name,
                                        ReadContext& context) {
  const auto fail = [&](const arrow::Status& status) {
    return damaged(name, ColumnarFormat::parquet, status.message());
  };
  parquet::arrow::FileReaderBuilder builder;
  if (const auto status = builder.Open(file); !status.ok()) return fail(status);
  std::unique_ptr<parquet::arrow::FileReader> reader;
  if (const auto status = builder.Build(&reader); !status.ok()) return fail(status);
  reader->set_use_threads(false);
  SourceTable source;
  const int n_groups = reader->num_row_groups();
  for (int group = 0; group < n_groups; ++group) {
    if (context.run.stop_requested()) return cancelled();
    auto table = reader->ReadRowGroup(group);
    if (!table.ok()) return fail(table.status());
    TG_TRY(append_arrow_table(source, **table, name, context.strict));
  }
  if (n_groups == 0) {
    auto table = reader->ReadTable();
    if (!table.ok()) return fail(table.status());
    TG_TRY(append_arrow_table(source, **table, name, context.strict));
  }
  return source;
}

Result<SourceTable> read_feather_batches(const RandomAccess& file, const std::string& name,
                                         ReadContext& context) {
  const auto fail = [&](const arrow::Status& status) {
    return damaged(name, ColumnarFormat::feather, status.message());
  };
  auto options = arrow::ipc::IpcReadOptions::Defaults();
  options.use_threads = false;
  auto reader = arrow::ipc::RecordBatchFileReader::Open(file, options);
  if (!reader.ok()) return fail(reader.status());
  SourceTable source;
  const auto append = [&](const arrow::RecordBatchVector& batches) -> Result<void> {
    auto table = arrow::Table::FromRecordBatches((*reader)->schema(), batches);
    if (!table.ok()) return fail(table.status());
    // The file's own lengths and offsets are not trusted before this check.
    if (const auto status = (*table)->ValidateFull(); !status.ok()) return fail(status);
    return append_arrow_table(source, **table, name, context.strict);
  };
  const int n_batches = (*reader)->num_record_batches();
  for (int i = 0; i < n_batches; ++i) {
    if (context.run.stop_requested()) return cancelled();
    auto batch = (*reader)->ReadRecordBatch(i);
    if (!batch.ok()) return fail(batch.status());
    TG_TRY(append({*std::move(batch)}));
  }
  if (n_batches == 0) TG_TRY(append({}));
  return source;
}

}  // namespace

Result<SourceTable> read_columnar(const std::string& path, const std::string& name,
                                  ColumnarFormat format, ReadContext& context) {
  TG_TRY(const RandomAccess file, open_bytes(path, name));
  auto size = file->GetSize();
  if (size.ok() && *size == 0) {
    return input_error(ErrorCode::parse, name, "the file is empty");
  }
  try {
    TG_TRY(auto source, format == ColumnarFormat::parquet
                            ? read_parquet_groups(file, name, context)
                            : read_feather_batches(file, name, context));
    if (size.ok()) context.stage.advance(static_cast<std::uint64_t>(*size));
    return source;
  } catch (const parquet::ParquetException& failure) {
    return damaged(name, format, failure.what());
  }
}

Result<ColumnTable> read_parquet(const std::filesystem::path& path, RunContext& run) {
  Stage stage(run, "read");
  ReadContext context{run, stage, false};
  auto source = read_columnar(path.string(), path.string(), ColumnarFormat::parquet, context);
  if (!source) {
    Error error = std::move(source).error();
    if (error.code != ErrorCode::cancelled) error.subject = Subject::model;
    return std::unexpected(std::move(error));
  }
  return std::move(source->table);
}

}  // namespace topograph

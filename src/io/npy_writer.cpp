#include <fmt/format.h>

#include <cmath>
#include <utility>
#include <vector>

#include "io/npy_header.hpp"
#include "topograph/core/container.hpp"
#include "topograph/io/npy.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

const char* numpy_name(NpyType type) { return type == NpyType::f16 ? "<f2" : "<f4"; }

/// All values at once when the rows lie together, else row by row.
template <class Write>
Result<void> for_each_run(MatrixView<const float> rows, const Write& write) {
  if (rows.stride() == rows.cols()) {
    return write(std::span(rows.data(), rows.rows() * rows.cols()));
  }
  for (std::size_t r = 0; r < rows.rows(); ++r) TG_TRY(write(rows.row(r)));
  return {};
}

}  // namespace

Result<NpyWriter> NpyWriter::begin(AtomicFile file, std::size_t cols, NpyType type) {
  // Every header has the same length: the true number of rows is written over it at the end.
  TG_TRY(file.write_at(0, npy_header_bytes(numpy_name(type), 0, cols)));
  return NpyWriter(std::move(file), cols, type);
}

Result<void> NpyWriter::append(MatrixView<const float> rows) {
  TG_EXPECTS(rows.cols() == cols_);
  TG_TRY(go_to_end());
  if (type_ == NpyType::f16) {
    TG_TRY(append_halves(rows));
  } else {
    TG_TRY(for_each_run(
        rows, [&](std::span<const float> values) { return write(std::as_bytes(values)); }));
  }
  rows_ += rows.rows();
  file_.begin_sync();
  return {};
}

Result<void> NpyWriter::write(std::span<const std::byte> bytes) {
  last_bytes_ = bytes;
  return file_.write(bytes);
}

Result<void> NpyWriter::go_to_end() {
  if (std::exchange(is_at_end_, true)) return {};
  return file_.cut(header_bytes() + rows_ * cols_ * (type_ == NpyType::f16 ? 2 : 4));
}

std::size_t NpyWriter::header_bytes() { return npy_header_bytes("<f4", 0, 0).size(); }

Result<void> NpyWriter::append_halves(MatrixView<const float> rows) {
  return for_each_run(rows, [&](std::span<const float> values) -> Result<void> {
    halves_.clear();
    halves_.reserve(values.size());
    for (const float value : values) {
      const std::uint16_t half = float_to_half(value);
      if (std::isfinite(value) && !std::isfinite(half_to_float(half))) {
        Error error =
            output_error(file_.target().string(), fmt::format("{} is too large for float16", value),
                         "write float32: --dtype f32")
                .error();
        error.code = ErrorCode::unsupported;
        return std::unexpected(std::move(error));
      }
      halves_.push_back(half);
    }
    return write(std::as_bytes(std::span(halves_)));
  });
}

Result<void> NpyWriter::commit() {
  TG_TRY(go_to_end());
  TG_TRY(file_.write_at(0, npy_header_bytes(numpy_name(type_), rows_, cols_)));
  return file_.commit();
}

Result<void> write_npy(const fs::path& path, MatrixView<const float> matrix) {
  TG_TRY(auto file, AtomicFile::create(path));
  TG_TRY(auto writer, NpyWriter::begin(std::move(file), matrix.cols(), NpyType::f32));
  TG_TRY(writer.append(matrix));
  return writer.commit();
}

}  // namespace topograph

#include "topograph/io/npy.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "io/npy_file.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowsPerBlock = 1024;

}  // namespace

Result<Matrix<float>> read_npy(const std::filesystem::path& path,
                               std::optional<std::size_t> expected_rows, RunContext& run) {
  TG_TRY(const NpyFile file, NpyFile::open(path, expected_rows));
  Matrix<float> matrix(file.rows(), file.cols());
  TG_TRY(parallel_blocks(run, file.rows(), kRowsPerBlock, [&](const Block& block) -> Result<void> {
    for (std::size_t r = block.begin; r < block.end; ++r) TG_TRY(file.read_row(r, matrix.row(r)));
    return {};
  }));
  return matrix;
}

struct NpyRows::Impl {
  NpyFile file;
};

NpyRows::NpyRows(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
NpyRows::~NpyRows() = default;

Result<std::unique_ptr<NpyRows>> NpyRows::open(const std::filesystem::path& path,
                                               std::optional<std::size_t> expected_rows) {
  TG_TRY(NpyFile file, NpyFile::open(path, expected_rows));
  return std::unique_ptr<NpyRows>(new NpyRows(std::make_unique<const Impl>(std::move(file))));
}

std::size_t NpyRows::rows() const { return impl_->file.rows(); }
std::size_t NpyRows::cols() const { return impl_->file.cols(); }

Result<void> NpyRows::read(std::span<const std::int64_t> ids, MatrixView<float> out) const {
  const NpyFile& file = impl_->file;
  TG_EXPECTS(out.rows() == ids.size() && out.cols() == file.cols());
  if (ids.empty()) return {};
  for (std::size_t i = 0; i < ids.size(); ++i) TG_TRY(file.read_row(idx(ids[i]), out.row(i)));
  const auto [low, high] = std::minmax_element(ids.begin(), ids.end());
  if (file.is_fortran()) {
    file.release(0, file.rows() * file.cols());
  } else {
    file.release(idx(*low) * file.cols(), (idx(*high) + 1) * file.cols());
  }
  return {};
}

std::optional<RowsView> NpyRows::view() const {
  const NpyFile& file = impl_->file;
  const bool is_aligned = reinterpret_cast<std::uintptr_t>(file.data()) % file.value_bytes() == 0;
  if (file.is_fortran() || !is_aligned) return {};
  if (file.value_bytes() == sizeof(float)) {
    return MatrixView<const float>(reinterpret_cast<const float*>(file.data()), rows(), cols());
  }
  if (file.value_bytes() == sizeof(std::uint16_t)) {
    return RowsView(MatrixView<const std::uint16_t>(
        reinterpret_cast<const std::uint16_t*>(file.data()), rows(), cols()));
  }
  return {};
}

}  // namespace topograph

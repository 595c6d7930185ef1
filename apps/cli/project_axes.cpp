#include "project_axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/linalg/sparse_products.hpp"
#include "topograph/linalg/truncated_svd.hpp"

namespace topograph::cli {
namespace {

constexpr std::size_t kBlockRows = 8192;

Result<void> check_sparse(const Csr<float>& x, std::size_t n_rows, const std::string& where) {
  const auto refuse = [&](const std::string& what, const char* hint = "") {
    return input_error(ErrorCode::parse, where, what, hint);
  };
  const auto n_values = narrow<std::int64_t>(x.values.size());
  if (x.columns.size() != x.values.size()) return refuse("indices and data differ in length");
  if (x.offsets.size() != n_rows + 1 || x.offsets.front() != 0 || x.offsets.back() != n_values) {
    return refuse(
        fmt::format("expected an indptr of {} numbers from 0 to {}", n_rows + 1, n_values));
  }
  for (std::size_t r = 0; r < n_rows; ++r) {
    if (x.offsets[r] > x.offsets[r + 1] || x.offsets[r + 1] > n_values) {
      return refuse(fmt::format("row {}: indptr does not ascend", r));
    }
    for (auto at = idx(x.offsets[r]); at < idx(x.offsets[r + 1]); ++at) {
      const std::int32_t column = x.columns[at];
      const bool is_inside = column >= 0 && idx(column) < x.n_cols;
      const bool ascends = at == idx(x.offsets[r]) || x.columns[at - 1] < column;
      if (is_inside && ascends) continue;
      return refuse(fmt::format("row {}: expected ascending columns below {}", r, x.n_cols),
                    "x.sum_duplicates() puts them in order");
    }
  }
  return {};
}

}  // namespace

Result<Projected> project_rows_by_pca(const RowSource& source, const PcaOptions& options,
                                      AtomicFile out, NpyType type, RunContext& run) {
  TG_TRY(Pca pca, fit_pca(source, idx(options.n_components), run));
  pca.whiten = options.whiten;
  const std::size_t k = pca.components.rows();
  TG_TRY(auto writer, NpyWriter::begin(std::move(out), k, type));
  Matrix<float> rows(std::min(kBlockRows, source.rows()), source.cols());
  std::vector<std::int64_t> ids;
  Stage stage(run, "scores", source.rows());
  for (std::size_t begin = 0; begin < source.rows(); begin += kBlockRows) {
    if (run.stop_requested()) return cancelled();
    ids.resize(std::min(kBlockRows, source.rows() - begin));
    std::iota(ids.begin(), ids.end(), narrow<std::int64_t>(begin));
    const auto block = rows.view().rows(0, ids.size());
    TG_TRY(source.read(ids, block));
    TG_TRY(const Matrix<float> scores, apply_pca(pca, block, run));
    TG_TRY(writer.append(scores.view()));
    stage.advance(ids.size());
  }
  if (run.stop_requested()) return cancelled();
  TG_TRY(writer.commit());
  return Projected{source.rows(), source.cols(), k};
}

bool is_sparse_file(const std::filesystem::path& path) {
  return path.extension() == ".safetensors";
}

Result<Csr<float>> read_sparse(const std::filesystem::path& path) {
  TG_TRY(const ArrayFile file, ArrayFile::open(path));
  Csr<float> x;
  TG_TRY(x.values, file.floats("data"));
  TG_TRY(x.columns, file.int32s("indices"));
  TG_TRY(x.offsets, file.int64s("indptr"));
  TG_TRY(const auto shape, file.int64s("shape"));
  if (shape.size() != 2 || shape[0] < 0 || shape[1] < 1) {
    return input_error(ErrorCode::parse, path.string(), "expected a shape of two numbers");
  }
  x.n_cols = idx(shape[1]);
  TG_TRY(check_sparse(x, idx(shape[0]), path.string()));
  return x;
}

Result<Matrix<float>> project_sparse_by_svd(const Csr<float>& x, const SvdOptions& options,
                                            RunContext& run) {
  if (options.solver == PcaSolver::exact) {
    return option_error("svd.solver", "expected randomized for a sparse matrix, found exact");
  }
  const Stage stage(run, "components");
  TG_TRY(const TruncatedSvd svd, truncated_svd(x.view(),
                                               {.n_components = idx(options.n_components),
                                                .n_oversamples = idx(options.n_oversamples),
                                                .n_iterations = idx(options.n_iter)},
                                               run));
  Matrix<float> scores(x.rows(), svd.loadings.cols());
  TG_TRY(multiply(x.view(), svd.loadings.view(), scores.view(), run));
  return scores;
}

}  // namespace topograph::cli

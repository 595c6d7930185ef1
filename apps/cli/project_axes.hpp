#pragma once

#include <filesystem>
#include <string_view>

#include "topograph/core/atomic_file.hpp"
#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/row_source.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/reduce/pca.hpp"

namespace topograph::cli {

/// Truncated SVD: PCA about the origin, without whitening.
struct SvdOptions : PcaOptions {
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_components", s.n_components, at_least(1), "Singular vectors that are kept.");
    v("solver", s.solver, any_value(),
      "auto: exact up to 2000 columns, randomized beyond when few components are wanted, and for "
      "sparse matrices.");
    v("n_oversamples", s.n_oversamples, at_least(0),
      "Further directions that randomized follows and throws away.");
    v("n_iter", s.n_iter, at_least(0), "Power iterations of randomized.");
  }
};

/// Shape of a reduction, for the summary.
struct Projected {
  std::size_t rows = 0;
  std::size_t columns = 0;  ///< Before.
  std::size_t components = 0;
};

/// Exact PCA of rows that need not fit in memory, read twice, a few thousand rows at a time:
/// components, then scores, which go straight to `out`.
[[nodiscard]] Result<Projected> project_rows_by_pca(const RowSource& source,
                                                    const PcaOptions& options, AtomicFile out,
                                                    NpyType type, RunContext& run);

/// True for files that hold a sparse matrix.
[[nodiscard]] bool is_sparse_file(const std::filesystem::path& path);

/// A sparse matrix by rows: a safetensors file with `data` (f32), `indices` (i32), `indptr` (i64)
/// and `shape` (2, i64), as the members of scipy's csr_array; columns ascend in every row.
[[nodiscard]] Result<Csr<float>> read_sparse(const std::filesystem::path& path);

/// Scores (n, k) of a sparse matrix on its singular vectors.
[[nodiscard]] Result<Matrix<float>> project_sparse_by_svd(const Csr<float>& x,
                                                          const SvdOptions& options,
                                                          RunContext& run);

}  // namespace topograph::cli

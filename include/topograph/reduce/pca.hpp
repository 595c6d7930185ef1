#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/row_source.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

enum class PcaSolver : std::uint8_t { automatic, exact, randomized };
template <>
struct EnumNames<PcaSolver> {
  static constexpr std::array<std::string_view, 3> names{"auto", "exact", "randomized"};
};

struct PcaOptions {
  int n_components = 2;
  bool whiten = false;
  PcaSolver solver = PcaSolver::automatic;
  int n_oversamples = 10;
  int n_iter = 5;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_components", s.n_components, at_least(1), "Principal components that are kept.");
    visit_layout(s, v);
  }
  /// Those that do not depend on what is laid out.
  template <class Self, class V>
  static constexpr void visit_layout(Self& s, V&& v) {
    v("whiten", s.whiten, any_value(), "Scores are divided by their standard deviation.");
    v("solver", s.solver, any_value(),
      "auto: exact up to 2000 columns, randomized beyond when few components are wanted.");
    v("n_oversamples", s.n_oversamples, at_least(0),
      "Further directions that randomized follows and throws away.");
    v("n_iter", s.n_iter, at_least(0), "Power iterations of randomized.");
  }
};

/// Principal components: mean (d), components (k, d) as rows, variances (k) in falling order.
/// Signs: the entry of largest magnitude of each component is positive.
struct Pca {
  std::vector<float> mean = {};
  Matrix<float> components = {};
  std::vector<double> explained_variance = {};
  double total_variance = 0;
  bool whiten = false;  ///< `apply_pca` divides scores by their standard deviation.

  /// Shares (k) of the total variance; 0 when there is none.
  [[nodiscard]] std::vector<double> explained_variance_ratio() const;
};

/// Exact PCA of x (n, d) through the eigenvectors of its covariance (float64).
/// @error invalid_argument: k < 1, k > min(n, d), a value that is not finite (row named);
/// cancelled.
/// @determinism Bit-identical for any thread count.
/// @cost O(n d^2 + d^3).
[[nodiscard]] Result<Pca> fit_pca(MatrixView<const float> x, std::size_t k, RunContext& run);

/// PCA of x (n, d), exact or by randomised subspace iteration on the covariance, which is never
/// formed.
///
/// @error       As above; an option out of range.
/// @determinism Bit-identical for any thread count; the start of randomized depends on the seed.
/// @cost        randomized: O(n d (k + p)) an iteration, O(d (k + p)) memory.
/// @source      Halko, Martinsson & Tropp 2011, arXiv:0909.4061, algorithm 4.4.
/// @peer        scikit-learn 1.9.1 `PCA` of float64 rows up to the sign, variances to 1e-6 (golden
/// test).
[[nodiscard]] Result<Pca> fit_pca(MatrixView<const float> x, const PcaOptions& options,
                                  RunContext& run);

/// True where `options` solve n rows of d columns exactly.
[[nodiscard]] bool uses_exact_pca(const PcaOptions& options, std::size_t n_rows,
                                  std::size_t n_cols);

/// Truncated SVD of x (n, d): as PCA, but about the origin instead of the mean, which is 0 here.
/// The singular values are the roots of (n - 1) * explained_variance; `whiten` acts as in PCA.
///
/// @error, @determinism, @cost as above. @peer scikit-learn 1.9.1 `TruncatedSVD` up to the sign.
[[nodiscard]] Result<Pca> fit_svd(MatrixView<const float> x, const PcaOptions& options,
                                  RunContext& run);

/// Scores (n, k) of x on fitted components. Whitened scores of a component without variance are 0.
/// @determinism Bit-identical for any thread count. @cost O(n d k).
[[nodiscard]] Result<Matrix<float>> apply_pca(const Pca& pca, MatrixView<const float> x,
                                              RunContext& run);

/// Exact PCA of rows that come block by block and need not fit in memory: it keeps their number,
/// sums and products.
///
/// @determinism Bit-identical for any thread count; other block boundaries change rounding only.
/// @cost        O(d^2) memory, and as the exact `fit_pca`.
/// @peer        scikit-learn 1.9.1 `PCA`; `IncrementalPCA` approximates it.
class PcaAccumulator {
 public:
  /// @error invalid_argument: other columns than before, a value that is not finite (row named,
  ///        counted from the first block); cancelled. Nothing was added then.
  [[nodiscard]] Result<void> add(MatrixView<const float> rows, RunContext& run);

  [[nodiscard]] std::size_t rows() const { return n_rows_; }

  /// Components of all rows so far. @error invalid_argument: k < 1, k > min(n, d).
  [[nodiscard]] Result<Pca> fit(std::size_t k) const;

 private:
  std::size_t n_rows_ = 0;
  std::vector<double> shift_ = {};  ///< Mean of the first block: near the mean, so nothing cancels.
  std::vector<double> sums_ = {};   ///< Of rows - shift.
  Matrix<double> products_ = {};    ///< Of (rows - shift)' (rows - shift).
};

/// Exact PCA of all rows of a source, read once and in order, a fixed number of rows at a time.
/// @error As the exact `fit_pca`; whatever the source's `read` fails with.
/// @determinism Bit-identical for any thread count. @cost O(d^2) memory, whatever n is.
[[nodiscard]] Result<Pca> fit_pca(const RowSource& source, std::size_t k, RunContext& run);

}  // namespace topograph

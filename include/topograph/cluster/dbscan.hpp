#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

struct DbscanOptions {
  double eps = 0.5;
  int min_samples = 5;
  Metric metric = Metric::euclidean;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("eps", s.eps, above(0), "Points this near are neighbours.");
    v("min_samples", s.min_samples, at_least(1),
      "Neighbours, the point itself included, that make a point dense.");
    v("metric", s.metric, any_value(), "Distance between points.");
  }
};

struct DbscanResult {
  /// `strength` is 1 for a dense point, else the weight of its neighbours / min_samples.
  Clustering clusters = {};
  std::vector<std::uint8_t> is_core = {};  ///< (n) 1: dense.
};

/// Clusters of dense points that are connected by steps of at most eps, and the points around
/// them. A point at the edge of two clusters belongs to the one with the smallest dense row.
///
/// @param weights  Copies of each point; empty: 1.
/// @error          invalid_argument: options out of range, a value that is not finite (first row
///                 named); cancelled.
/// @determinism    Bit-identical for any thread count.
/// @cost           About O(n log n) for few columns, up to O(n^2 d) for many; meant for layouts.
/// @source         Ester, Kriegel, Sander & Xu 1996.
/// @peer           scikit-learn 1.9.1 `DBSCAN` (golden test).
[[nodiscard]] Result<DbscanResult> dbscan(MatrixView<const float> x,
                                          std::span<const std::int32_t> weights,
                                          const DbscanOptions& options, RunContext& run);

struct DbscanPrediction {
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};
};

/// The cluster of the nearest dense training point within eps (ties: the smaller row), else noise;
/// strength as in DbscanResult, the point itself counted once.
/// @error       invalid_argument: another width, a value that is not finite (first row named).
/// @determinism Bit-identical for any thread count and any batch a row comes in.
[[nodiscard]] Result<DbscanPrediction> dbscan_predict(const DbscanResult& fitted,
                                                      MatrixView<const float> training,
                                                      std::span<const std::int32_t> weights,
                                                      MatrixView<const float> points,
                                                      const DbscanOptions& options,
                                                      RunContext& run);

}  // namespace topograph

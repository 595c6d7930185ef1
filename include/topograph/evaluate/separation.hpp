#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// Silhouettes of the rows of x: (b - a) / max(a, b), with a the mean distance to the others of the
/// own cluster and b the least mean distance to another cluster; 0 for the only one of a cluster.
/// Rows with a negative label (noise) take no part and get 0.
///
/// @error       invalid_argument: another number of labels than rows, a value that is not finite
///              (first row named), fewer than 2 clusters.
/// @determinism Bit-identical for any thread count.
/// @cost        O(n^2 d) products in float64, O(n d) memory.
/// @source      Rousseeuw 1987.
/// @peer        scikit-learn 1.9.1 `silhouette_samples` (golden test).
[[nodiscard]] Result<std::vector<double>> silhouettes(MatrixView<const float> x,
                                                      std::span<const std::int32_t> labels,
                                                      Metric metric, RunContext& run);

/// Mean silhouette of the rows that are not noise; of `sample` of them drawn by the run's seed when
/// there are more (0: all).
[[nodiscard]] Result<double> silhouette(MatrixView<const float> x,
                                        std::span<const std::int32_t> labels, Metric metric,
                                        std::size_t sample, RunContext& run);

/// Scores of clusters around their means; rows with a negative label take no part.
struct CenterScores {
  double davies_bouldin = 0;     ///< Mean overlap with the most similar cluster; lower is better.
  double calinski_harabasz = 0;  ///< Variance between over variance within; higher is better.
};

/// @error       As `silhouettes`; also as many clusters as rows.
/// @determinism Bit-identical for any thread count.
/// @source      Davies & Bouldin 1979; Calinski & Harabasz 1974.
/// @peer        scikit-learn 1.9.1 `davies_bouldin_score`, `calinski_harabasz_score`.
[[nodiscard]] Result<CenterScores> center_scores(MatrixView<const float> x,
                                                 std::span<const std::int32_t> labels,
                                                 RunContext& run);

/// How well density separates clusters, in [-1, 1].
struct DensityValidity {
  double score = 0;                     ///< Weighted by size; noise counts as 0.
  std::vector<double> of_cluster = {};  ///< (clusters)
};

/// Density-based clustering validation, euclidean.
///
/// @param labels  0 .. k-1 without gaps, negative for noise.
/// @error         As `silhouettes`.
/// @determinism   Bit-identical for any thread count.
/// @cost          O(sum over clusters of size^2 d), O(n d) memory.
/// @source        Moulavi, Jaskowiak, Campello, Zimek & Sander 2014.
/// @peer          hdbscan 0.8.44 `validity_index` (golden test); differs: sums of (1 / distance)^d
///                do not overflow.
[[nodiscard]] Result<DensityValidity> density_validity(MatrixView<const float> x,
                                                       std::span<const std::int32_t> labels,
                                                       RunContext& run);

}  // namespace topograph

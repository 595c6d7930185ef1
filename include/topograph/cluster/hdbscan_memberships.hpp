#pragma once

#include <cstdint>
#include <vector>

#include "topograph/cluster/hdbscan.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// The likeliest clusters of every point, strongest first (ties: smaller cluster), and what is left
/// for noise: 1 minus the memberships in all clusters.
struct Memberships {
  Matrix<std::int32_t> clusters = {};  ///< (n, k)
  Matrix<float> values = {};           ///< (n, k), in [0, 1]
  std::vector<float> noise = {};       ///< (n)

  [[nodiscard]] std::size_t k() const { return clusters.cols(); }
};

/// n rows that are noise entirely: clusters 0..k-1 at 0.
[[nodiscard]] Memberships noise_memberships(std::size_t n, std::size_t k);

/// How much every training point belongs to every cluster: nearness to the cluster's exemplars,
/// times how deep in the tree the point's cluster and it part, times the probability of being in a
/// cluster at all.
///
/// Memberships and noise agree with the labels: the label is the largest of a row, and for noise
/// the rest is at least the largest membership. Where the formula alone says otherwise, the row is
/// moved towards its label just as far as needed. Non-finite rows are noise entirely. With
/// `options.compat` rows are the formula's alone, NaN where duplicates make it so.
///
/// @param k      Clusters kept a row; at least 1, at most all are.
/// @error        invalid_argument: k < 1, shapes that differ from the fit's.
/// @determinism  Bit-identical for any thread count.
/// @cost         O(n (e d + clusters)) with e exemplars; no (n, clusters) matrix is made.
/// @peer         hdbscan 0.8.44 `all_points_membership_vectors`; with `compat` equal to 1e-5.
[[nodiscard]] Result<Memberships> hdbscan_memberships(const HdbscanResult& fitted,
                                                      MatrixView<const float> training, int k,
                                                      const HdbscanOptions& options,
                                                      RunContext& run);

/// The same as a full matrix (n, clusters).
[[nodiscard]] Result<Matrix<float>> hdbscan_membership_matrix(const HdbscanResult& fitted,
                                                              MatrixView<const float> training,
                                                              const HdbscanOptions& options,
                                                              RunContext& run);

/// Memberships of new points (m, d), by the same formula at the place `hdbscan_predict` finds; they
/// agree with its labels. A point identical to a training point has that point's row. Each row is
/// independent of the others.
/// @peer  hdbscan 0.8.44 `membership_vector`, whose formula differs from that for training points;
///        with `compat` it is that formula, equal to 1e-5.
[[nodiscard]] Result<Memberships> hdbscan_predict_memberships(const HdbscanResult& fitted,
                                                              MatrixView<const float> training,
                                                              MatrixView<const float> points, int k,
                                                              const HdbscanOptions& options,
                                                              RunContext& run);

/// The same as a full matrix (m, clusters).
[[nodiscard]] Result<Matrix<float>> hdbscan_predict_membership_matrix(
    const HdbscanResult& fitted, MatrixView<const float> training, MatrixView<const float> points,
    const HdbscanOptions& options, RunContext& run);

}  // namespace topograph

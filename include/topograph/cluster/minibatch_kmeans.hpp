#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "topograph/cluster/kmeans.hpp"
#include "topograph/core/row_source.hpp"

namespace topograph {

struct MinibatchKMeansOptions {
  int n_clusters = 8;
  KMeansInit init = KMeansInit::kmeans_plus_plus;
  int n_init = 1;
  int batch_size = 1024;
  int max_iter = 100;
  double tol = 0;
  int max_no_improvement = 10;
  std::optional<int> init_size = {};
  double reassignment_ratio = 0.01;
  bool spherical = false;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_clusters", s.n_clusters, at_least(1), "Number of clusters.");
    visit_search(s, v);
  }
  /// All but the number of clusters.
  template <class Self, class V>
  static constexpr void visit_search(Self& s, V&& v) {
    v("init", s.init, any_value(), "Where the centers start; see kmeans.");
    v("n_init", s.n_init, at_least(1),
      "Starts that are compared on a sample; the best one is improved.");
    v("batch_size", s.batch_size, at_least(1), "Rows of one step.");
    v("max_iter", s.max_iter, at_least(1),
      "At most this many rows are looked at, in units of all.");
    v("tol", s.tol, at_least(0),
      "Ends when the squared moves of a step are less than this, in units of the variance; 0: "
      "never.");
    v("max_no_improvement", s.max_no_improvement, at_least(0),
      "Ends after this many steps without a lower smoothed inertia; 0: never.");
    v("init_size", s.init_size, at_least(1),
      "Rows that starts are drawn from (unset: 3 batches, or 3 rows a cluster).");
    v("reassignment_ratio", s.reassignment_ratio, between(0, 1),
      "Centers with less than this share of the largest one's rows are drawn anew.");
    v("spherical", s.spherical, any_value(), "Rows and centers of unit length; see kmeans.");
  }
};

/// k-means for rows that do not fit memory: each step moves the centers by a random batch of rows.
/// Besides one batch it holds the labels and strengths of all rows, which one last pass finds.
///
/// @param weights  Copies of each row; empty: 1.
/// @return         As `kmeans`; `n_iter` counts steps.
/// @error          invalid_argument: options out of range, no rows, a value that is not finite
///                 (first row named); what `rows` reports; cancelled.
/// @determinism    The same seed gives the same bits for any thread count.
/// @source         Sculley 2010.
/// @peer           scikit-learn 1.9.1 `MiniBatchKMeans`: its rules and defaults, other random
/// draws.
[[nodiscard]] Result<KMeansResult> minibatch_kmeans(const RowSource& rows,
                                                    std::span<const std::int32_t> weights,
                                                    const MinibatchKMeansOptions& options,
                                                    RunContext& run);

}  // namespace topograph

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

enum class KMeansInit : std::uint8_t { kmeans_plus_plus, random };
template <>
struct EnumNames<KMeansInit> {
  static constexpr std::array<std::string_view, 2> names{"k-means++", "random"};
};

struct KMeansOptions {
  int n_clusters = 8;
  KMeansInit init = KMeansInit::kmeans_plus_plus;
  int n_init = 1;
  int max_iter = 300;
  double tol = 1e-4;
  bool spherical = false;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_clusters", s.n_clusters, at_least(1), "Number of clusters.");
    visit_search(s, v);
  }
  /// All but the number of clusters.
  template <class Self, class V>
  static constexpr void visit_search(Self& s, V&& v) {
    v("init", s.init, any_value(),
      "k-means++: far from each other, the best of several draws a step; random: any points.");
    v("n_init", s.n_init, at_least(1), "Starts; the one with the least inertia is kept.");
    v("max_iter", s.max_iter, at_least(1), "Passes of one start.");
    v("tol", s.tol, at_least(0),
      "A start ends when all centers together move less than this, in units of the variance.");
    v("spherical", s.spherical, any_value(),
      "Rows and centers of unit length: clusters by cosine instead of euclidean distance.");
  }
};

/// Clusters around centers. There may be fewer than `n_clusters`: never more than there are
/// different points.
struct KMeansResult {
  /// `strength` is 1 - (distance to the own center) / (distance to the nearest other one): 1 at a
  /// center, 0 halfway between two; 1 when there is one cluster.
  Clustering clusters = {};
  Matrix<float> centers = {};  ///< (clusters, d); row c is the center of label c.
  double inertia = 0;          ///< Sum of squared distances to the own center, weighted.
  int n_iter = 0;              ///< Passes of the start that was kept.
  bool has_converged = false;
};

/// Clusters x (n, d) by Lloyd's algorithm. Passes after the first look only at points whose
/// nearest center may have changed (bounds by the triangle inequality): the same labels for less.
///
/// A center without points moves to the point farthest from its own center.
///
/// @param weights  Copies of each point (folded duplicates); empty: 1.
/// @param starts   (k, d) centers to begin with, or empty: they replace `n_clusters`, `init` and
///                 `n_init`.
/// @error          invalid_argument: options out of range, a value that is not finite (first row
///                 named), no points, starts of another width; cancelled.
/// @determinism    The same seed gives the same bits for any thread count.
/// @cost           O(n k d) for the first pass, then less and less; O(n) memory besides the points.
/// @source         Lloyd 1982; Arthur & Vassilvitskii 2007 (greedy variant); Hamerly 2010 (bounds);
///                 Dhillon & Modha 2001 (spherical).
/// @peer           scikit-learn 1.9.1 `KMeans` (golden test: the same starts give the same labels).
[[nodiscard]] Result<KMeansResult> kmeans(MatrixView<const float> x,
                                          std::span<const std::int32_t> weights,
                                          MatrixView<const float> starts,
                                          const KMeansOptions& options, RunContext& run);

struct CenterPrediction {
  std::vector<std::int32_t> labels = {};
  std::vector<float> strength = {};   ///< As in KMeansResult.
  std::vector<double> distance = {};  ///< To the nearest center.
};

/// The nearest center of every point (m, d); ties: the smaller label.
/// @error       invalid_argument: no centers, another width, a value that is not finite (first row
///              named).
/// @determinism Bit-identical for any thread count and any batch a row comes in.
[[nodiscard]] Result<CenterPrediction> predict_centers(MatrixView<const float> centers,
                                                       MatrixView<const float> points,
                                                       bool is_spherical, RunContext& run);

}  // namespace topograph

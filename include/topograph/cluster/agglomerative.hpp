#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

enum class LinkageMethod : std::uint8_t { ward, average, complete, single };
template <>
struct EnumNames<LinkageMethod> {
  static constexpr std::array<std::string_view, 4> names{"ward", "average", "complete", "single"};
};

struct AgglomerativeOptions {
  int n_clusters = 2;
  LinkageMethod linkage = LinkageMethod::ward;
  std::optional<double> distance_threshold = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_clusters", s.n_clusters, at_least(1),
      "Number of clusters; ignored with a distance_threshold.");
    visit_search(s, v);
  }
  /// All but the number of clusters.
  template <class Self, class V>
  static constexpr void visit_search(Self& s, V&& v) {
    v("linkage", s.linkage, any_value(),
      "Distance of two clusters: ward by the variance a merge adds, else by their average, "
      "farthest "
      "or nearest pair.");
    v("distance_threshold", s.distance_threshold, at_least(0),
      "Merges at this height or above are not made (unset: n_clusters decides).");
  }
};

struct AgglomerativeResult {
  /// `strength` is that of k-means around the clusters' means: 1 - (distance to the own mean) /
  /// (distance to the nearest other mean), at least 0.
  Clustering clusters = {};
  Matrix<float> centers = {};  ///< (clusters, d) means.
  Linkage linkage = {};        ///< All merges, `left` < `right`; heights as scipy's.
};

/// All merges of the rows of x (n, d), euclidean.
///
/// A row of weight w counts as w rows that were merged at height 0.
///
/// @error       invalid_argument: a value that is not finite (first row named), no points; more
///              memory than the run allows (not single); cancelled.
/// @determinism Bit-identical for any thread count; ties by the smaller ids.
/// @cost        O(n^2) time; n^2 / 2 float64 of memory, O(n) for single.
/// @source      Benzecri's nearest-neighbour chain, as in Muellner 2011, arXiv:1109.2378; Lance &
///              Williams 1967. Single: the minimum spanning tree.
/// @peer        scipy 1.17.1 `linkage` (golden test).
[[nodiscard]] Result<Linkage> linkage_tree(MatrixView<const float> x,
                                           std::span<const std::int32_t> weights,
                                           LinkageMethod method, RunContext& run);

/// All merges of n points of which the distances are given: of the pairs (0, 1), (0, 2) …
/// (n - 2, n - 1). They need not be euclidean: ward updates them by its formula all the same.
///
/// @error  cancelled. @determinism, @cost and @peer as above.
[[nodiscard]] Result<Linkage> linkage_of_distances(std::vector<double> distances, std::size_t n,
                                                   LinkageMethod method, RunContext& run);

/// Labels of the first merges: all but the last k - 1 ones.
[[nodiscard]] std::vector<std::int32_t> cut_linkage(const Linkage& linkage, std::size_t n_clusters);

/// `linkage_tree`, cut into clusters. Asking for more clusters than points gives one a point.
/// @peer scikit-learn 1.9.1 `AgglomerativeClustering`.
[[nodiscard]] Result<AgglomerativeResult> agglomerative(MatrixView<const float> x,
                                                        std::span<const std::int32_t> weights,
                                                        const AgglomerativeOptions& options,
                                                        RunContext& run);

}  // namespace topograph

#include <cstddef>
#include <string>

#include "cluster/flat_choice.hpp"
#include "cluster/point_checks.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"

namespace topograph {

Result<HdbscanCut> hdbscan_cut(const HdbscanTree& tree, std::span<const std::int32_t> weights,
                               const HdbscanOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "hdbscan"));
  TG_TRY(detail::check_weights(weights, tree.core_distances.size(), "hdbscan"));
  HdbscanCut cut;
  if (tree.core_distances.empty()) return cut;
  cut.condensed =
      condense_tree(tree.linkage, weights, options.min_cluster_size, tree.core_distances);
  if (options.cluster_selection_persistence > 0) {
    cut.condensed = simplify_tree(cut.condensed, options.cluster_selection_persistence);
  }
  if (run.stop_requested()) return cancelled();
  HdbscanOptions chosen = options;
  if (options.n_clusters) {
    const detail::FlatChoice choice = detail::choose_epsilon(cut.condensed, options);
    chosen = choice.options;
    if (choice.n_clusters != static_cast<std::size_t>(*options.n_clusters)) {
      run.warn("hdbscan: " + std::to_string(*options.n_clusters) +
               " clusters were asked for, the tree has " + std::to_string(choice.n_clusters) +
               " at the nearest cut (a smaller hdbscan.min_cluster_size allows more)");
    }
  }
  const auto selected = select_clusters(cut.condensed, chosen);
  cut.clusters = label_points(cut.condensed, selected, weights, chosen, cut.selected);
  cut.outlier_scores = outlier_scores(cut.condensed);
  cut.epsilon = chosen.cluster_selection_epsilon;
  return cut;
}

}  // namespace topograph

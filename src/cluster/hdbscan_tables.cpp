#include "topograph/cluster/hdbscan_tables.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "cluster/cluster_tree.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

ClusterRows cluster_rows(const HdbscanCut& cut) {
  const CondensedTree& tree = cut.condensed;
  detail::ClusterTree clusters = detail::cluster_tree(tree);
  const std::size_t n = clusters.n_clusters();
  ClusterRows rows;
  for (std::size_t c = 0; c < n; ++c) {
    rows.id.push_back(tree.n_points + narrow<std::int32_t>(c));
    rows.parent.push_back(c == 0 ? -1 : tree.n_points + clusters.parent[c]);
  }
  rows.label.assign(n, kNoise);
  rows.death.assign(n, 0.0);
  rows.persistence.assign(n, 0.0);
  rows.exemplars.assign(n, 0);
  for (std::size_t row = 0; row < tree.child.size(); ++row) {
    double& death = rows.death[idx(tree.parent[row] - tree.n_points)];
    death = std::max(death, tree.lambda[row]);
  }
  const auto of_label = exemplars(tree, cut.selected);
  for (std::size_t label = 0; label < cut.selected.size(); ++label) {
    const std::size_t c = idx(cut.selected[label] - tree.n_points);
    rows.label[c] = narrow<std::int32_t>(label);
    rows.persistence[c] = cut.clusters.persistence[label];
    rows.exemplars[c] = narrow<std::int32_t>(of_label[label].size());
  }
  rows.size = std::move(clusters.size);
  rows.birth = std::move(clusters.birth);
  rows.stability = std::move(clusters.stability);
  return rows;
}

ColumnTable cluster_table(const HdbscanCut& cut) {
  ClusterRows rows = cluster_rows(cut);
  return {{{"id", std::move(rows.id), {}},
           {"parent", std::move(rows.parent), {}},
           {"label", std::move(rows.label), {}},
           {"size", std::move(rows.size), {}},
           {"birth", std::move(rows.birth), {}},
           {"death", std::move(rows.death), {}},
           {"stability", std::move(rows.stability), {}},
           {"persistence", std::move(rows.persistence), {}},
           {"exemplars", std::move(rows.exemplars), {}}}};
}

ColumnTable condensed_tree_table(const CondensedTree& tree) {
  return {{{"parent", tree.parent, {}},
           {"child", tree.child, {}},
           {"lambda", tree.lambda, {}},
           {"child_size", tree.child_size, {}}}};
}

ColumnTable linkage_table(const Linkage& linkage) {
  return {{{"left", linkage.left, {}},
           {"right", linkage.right, {}},
           {"height", linkage.height, {}},
           {"size", linkage.size, {}}}};
}

ColumnTable spanning_tree_table(const SpanningTree& tree) {
  return {{{"from", tree.from, {}}, {"to", tree.to, {}}, {"distance", tree.distance, {}}}};
}

}  // namespace topograph

#include "topograph/cluster/hdbscan_tables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "property/cluster/blobs.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/hdbscan_layers.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::SizeIs;

TEST(ClusterRows, TellTheLifeOfEveryClusterOfTheTree) {
  HdbscanCut cut;
  // Root 4 splits at 1 into 5 and 6, whose points leave at 3 and at 1.2 and 2.
  cut.condensed = {
      {4, 4, 5, 5, 6, 6}, {5, 6, 0, 1, 2, 3}, {1, 1, 3, 3, 1.2, 2}, {2, 2, 1, 1, 1, 1}, 4};
  cut.selected = {6, 5};
  cut.clusters.persistence = {0.25, 0.5};
  const ClusterRows rows = cluster_rows(cut);
  EXPECT_THAT(rows.id, ElementsAre(4, 5, 6));
  EXPECT_THAT(rows.parent, ElementsAre(-1, 4, 4));
  EXPECT_THAT(rows.label, ElementsAre(-1, 1, 0));
  EXPECT_THAT(rows.size, ElementsAre(4, 2, 2));
  EXPECT_THAT(rows.birth, ElementsAre(0, 1, 1));
  EXPECT_THAT(rows.death, ElementsAre(1, 3, 2));
  EXPECT_THAT(rows.stability, ElementsAre(4, 4, DoubleEq(1.2)));
  EXPECT_THAT(rows.persistence, ElementsAre(0, 0.5, 0.25));
  EXPECT_THAT(rows.exemplars, ElementsAre(0, 2, 1));
  EXPECT_EQ(cluster_table(cut).n_rows(), 3U);
}

TEST(TreeTables, HaveARowForEveryEdgeAndMerge) {
  RunContext run;
  const auto found = hdbscan(testing_data::blobs(1, 60, 2).view(), {}, {}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(spanning_tree_table(found->tree).n_rows(), 59U);
  EXPECT_EQ(linkage_table(found->linkage).n_rows(), 59U);
  const ColumnTable condensed = condensed_tree_table(found->condensed);
  EXPECT_EQ(condensed.n_rows(), found->condensed.child.size());
  EXPECT_TRUE(condensed.find("lambda").has_value());
}

TEST(HdbscanLayers, GrowCoarserAndJoinWhatWasFine) {
  RunContext run;
  const HdbscanOptions options{.min_cluster_size = 5, .min_samples = 4};
  const auto tree = hdbscan_tree(testing_data::blobs(4, 2500, 2).view(), {}, options, run);
  ASSERT_TRUE(tree);
  const auto layers = hdbscan_layers(*tree, {}, options, {.min_clusters = 3}, run);
  ASSERT_TRUE(layers);
  ASSERT_GE(layers->size(), 2U);
  EXPECT_EQ(layers->front().min_cluster_size, 5);
  for (std::size_t i = 1; i < layers->size(); ++i) {
    const HdbscanLayer& fine = (*layers)[i - 1];
    const HdbscanLayer& coarse = (*layers)[i];
    EXPECT_GT(coarse.min_cluster_size, fine.min_cluster_size);
    EXPECT_LE(coarse.clusters.n_clusters, fine.clusters.n_clusters);
    EXPECT_GE(coarse.clusters.n_clusters, 3);
    std::map<std::int32_t, std::set<std::int32_t>> above;
    for (std::size_t row = 0; row < fine.clusters.labels.size(); ++row) {
      if (fine.clusters.labels[row] < 0 || coarse.clusters.labels[row] < 0) continue;
      above[fine.clusters.labels[row]].insert(coarse.clusters.labels[row]);
    }
    for (const auto& [label, parents] : above) EXPECT_THAT(parents, SizeIs(1)) << label;
  }
}

TEST(HdbscanLayers, AreAtLeastOne) {
  RunContext run;
  const Matrix<float> x(5, 2);
  const auto tree = hdbscan_tree(x.view(), {}, {}, run);
  ASSERT_TRUE(tree);
  const auto layers = hdbscan_layers(*tree, {}, {}, {}, run);
  ASSERT_TRUE(layers);
  EXPECT_THAT(*layers, SizeIs(1));
  EXPECT_FALSE(hdbscan_layers(*tree, {}, {}, {.size_quantile = 1.5}, run));
}

}  // namespace
}  // namespace topograph

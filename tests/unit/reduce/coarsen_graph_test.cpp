#include "reduce/coarsen_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "reduce/graph_levels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

/// A ring of n vertices with weights in (0, 1], every vertex joined to the next two.
Csr<float> ring(std::size_t n) {
  const RandomKey key = random_key(1, "test.ring");
  const auto weight = [&](std::size_t from, std::size_t step) {
    return 1.0F - 0.9F * static_cast<float>(uniform(key, from, step));
  };
  Csr<float> graph;
  graph.n_cols = n;
  for (std::size_t v = 0; v < n; ++v) {
    std::vector<std::pair<std::int32_t, float>> row;
    for (std::size_t step = 1; step <= 2; ++step) {
      row.emplace_back(narrow<std::int32_t>((v + step) % n), weight(v, step));
      row.emplace_back(narrow<std::int32_t>((v + n - step) % n), weight((v + n - step) % n, step));
    }
    std::ranges::sort(row);
    for (const auto& [other, w] : row) {
      graph.columns.push_back(other);
      graph.values.push_back(w);
    }
    graph.offsets.push_back(narrow<std::int64_t>(graph.columns.size()));
  }
  return graph;
}

double total(const Csr<float>& graph) {
  return std::accumulate(graph.values.begin(), graph.values.end(), 0.0);
}

TEST(CoarsenGraph, KeepsTheWeightOfAllEdgesAndBothDirections) {
  const Csr<float> graph = ring(500);
  RunContext run;
  const auto coarse = coarsen_graph(graph.view(), run);
  ASSERT_TRUE(coarse) << to_string(coarse.error());
  const Csr<float>& small = coarse->graph;
  EXPECT_LT(small.rows(), 250U);
  EXPECT_NEAR(total(small), total(graph), 1e-3);
  for (std::size_t r = 0; r < small.rows(); ++r) {
    EXPECT_TRUE(std::ranges::is_sorted(small.view().row_columns(r)));
    for (std::size_t e = small.view().begin(r); e < small.view().end(r); ++e) {
      const auto back = small.view().row_columns(idx(small.columns[e]));
      const auto found = std::ranges::find(back, narrow<std::int32_t>(r));
      ASSERT_NE(found, back.end());
      const auto at = small.view().begin(idx(small.columns[e])) +
                      static_cast<std::size_t>(found - back.begin());
      EXPECT_NEAR(small.values[at], small.values[e], 1e-5F);
    }
  }
}

TEST(CoarsenGraph, JoinsNeighboursInGroupsOfUpToEight) {
  const Csr<float> graph = ring(500);
  RunContext run;
  const auto coarse = coarsen_graph(graph.view(), run);
  ASSERT_TRUE(coarse);
  std::vector<std::set<std::int32_t>> members(coarse->graph.rows());
  for (std::size_t v = 0; v < 500; ++v) {
    members[idx(coarse->group_of[v])].insert(narrow<std::int32_t>(v));
  }
  for (const auto& group : members) {
    EXPECT_LE(group.size(), 8U);
    for (const std::int32_t v : group) {
      const auto others = graph.view().row_columns(idx(v));
      EXPECT_TRUE(group.size() == 1 || std::ranges::any_of(others, [&](std::int32_t other) {
                    return group.contains(other);
                  }));
    }
  }
}

TEST(CoarsenGraph, LeavesAVertexWithoutEdgesAlone) {
  Csr<float> graph;
  graph.n_cols = 3;
  graph.offsets = {0, 0, 1, 2};
  graph.columns = {2, 1};
  graph.values = {1.0F, 1.0F};
  RunContext run;
  const auto coarse = coarsen_graph(graph.view(), run);
  ASSERT_TRUE(coarse);
  EXPECT_EQ(coarse->group_of, (std::vector<std::int32_t>{0, 1, 1}));
  EXPECT_EQ(coarse->graph.rows(), 2U);
  EXPECT_EQ(coarse->graph.values, std::vector<float>{2.0F});
}

TEST(GraphLevels, PutsTheMembersOfAGroupBesideEachOther) {
  const Csr<float> graph = ring(3000);
  RunContext run;
  const auto found = graph_levels(graph.view(), 100, run);
  ASSERT_TRUE(found);
  ASSERT_GE(found->levels.size(), 3U);
  EXPECT_LE(found->levels.back().graph.rows(), 100U);
  for (std::size_t l = 0; l + 1 < found->levels.size(); ++l) {
    const auto& groups = found->levels[l].group_of;
    EXPECT_TRUE(std::ranges::is_sorted(groups)) << l;
    EXPECT_EQ(idx(groups.back()) + 1, found->levels[l + 1].graph.rows()) << l;
  }
}

TEST(GraphLevels, NumbersTheVerticesAnewAndChangesNothingElse) {
  const Csr<float> graph = ring(3000);
  RunContext run;
  const auto found = graph_levels(graph.view(), 100, run);
  ASSERT_TRUE(found);
  std::vector<std::int32_t> sorted = found->order;
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i < sorted.size(); ++i) ASSERT_EQ(idx(sorted[i]), i);
  const Csr<float>& finest = found->levels[0].graph;
  for (std::size_t i = 0; i < finest.rows(); ++i) {
    const auto row = finest.view().row_columns(i);
    ASSERT_TRUE(std::ranges::is_sorted(row));
    const std::size_t vertex = idx(found->order[i]);
    const auto old = graph.view().row_columns(vertex);
    ASSERT_EQ(row.size(), old.size());
    for (std::size_t j = 0; j < row.size(); ++j) {
      const std::int32_t was = found->order[idx(row[j])];
      const auto at = std::ranges::find(old, was) - old.begin();
      ASSERT_LT(at, static_cast<std::ptrdiff_t>(old.size()));
      EXPECT_EQ(graph.view().row_values(vertex)[static_cast<std::size_t>(at)],
                finest.view().row_values(i)[j]);
    }
  }
}

TEST(GraphLevels, StopsWhereNothingShrinks) {
  Csr<float> lonely;
  lonely.n_cols = 600;
  lonely.offsets.assign(601, 0);
  RunContext run;
  const auto found = graph_levels(lonely.view(), 100, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->levels.size(), 1U);
  EXPECT_EQ(found->order.size(), 600U);
}

}  // namespace
}  // namespace topograph::detail

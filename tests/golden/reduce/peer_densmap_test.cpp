// densMAP against umap-learn: see tests/data/reduce/densmap/PROVENANCE.json.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../src/reduce/local_radii.hpp"
#include "topograph/core/container.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

const std::string path = TG_TEST_DATA "/reduce/densmap/radii.safetensors";

double correlation(std::span<const float> a, std::span<const float> b) {
  double sums[5] = {};
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = static_cast<double>(a[i]);
    const auto y = static_cast<double>(b[i]);
    const double terms[5] = {x, y, x * x, y * y, x * y};
    for (int t = 0; t < 5; ++t) sums[t] += terms[t] / static_cast<double>(a.size());
  }
  return (sums[4] - sums[0] * sums[1]) /
         std::sqrt((sums[2] - sums[0] * sums[0]) * (sums[3] - sums[1] * sums[1]));
}

class DensmapPeer : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto file = ArrayFile::open(path);
    ASSERT_TRUE(file) << to_string(file.error());
    x = *file->matrix("x");
    layout = *file->matrix("layout");
    log_radii = *file->floats("log_radii");
    layout_log_radii = *file->floats("layout_log_radii");
    correlations = *file->doubles("densmap_correlation");
    graph.edges.offsets = *file->int64s("offsets");
    graph.edges.columns = *file->int32s("columns");
    graph.edges.values = *file->floats("values");
    graph.edges.n_cols = graph.edges.rows();
  }
  Matrix<float> x = {};
  Matrix<float> layout = {};
  std::vector<float> log_radii = {};
  std::vector<float> layout_log_radii = {};
  std::vector<double> correlations = {};
  FuzzyGraph graph = {};
  RunContext run;
};

TEST_F(DensmapPeer, HasTheSameRadiiOfRows) {
  const auto ours = umap(graph, x.view(), {.densmap = true, .output_dens = true}, run);
  ASSERT_TRUE(ours) << to_string(ours.error());
  ASSERT_EQ(ours->log_radii.size(), log_radii.size());
  for (std::size_t r = 0; r < log_radii.size(); ++r) {
    ASSERT_NEAR(ours->log_radii[r], log_radii[r], 1e-4) << r;
  }
}

TEST_F(DensmapPeer, RanksPlacesByTheSameRadii) {
  // Ours are of squared distances, as those of the rows are; the peer's are not.
  const auto ours = detail::layout_log_radii(layout.view(), 15, run);
  ASSERT_TRUE(ours) << to_string(ours.error());
  EXPECT_GT(correlation(*ours, layout_log_radii), 0.995);
}

TEST_F(DensmapPeer, CorrelatesRadiiNoLessThanThePeerDoes) {
  const double least = *std::ranges::min_element(correlations);
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    RunContext seeded({.seed = seed});
    const auto ours = umap(x.view(), {.densmap = true, .output_dens = true}, seeded);
    ASSERT_TRUE(ours) << to_string(ours.error());
    EXPECT_GT(correlation(ours->log_radii, ours->layout_log_radii), least - 0.02) << seed;
  }
}

}  // namespace
}  // namespace topograph

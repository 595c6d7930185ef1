#include <gmock/gmock.h>

#include "centers_golden.hpp"
#include "topograph/cluster/kmeans.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/run_context.hpp"

// Expectations from scikit-learn 1.9.1 with the same starts.
namespace topograph {
namespace {

struct Case {
  std::string name;
  KMeansOptions options;
};
std::ostream& operator<<(std::ostream& out, const Case& of) { return out << of.name; }

class KMeansGolden : public testing::TestWithParam<Case> {};

TEST_P(KMeansGolden, TheSameStartsGiveThePeersResult) {
  const CentersGolden golden(GetParam().name);
  const auto x = golden.matrix("x");
  const auto starts = golden.matrix("starts");
  std::vector<std::int32_t> weights;
  if (golden.contains("weights")) weights = golden.ints("weights");
  RunContext run;
  const auto found = kmeans(x.view(), weights, starts.view(), GetParam().options, run);
  ASSERT_TRUE(found) << to_string(found.error());
  const auto peer_labels = golden.ints("labels");
  EXPECT_TRUE(is_same_partition(found->clusters.labels, peer_labels));
  EXPECT_EQ(found->n_iter, golden.ints("n_iter")[0]);
  EXPECT_NEAR(found->inertia / golden.doubles("inertia")[0], 1.0, 1e-6);
  const auto centers = golden.matrix("centers");
  for (std::size_t i = 0; i < peer_labels.size(); ++i) {
    const auto own = found->centers.row(idx(found->clusters.labels[i]));
    const auto peer = centers.row(idx(peer_labels[i]));
    for (std::size_t t = 0; t < own.size(); ++t) ASSERT_NEAR(own[t], peer[t], 2e-5);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, KMeansGolden,
                         testing::Values(Case{"kmeans", {.tol = 0}},
                                         Case{"kmeans_tolerance", {.tol = 1e-2}},
                                         Case{"kmeans_short", {.max_iter = 3, .tol = 0}},
                                         Case{"kmeans_empty", {.tol = 0}},
                                         Case{"kmeans_weights", {.tol = 0}}),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace topograph

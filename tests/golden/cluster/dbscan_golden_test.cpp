#include <gmock/gmock.h>

#include "centers_golden.hpp"
#include "topograph/cluster/dbscan.hpp"
#include "topograph/core/run_context.hpp"

// Expectations from scikit-learn 1.9.1 `DBSCAN`.
namespace topograph {
namespace {

class DbscanGolden : public testing::TestWithParam<const char*> {};

TEST_P(DbscanGolden, FindsThePeersClusters) {
  const CentersGolden golden(GetParam());
  const auto x = golden.matrix("x");
  const auto options = golden.doubles("options");
  std::vector<std::int32_t> weights;
  if (golden.contains("weights")) weights = golden.ints("weights");
  const bool is_cosine = std::string(GetParam()) == "dbscan_cosine";
  RunContext run;
  const auto found = dbscan(x.view(), weights,
                            {.eps = options[0],
                             .min_samples = static_cast<int>(options[1]),
                             .metric = is_cosine ? Metric::cosine : Metric::euclidean},
                            run);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_GT(found->clusters.n_clusters, 1);
  EXPECT_TRUE(is_same_partition(found->clusters.labels, golden.ints("labels")));
  EXPECT_EQ(found->is_core, golden.bytes("is_core"));
}

INSTANTIATE_TEST_SUITE_P(Cases, DbscanGolden,
                         testing::Values("dbscan", "dbscan_cosine", "dbscan_weights"));

}  // namespace
}  // namespace topograph

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "topograph/core/container.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/evaluate/contingency.hpp"
#include "topograph/evaluate/separation.hpp"

// Expectations from scikit-learn 1.9.1 and hdbscan 0.8.44
// (tools/reference/cluster_centers_golden.py).
namespace topograph {
namespace {

using testing::DoubleNear;
using testing::Pointwise;

Result<ArrayFile> open(const char* name) {
  return ArrayFile::open(std::filesystem::path(TG_TEST_DATA) / "evaluate" /
                         (std::string(name) + ".safetensors"));
}

TEST(AgreementGolden, EqualsThePeersScores) {
  for (const char* name : {"agreement", "agreement_unrelated"}) {
    SCOPED_TRACE(name);
    const auto file = open(name);
    ASSERT_TRUE(file);
    const auto table = contingency_table(*file->int32s("truth"), *file->int32s("labels"));
    ASSERT_TRUE(table);
    EXPECT_EQ(std::vector(table->counts.data(), table->counts.data() + table->counts.size()),
              *file->int64s("table"));
    const Agreement found = agreement(*table);
    const std::vector<double> scores = {found.adjusted_rand,          found.adjusted_mutual_info,
                                        found.normalized_mutual_info, found.homogeneity,
                                        found.completeness,           found.v_measure,
                                        found.fowlkes_mallows,        found.purity};
    EXPECT_THAT(scores, Pointwise(DoubleNear(1e-9), *file->doubles("scores")));
  }
}

TEST(SeparationGolden, EqualsThePeersScores) {
  for (const char* name : {"separation", "separation_wide"}) {
    SCOPED_TRACE(name);
    const auto file = open(name);
    ASSERT_TRUE(file);
    RunContext run;
    const auto x = *file->matrix("x");
    const auto labels = *file->int32s("labels");
    const auto scores = *file->doubles("scores");
    const auto each = silhouettes(x.view(), labels, Metric::euclidean, run);
    ASSERT_TRUE(each);
    EXPECT_THAT(*each, Pointwise(DoubleNear(1e-9), *file->doubles("silhouette")));
    const auto cosine = silhouettes(x.view(), labels, Metric::cosine, run);
    ASSERT_TRUE(cosine);
    EXPECT_THAT(*cosine, Pointwise(DoubleNear(1e-9), *file->doubles("cosine_silhouette")));
    EXPECT_NEAR(*silhouette(x.view(), labels, Metric::euclidean, 0, run), scores[0], 1e-9);
    const auto centers = center_scores(x.view(), labels, run);
    ASSERT_TRUE(centers);
    EXPECT_NEAR(centers->davies_bouldin, scores[1], 1e-9);
    EXPECT_NEAR(centers->calinski_harabasz / scores[2], 1, 1e-9);
  }
}

TEST(DensityValidityGolden, EqualsThePeersIndex) {
  for (const char* name : {"separation", "separation_wide"}) {
    SCOPED_TRACE(name);
    const auto file = open(name);
    ASSERT_TRUE(file);
    RunContext run;
    const auto found =
        density_validity(file->matrix("x")->view(), *file->int32s("noisy_labels"), run);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->score, (*file->doubles("validity"))[0], 1e-6);
    EXPECT_THAT(found->of_cluster, Pointwise(DoubleNear(1e-6), *file->doubles("cluster_validity")));
  }
}

}  // namespace
}  // namespace topograph

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include "property/cluster/blobs.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/hdbscan_memberships.hpp"
#include "topograph/cluster/hdbscan_steps.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {
namespace {

using testing_data::blobs;

HdbscanResult fit(const Matrix<float>& x, const HdbscanOptions& options, int threads = 1) {
  RunContext run({.threads = threads});
  auto found = hdbscan(x.view(), {}, options, run);
  EXPECT_TRUE(found) << (found ? "" : to_string(found.error()));
  return *std::move(found);
}

TEST(HdbscanCutProperty, CuttingAgainEqualsFittingWithThatSize) {
  const Matrix<float> x = blobs(11, 1500, 3);
  RunContext run;
  const HdbscanResult fitted = fit(x, {.min_cluster_size = 40, .min_samples = 6});
  for (const int size : {5, 12, 25, 90}) {
    for (const auto method : {ClusterSelection::eom, ClusterSelection::leaf}) {
      const HdbscanOptions options{
          .min_cluster_size = size, .min_samples = 6, .cluster_selection_method = method};
      const auto cut = hdbscan_cut(fitted, {}, options, run);
      ASSERT_TRUE(cut);
      const HdbscanResult whole = fit(x, options);
      EXPECT_EQ(cut->clusters.labels, whole.clusters.labels);
      EXPECT_EQ(cut->clusters.strength, whole.clusters.strength);
      EXPECT_EQ(cut->condensed.lambda, whole.condensed.lambda);
      EXPECT_EQ(cut->outlier_scores, whole.outlier_scores);
    }
  }
}

TEST(HdbscanCutProperty, LargerSmallestClustersNeverGiveMoreLeaves) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const HdbscanResult fitted = fit(blobs(seed, 900, 2), {.min_samples = 5});
    RunContext run;
    std::int32_t before = std::numeric_limits<std::int32_t>::max();
    for (int size = 2; size < 120; size += 3) {
      const auto cut = hdbscan_cut(
          fitted, {},
          {.min_cluster_size = size, .cluster_selection_method = ClusterSelection::leaf}, run);
      ASSERT_TRUE(cut);
      EXPECT_LE(cut->clusters.n_clusters, before) << "seed " << seed << ", size " << size;
      before = cut->clusters.n_clusters;
    }
  }
}

TEST(HdbscanCutProperty, PersistenceOnlyRemovesClusters) {
  const HdbscanResult fitted = fit(blobs(3, 1200, 3), {.min_samples = 4});
  RunContext run;
  std::size_t before = std::numeric_limits<std::size_t>::max();
  for (const double persistence : {0.0, 0.05, 0.2, 0.5, 1.0, 3.0, 1e9}) {
    const auto cut = hdbscan_cut(fitted, {}, {.cluster_selection_persistence = persistence}, run);
    ASSERT_TRUE(cut);
    std::set<std::int32_t> points;
    std::set<std::int32_t> clusters{cut->condensed.n_points};
    for (const std::int32_t child : cut->condensed.child) {
      (child < cut->condensed.n_points ? points : clusters).insert(child);
    }
    EXPECT_EQ(points.size(), 1200U);
    EXPECT_EQ(*clusters.rbegin() - *clusters.begin() + 1, narrow<std::int32_t>(clusters.size()));
    EXPECT_LE(clusters.size(), before);
    before = clusters.size();
  }
  EXPECT_EQ(before, 1U);
}

TEST(HdbscanCutProperty, GivesTheNumberOfClustersAskedFor) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const HdbscanResult fitted = fit(blobs(seed, 1500, 3), {.min_samples = 5});
    RunContext run;
    for (const int wanted : {1, 2, 3, 5, 8, 13}) {
      const auto cut = hdbscan_cut(fitted, {}, {.min_cluster_size = 8, .n_clusters = wanted}, run);
      ASSERT_TRUE(cut);
      EXPECT_EQ(cut->clusters.n_clusters, wanted) << "seed " << seed;
    }
    EXPECT_TRUE(run.warnings().empty());
  }
}

TEST(HdbscanCutProperty, ScalingThePointsChangesNoLabel) {
  const Matrix<float> x = blobs(7, 1200, 4);
  Matrix<float> scaled = x;
  for (std::size_t i = 0; i < scaled.size(); ++i) scaled.data()[i] *= 1024.0F;
  const HdbscanResult plain = fit(x, {.min_cluster_size = 20});
  const HdbscanResult large = fit(scaled, {.min_cluster_size = 20});
  EXPECT_EQ(plain.clusters.labels, large.clusters.labels);
  EXPECT_EQ(plain.clusters.strength, large.clusters.strength);
  RunContext run;
  const HdbscanOptions options{.min_cluster_size = 20};
  const auto a = hdbscan_memberships(plain, x.view(), 3, options, run);
  const auto b = hdbscan_memberships(large, scaled.view(), 3, options, run);
  ASSERT_TRUE(a && b);
  for (std::size_t i = 0; i < a->values.size(); ++i) {
    EXPECT_NEAR(a->values.data()[i], b->values.data()[i], 1e-6);
  }
}

TEST(HdbscanCutProperty, DbscanCutLinksWhatIsNear) {
  const Matrix<float> x = blobs(5, 400, 2);
  const HdbscanResult fitted = fit(x, {.min_samples = 4});
  const auto cut = dbscan_cut(fitted, {}, 0.7, 3);
  ASSERT_TRUE(cut);
  for (std::size_t a = 0; a < x.rows(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const double reach =
          std::max({fitted.core_distances[a], fitted.core_distances[b],
                    std::hypot(static_cast<double>(x[a, 0]) - static_cast<double>(x[b, 0]),
                               static_cast<double>(x[a, 1]) - static_cast<double>(x[b, 1]))});
      if (reach < 0.699) {
        EXPECT_EQ(cut->labels[a], cut->labels[b]);
      }
    }
    if (fitted.core_distances[a] >= 0.7) {
      EXPECT_EQ(cut->labels[a], kNoise);
    }
  }
}

TEST(HdbscanNonFinite, LeavesTheOtherRowsAsIfItWereNotThere) {
  const Matrix<float> x = blobs(9, 900, 3);
  Matrix<float> with_holes(x.rows() + 60, 3);
  std::vector<std::size_t> place;
  for (std::size_t row = 0; row < with_holes.rows(); ++row) {
    if (row % 16 == 5) {
      with_holes[row, row % 3] =
          row % 2 == 0 ? std::nanf("") : std::numeric_limits<float>::infinity();
      continue;
    }
    std::copy_n(x.row(place.size()).begin(), 3, with_holes.row(row).begin());
    place.push_back(row);
  }
  ASSERT_EQ(place.size(), x.rows());
  const HdbscanOptions options{.min_cluster_size = 15, .non_finite = NonFinite::noise};
  const HdbscanResult plain = fit(x, options);
  const HdbscanResult holes = fit(with_holes, options);
  EXPECT_GT(plain.clusters.n_clusters, 2);
  std::size_t n_noise = 0;
  for (std::size_t i = 0; i < place.size(); ++i) {
    EXPECT_EQ(plain.clusters.labels[i], holes.clusters.labels[place[i]]);
    EXPECT_EQ(plain.clusters.strength[i], holes.clusters.strength[place[i]]);
    EXPECT_EQ(plain.outlier_scores[i], holes.outlier_scores[place[i]]);
    n_noise += plain.clusters.labels[i] < 0 ? 1U : 0U;
  }
  EXPECT_EQ(std::count(holes.clusters.labels.begin(), holes.clusters.labels.end(), kNoise),
            narrow<std::int64_t>(n_noise + 60));
  EXPECT_EQ(holes.outlier_scores[5], 1.0F);

  RunContext run;
  const auto a = hdbscan_predict(plain, x.view(), with_holes.view(), options, run);
  const auto b = hdbscan_predict(holes, with_holes.view(), with_holes.view(), options, run);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->labels, b->labels);
  EXPECT_EQ(a->strength, b->strength);
  EXPECT_EQ(b->labels, holes.clusters.labels);
  const auto rows = hdbscan_memberships(holes, with_holes.view(), 2, options, run);
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->noise[5], 1.0F);
}

TEST(HdbscanCosine, EqualsEuclideanOnUnitVectorsAndIgnoresLengths) {
  for (const std::size_t dims : {3U, 30U}) {
    SCOPED_TRACE(dims);
    Matrix<float> x = blobs(13, 700, dims);
    Matrix<float> unit = x;
    for (std::size_t row = 0; row < x.rows(); ++row) {
      double norm = 0;
      for (const float value : x.row(row)) {
        norm += static_cast<double>(value) * static_cast<double>(value);
      }
      for (float& value : unit.row(row)) {
        value = static_cast<float>(static_cast<double>(value) / std::sqrt(norm));
      }
      const auto power = static_cast<float>(1 << (row % 5));
      for (float& value : x.row(row)) value *= power;
    }
    const HdbscanOptions cosine{.min_cluster_size = 15, .alpha = 1.44F, .metric = Metric::cosine};
    const HdbscanOptions euclidean{.min_cluster_size = 15, .alpha = 1.2F};
    const HdbscanResult ours = fit(x, cosine);
    const HdbscanResult expected = fit(unit, euclidean);
    EXPECT_GE(ours.clusters.n_clusters, 2);
    for (std::size_t i = 0; i < ours.tree.distance.size(); ++i) {
      const double chord = expected.tree.distance[i];
      EXPECT_NEAR(ours.tree.distance[i], chord * chord / 2, 1e-6);
    }
    EXPECT_EQ(ours.condensed.child.size(), expected.condensed.child.size());
    RunContext run;
    const auto again = hdbscan_predict(ours, x.view(), x.view(), cosine, run);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->labels, ours.clusters.labels);
  }
}

TEST(HdbscanMembershipsProperty, AgreeWithTheLabelsAndSumToOneWithNoise) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const float step = seed % 2 == 0 ? 0.0F : 0.5F;
    const Matrix<float> x = blobs(seed, 1500, 3, step);
    for (const auto method : {ClusterSelection::eom, ClusterSelection::leaf}) {
      const HdbscanOptions options{
          .min_cluster_size = 12, .min_samples = 4, .cluster_selection_method = method};
      const HdbscanResult fitted = fit(x, options);
      const Matrix<float> fresh = blobs(seed + 50, 200, 3, step);
      RunContext run;
      const auto predicted = hdbscan_predict(fitted, x.view(), fresh.view(), options, run);
      const auto own = hdbscan_membership_matrix(fitted, x.view(), options, run);
      const auto others =
          hdbscan_predict_membership_matrix(fitted, x.view(), fresh.view(), options, run);
      ASSERT_TRUE(predicted && own && others);
      const auto check = [&](const Matrix<float>& rows, const std::vector<std::int32_t>& labels) {
        for (std::size_t row = 0; row < rows.rows(); ++row) {
          const auto values = rows.row(row);
          const float sum = std::accumulate(values.begin(), values.end(), 0.0F);
          ASSERT_TRUE(std::isfinite(sum));
          EXPECT_LE(sum, 1 + 1e-5F);
          const auto most = std::max_element(values.begin(), values.end());
          if (labels[row] >= 0) {
            EXPECT_EQ(most - values.begin(), labels[row]) << row;
            EXPECT_GE(*most, 1 - sum - 1e-6F) << row;
          } else {
            EXPECT_LE(*most, 1 - sum + 1e-6F) << row;
          }
        }
      };
      check(*own, fitted.clusters.labels);
      check(*others, predicted->labels);
    }
  }
}

TEST(HdbscanMembershipsProperty, KeepTheLargestOfTheFullRowForAnyThreads) {
  const Matrix<float> x = blobs(2, 2000, 4);
  const HdbscanOptions options{.min_cluster_size = 15, .min_samples = 5};
  const HdbscanResult fitted = fit(x, options);
  RunContext one({.threads = 1});
  const auto full = hdbscan_membership_matrix(fitted, x.view(), options, one);
  ASSERT_TRUE(full);
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto kept = hdbscan_memberships(fitted, x.view(), 3, options, run);
    ASSERT_TRUE(kept);
    for (std::size_t row = 0; row < x.rows(); ++row) {
      std::vector<float> sorted(full->row(row).begin(), full->row(row).end());
      std::sort(sorted.begin(), sorted.end(), std::greater<>());
      for (std::size_t j = 0; j < 3; ++j) {
        ASSERT_EQ((kept->values[row, j]), sorted[j]);
        ASSERT_EQ((kept->values[row, j]), ((*full)[row, idx((kept->clusters[row, j]))]));
      }
    }
  }
}

TEST(HdbscanMembershipsProperty, ATrainingPointSeenAgainHasItsRow) {
  const Matrix<float> x = blobs(21, 600, 3);
  const HdbscanOptions options{.min_cluster_size = 12};
  const HdbscanResult fitted = fit(x, options);
  RunContext run;
  const auto own = hdbscan_membership_matrix(fitted, x.view(), options, run);
  const auto again =
      hdbscan_predict_membership_matrix(fitted, x.view(), x.view().rows(100, 160), options, run);
  ASSERT_TRUE(own && again);
  for (std::size_t row = 0; row < again->rows(); ++row) {
    EXPECT_THAT(again->row(row), testing::ElementsAreArray(own->row(100 + row)));
  }
}

}  // namespace
}  // namespace topograph

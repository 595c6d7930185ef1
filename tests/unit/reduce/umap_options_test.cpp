// Every option of UMAP does what it says; those with tests of their own are in the files beside.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "topograph/core/random.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

constexpr std::size_t n_rows = 160;

/// Two clouds, row r in cloud r % 2.
Matrix<float> two_clouds() {
  const RandomKey key = random_key(21, "test.options");
  Matrix<float> x(n_rows, 4);
  for (std::size_t r = 0; r < n_rows; ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      x[r, c] = static_cast<float>(normal(key, r, c) + (c == 0 && r % 2 == 1 ? 8.0 : 0.0));
    }
  }
  return x;
}

Matrix<float> coords_of(const UmapOptions& options) {
  RunContext run;
  const Matrix<float> x = two_clouds();
  auto result = umap(x.view(), options, run);
  EXPECT_TRUE(result) << to_string(result.error());
  return std::move(result->coords);
}

double distance(const Matrix<float>& m, std::size_t a, std::size_t b) {
  double sum = 0;
  for (std::size_t c = 0; c < m.cols(); ++c) {
    const double apart = static_cast<double>(m[a, c]) - static_cast<double>(m[b, c]);
    sum += apart * apart;
  }
  return std::sqrt(sum);
}

double mean_nearest(const Matrix<float>& m) {
  double sum = 0;
  for (std::size_t i = 0; i < m.rows(); ++i) {
    double nearest = std::numeric_limits<double>::max();
    for (std::size_t j = 0; j < m.rows(); ++j) {
      if (j != i) nearest = std::min(nearest, distance(m, i, j));
    }
    sum += nearest;
  }
  return sum / static_cast<double>(m.rows());
}

/// Mean distance of two rows of one cloud, or of both.
double mean_distance(const Matrix<float>& m, bool is_within) {
  double sum = 0;
  double n = 0;
  for (std::size_t i = 0; i < m.rows(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if ((i % 2 == j % 2) != is_within) continue;
      sum += distance(m, i, j);
      ++n;
    }
  }
  return sum / n;
}

double moved(const Matrix<float>& m, const Matrix<float>& start) {
  double sum = 0;
  for (std::size_t i = 0; i < m.size(); ++i) {
    sum += std::abs(static_cast<double>(m.data()[i]) - static_cast<double>(start.data()[i]));
  }
  return sum;
}

TEST(UmapOption, MinDistKeepsPointsApart) {
  EXPECT_LT(1.5 * mean_nearest(coords_of({.min_dist = 0.0F})),
            mean_nearest(coords_of({.min_dist = 0.8F})));
}

TEST(UmapOption, SpreadScalesTheLayout) {
  EXPECT_LT(1.2 * mean_distance(coords_of({.spread = 0.5F}), true),
            mean_distance(coords_of({.spread = 3.0F}), true));
}

TEST(UmapOption, RepulsionStrengthWidensTheLayout) {
  EXPECT_LT(1.1 * mean_distance(coords_of({.repulsion_strength = 0.2F}), true),
            mean_distance(coords_of({.repulsion_strength = 4.0F}), true));
}

TEST(UmapOption, NegativeSampleRateWidensTheLayout) {
  EXPECT_LT(1.1 * mean_distance(coords_of({.negative_sample_rate = 1}), true),
            mean_distance(coords_of({.negative_sample_rate = 20}), true));
}

TEST(UmapOption, LearningRateIsTheSizeOfTheSteps) {
  const Matrix<float> start = coords_of({.n_epochs = 0});
  EXPECT_LT(2 * moved(coords_of({.n_epochs = 1, .learning_rate = 0.1F}), start),
            moved(coords_of({.n_epochs = 1, .learning_rate = 1.0F}), start));
}

TEST(UmapOption, NEpochsIsTheNumberOfSteps) {
  const Matrix<float> start = coords_of({.n_epochs = 0, .init = UmapInit::random});
  EXPECT_LT(1.2 * moved(coords_of({.n_epochs = 12, .init = UmapInit::random}), start),
            moved(coords_of({.n_epochs = 300, .init = UmapInit::random}), start));
}

TEST(UmapOption, NNeighborsDrawsLargerNeighborhoodsTogether) {
  EXPECT_GT(mean_distance(coords_of({.n_neighbors = 5}), true),
            1.2 * mean_distance(coords_of({.n_neighbors = 60}), true));
}

TEST(UmapOption, NComponentsIsTheNumberOfColumns) {
  for (const int dim : {1, 2, 4, 9}) {
    EXPECT_EQ(coords_of({.n_components = dim, .n_epochs = 5}).cols(),
              static_cast<std::size_t>(dim));
  }
}

TEST(UmapOption, MetricChoosesTheNeighbors) {
  // By direction the rows of both halves are the same, by length they are far apart.
  Matrix<float> x = two_clouds();
  for (std::size_t r = 0; r < n_rows; ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      x[r, c] = x[r / 2 * 2, c] * (r % 2 == 0 ? 1.0F : 1000.0F);
    }
  }
  RunContext run;
  const auto by_angle = umap(x.view(), {.metric = Metric::cosine}, run);
  const auto by_length = umap(x.view(), {.metric = Metric::euclidean}, run);
  ASSERT_TRUE(by_angle && by_length);
  EXPECT_LT(mean_distance(by_angle->coords, false), 1.1 * mean_distance(by_angle->coords, true));
  EXPECT_GT(mean_distance(by_length->coords, false), 1.5 * mean_distance(by_length->coords, true));
}

TEST(UmapOption, SetOpMixRatioKeepsEdgesThatAreNotMutual) {
  EXPECT_LT(1.05 * mean_distance(coords_of({.set_op_mix_ratio = 1.0F}), true),
            mean_distance(coords_of({.set_op_mix_ratio = 0.0F}), true));
}

TEST(UmapOption, LocalConnectivityTiesMoreNeighborsFirmly) {
  const auto edges = [](float connectivity) {
    return mean_distance(coords_of({.local_connectivity = connectivity}), true);
  };
  EXPECT_GT(edges(1.0F), 1.01 * edges(8.0F));
}

TEST(UmapOption, AAndBAreTheCurve) {
  // A larger a lets the pull begin at a smaller distance.
  EXPECT_GT(mean_nearest(coords_of({.a = 0.2F, .b = 1.0F})),
            1.2 * mean_nearest(coords_of({.a = 10.0F, .b = 1.0F})));
  EXPECT_NE(mean_nearest(coords_of({.a = 1.0F, .b = 0.6F})),
            mean_nearest(coords_of({.a = 1.0F, .b = 1.2F})));
}

}  // namespace
}  // namespace topograph

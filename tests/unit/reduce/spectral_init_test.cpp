#include "topograph/reduce/spectral_init.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Builds a symmetric graph of unit weights from undirected edges.
class GraphBuilder {
 public:
  explicit GraphBuilder(std::size_t n) : n_(n) {}
  void join(std::size_t a, std::size_t b) {
    edges_[{a, b}] = 1.0F;
    edges_[{b, a}] = 1.0F;
  }
  [[nodiscard]] FuzzyGraph build() const {
    FuzzyGraph graph;
    graph.edges.n_cols = n_;
    graph.edges.offsets.assign(n_ + 1, 0);
    for (const auto& [ends, weight] : edges_) {
      ++graph.edges.offsets[ends.first + 1];
      graph.edges.columns.push_back(narrow<std::int32_t>(ends.second));
      graph.edges.values.push_back(weight);
    }
    for (std::size_t r = 0; r < n_; ++r) graph.edges.offsets[r + 1] += graph.edges.offsets[r];
    return graph;
  }

 private:
  std::size_t n_;
  std::map<std::pair<std::size_t, std::size_t>, float> edges_ = {};
};

bool is_finite(const Matrix<float>& m) {
  return std::all_of(m.data(), m.data() + m.size(), [](float v) { return std::isfinite(v); });
}

FuzzyGraph path(std::size_t n) {
  GraphBuilder graph(n);
  for (std::size_t i = 0; i + 1 < n; ++i) graph.join(i, i + 1);
  return graph.build();
}

TEST(SpectralInit, OrdersAPathFromEndToEnd) {
  RunContext run;
  const auto found = spectral_init(path(60), 1, run);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_TRUE(found->converged);
  // D^1/2 times a cosine: monotone apart from the two ends, whose degree is smaller.
  const float direction = found->coords[30, 0] - found->coords[29, 0];
  for (std::size_t i = 2; i + 1 < 60; ++i) {
    EXPECT_GT((found->coords[i, 0] - found->coords[i - 1, 0]) * direction, 0.0F) << i;
  }
}

TEST(SpectralInit, MakesTheLargestEntryOfEachVectorPositive) {
  RunContext run;
  const auto found = spectral_init(path(400), 3, run);
  ASSERT_TRUE(found);
  for (std::size_t c = 0; c < 3; ++c) {
    float largest = 0;
    for (std::size_t r = 0; r < 400; ++r) {
      if (std::abs(found->coords[r, c]) > std::abs(largest) * 1.0001F)
        largest = found->coords[r, c];
    }
    EXPECT_GT(largest, 0.0F) << c;
  }
}

TEST(SpectralInit, FindsTheEigenvectorOfALargeRing) {
  // A ring of n: the first pair of eigenvectors is cos and sin of the angle, so every vertex lies
  // at radius sqrt(2 / n) of the plane.
  const std::size_t n = 600;
  GraphBuilder ring(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t step = 1; step <= 8; ++step) ring.join(i, (i + step) % n);
  }
  RunContext run;
  const auto found = spectral_init(ring.build(), 2, run);
  ASSERT_TRUE(found);
  const float radius = std::sqrt(2.0F / static_cast<float>(n));
  for (std::size_t r = 0; r < n; ++r) {
    EXPECT_NEAR(std::hypot(found->coords[r, 0], found->coords[r, 1]), radius, 0.05F * radius);
  }
}

/// v' A v / v' v of a graph of unit weights in which every vertex has four neighbours.
double rayleigh_quotient(const FuzzyGraph& graph, const Matrix<float>& v, std::size_t c) {
  double product = 0;
  double squared = 0;
  const CsrView<float> edges = graph.edges.view();
  for (std::size_t r = 0; r < edges.rows(); ++r) {
    double sum = 0;
    for (const std::int32_t other : edges.row_columns(r)) {
      sum += static_cast<double>(v[idx(other), c]) / 4;
    }
    product += static_cast<double>(v[r, c]) * sum;
    squared += static_cast<double>(v[r, c]) * static_cast<double>(v[r, c]);
  }
  return product / squared;
}

TEST(SpectralInit, FindsTheEigenvectorsOfALargeTorusThroughSmallerGraphs) {
  // Of a torus of 120 x 80: 1 - (cos(2 pi a / 120) + cos(2 pi b / 80)) / 2, (a, b) = (1, 0) twice,
  // (0, 1) twice.
  const std::size_t width = 120;
  const std::size_t height = 80;
  GraphBuilder torus(width * height);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) {
      torus.join(y * width + x, y * width + (x + 1) % width);
      torus.join(y * width + x, (y + 1) % height * width + x);
    }
  }
  const FuzzyGraph graph = torus.build();
  RunContext run;
  const auto found = spectral_init(graph, 4, run);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->converged);
  const double along = (1 - std::cos(2 * std::numbers::pi / width)) / 2;
  const double across = (1 - std::cos(2 * std::numbers::pi / height)) / 2;
  const std::array<double, 4> expected{along, along, across, across};
  for (std::size_t c = 0; c < 4; ++c) {
    EXPECT_NEAR(1 - rayleigh_quotient(graph, found->coords, c), expected[c], 0.01 * expected[c]);
  }
}

TEST(SpectralInit, SurvivesStarsAndCompleteGraphs) {
  const std::size_t n = 300;
  GraphBuilder star(n);
  GraphBuilder complete(n);
  for (std::size_t i = 1; i < n; ++i) {
    star.join(0, i);
    for (std::size_t j = 0; j < i; ++j) complete.join(i, j);
  }
  RunContext run;
  for (const FuzzyGraph& graph : {star.build(), complete.build()}) {
    const auto found = spectral_init(graph, 2, run);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_EQ(found->coords.rows(), n);
    EXPECT_TRUE(is_finite(found->coords));
  }
}

TEST(SpectralInit, KeepsThePartsOfADisconnectedGraphApart) {
  GraphBuilder graph(90);
  for (std::size_t part = 0; part < 3; ++part) {
    for (std::size_t i = 0; i < 30; ++i) {
      for (std::size_t step = 1; step <= 3; ++step) {
        graph.join(part * 30 + i, part * 30 + (i + step) % 30);
      }
    }
  }
  RunContext run;
  const auto found = spectral_init(graph.build(), 2, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->n_graph_components, 3);
  for (std::size_t a = 0; a < 90; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      if (a / 30 == b / 30) continue;
      EXPECT_GT(std::hypot(found->coords[a, 0] - found->coords[b, 0],
                           found->coords[a, 1] - found->coords[b, 1]),
                0.0F);
    }
  }
}

TEST(SpectralInit, PlacesThousandsOfIsolatedVerticesQuickly) {
  RunContext run;
  const auto found = spectral_init(GraphBuilder(20000).build(), 2, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->n_graph_components, 20000);
  EXPECT_TRUE(is_finite(found->coords));
}

TEST(SpectralInit, PlacesManyPartsByTheirRows) {
  // 20 pairs on a line: parts that are far apart in x are far apart at the start.
  GraphBuilder graph(40);
  Matrix<float> x(40, 3);
  for (std::size_t i = 0; i < 40; ++i) {
    if (i % 2 == 0) graph.join(i, i + 1);
    x[i, 0] = static_cast<float>(i / 2);
  }
  RunContext run;
  const auto found = spectral_init(graph.build(), x.view(), 2, run);
  ASSERT_TRUE(found) << to_string(found.error());
  const float whole = std::abs(found->coords[0, 0] - found->coords[38, 0]);
  const float step = std::abs(found->coords[0, 0] - found->coords[4, 0]);
  EXPECT_GT(whole, 3.0F * step);
}

TEST(SpectralInit, ReturnsNothingForTooFewVertices) {
  RunContext run;
  const auto found = spectral_init(path(3), 2, run);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->coords.empty());
  EXPECT_FALSE(found->converged);
  const auto none = spectral_init({}, 2, run);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->coords.empty());
}

}  // namespace
}  // namespace topograph

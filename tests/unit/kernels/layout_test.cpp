#include "../src/kernels/layout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "../src/kernels/kernels.hpp"
#include "topograph/core/random.hpp"

namespace topograph::kernels {
namespace {

std::vector<const LayoutKernel*> available() {
  std::vector<const LayoutKernel*> kernels;
  for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
    if (table_for(isa) != nullptr) kernels.push_back(table_for(isa)->layout);
  }
  return kernels;
}

void move_edges(const EdgeMoves& moves, const EpochForces& forces) {
  active().layout->move_edges(moves, forces);
}

/// 400 edges among 60 vertices in the plane or in `dim` dimensions.
struct Scene {
  explicit Scene(std::size_t n_dim) : dim(n_dim), positions(60 * n_dim), before(60 * n_dim) {
    const RandomKey key = random_key(7, "test.layout");
    for (std::size_t i = 0; i < positions.size(); ++i) {
      positions[i] = static_cast<float>(10.0 * uniform(key, i, 0));
      before[i] = static_cast<float>(10.0 * uniform(key, i, 1));
    }
    for (std::uint64_t e = 0; e < 400; ++e) {
      edges.push_back({static_cast<std::int32_t>(uniform_below(key, e, 2, 60)),
                       static_cast<std::int32_t>(uniform_below(key, e, 3, 60)),
                       static_cast<std::uint32_t>(uniform(key, e, 4) * edge_rate_one)});
    }
  }
  [[nodiscard]] EdgeMoves moves(std::vector<float>& heads) const {
    return {.edges = edges.data(),
            .n_edges = edges.size(),
            .heads = heads.data(),
            .others = before.data(),
            .n_others = 60,
            .dim = dim,
            .key = 99,
            .first_item = 5};
  }

  std::size_t dim;
  std::vector<float> positions;
  std::vector<float> before;
  std::vector<LayoutEdge> edges = {};
};

TEST(EdgeMoves, GiveTheSameBitsOnEveryInstructionSet) {
  for (const std::size_t dim : {1U, 2U, 3U, 4U, 5U, 10U, 17U}) {
    const Scene scene(dim);
    std::vector<std::vector<float>> results;
    for (const LayoutKernel* kernel : available()) {
      results.push_back(scene.positions);
      for (std::uint32_t epoch = 1; epoch < 20; ++epoch) {
        kernel->move_edges(scene.moves(results.back()), {.alpha = 0.7F, .epoch = epoch});
      }
      EXPECT_NE(results.back(), scene.positions);
      EXPECT_EQ(results.back(), results.front()) << "dim " << dim;
    }
  }
}

TEST(EdgeMoves, GiveTheSameBitsWithAPoolAndDensities) {
  for (const std::size_t dim : {2U, 5U, 6U}) {
    const Scene scene(dim);
    const RandomKey key = random_key(8, "test.pool");
    const std::size_t n_blocks = 9;
    std::vector<float> storage(n_blocks * (dim + 1) * pool_rows + pool_rows);
    float* pool = storage.data();
    while (reinterpret_cast<std::uintptr_t>(pool) % 64 != 0) ++pool;
    for (std::size_t i = 0; i < n_blocks * (dim + 1) * pool_rows; ++i) {
      pool[i] = static_cast<float>(10.0 * uniform(key, i, 0));
    }
    std::vector<float> density(120);
    for (std::size_t i = 0; i < density.size(); ++i) {
      density[i] = static_cast<float>(normal(key, i, 1));
    }
    std::vector<std::vector<float>> results;
    for (const LayoutKernel* kernel : available()) {
      results.push_back(scene.positions);
      for (std::uint32_t epoch = 1; epoch < 20; ++epoch) {
        EdgeMoves moves = scene.moves(results.back());
        moves.pool = pool;
        moves.n_pool_blocks = n_blocks;
        moves.density = density.data();
        kernel->move_edges(moves, {.alpha = 0.1F, .epoch = epoch, .density = 0.3F});
      }
      EXPECT_NE(results.back(), scene.positions);
      EXPECT_EQ(results.back(), results.front()) << "dim " << dim;
    }
  }
}

TEST(EdgeMoves, SpreadAnEdgeByTheDerivativeOfItsRadii) {
  // Two points 5 apart that are each other's only neighbours, an edge of half the rate.
  float positions[] = {0.0F, 0.0F, 3.0F, 4.0F};
  const float density[] = {0.02F, 0.5F, 0.03F, 0.7F};
  const LayoutEdge edge{.head = 0, .tail = 1, .rate = edge_rate_one / 2};
  move_edges({.edges = &edge, .n_edges = 1, .heads = positions, .density = density, .dim = 2},
             {.a = 1.5F, .b = 0.8F, .alpha = 0.5F, .negatives = 0, .epoch = 2, .density = 0.4F});
  const double power = std::pow(25.0, 0.8);
  const double phi = 1.0 / (1.0 + 1.5 * power);
  const double slope = 1.5 * 0.8 * power / 25.0 * phi;
  const double spread = 2 * 0.4 * 2 * phi * ((1 - 0.8 * (1 - phi)) * 0.05 + slope * 1.2);
  EXPECT_NEAR(positions[0], 0.5 * (-2 * slope + spread) * -3.0, 1e-5);
  EXPECT_NEAR(positions[1], 0.5 * (-2 * slope + spread) * -4.0, 1e-5);
}

TEST(SumRadius, AddsTheDistancesOfNeighbors) {
  const RandomKey key = random_key(9, "test.radius");
  std::vector<float> rows(120);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<float>(normal(key, i, 0));
  std::vector<std::int32_t> neighbors;
  for (std::int32_t n = 1; n < 38; ++n) neighbors.push_back(n);
  double squares = 0;
  double weights = 0;
  for (const std::int32_t n : neighbors) {
    double squared = 0;
    for (std::size_t d = 0; d < 3; ++d) {
      const double apart = static_cast<double>(rows[d]) -
                           static_cast<double>(rows[static_cast<std::size_t>(n) * 3 + d]);
      squared += apart * apart;
    }
    const double phi = 1.0 / (1.0 + 1.2 * std::pow(squared, 0.9));
    squares += phi * squared;
    weights += phi;
  }
  for (const LayoutKernel* kernel : available()) {
    double sums[2] = {};
    kernel->sum_radius({.rows = rows.data(),
                        .dim = 3,
                        .row = 0,
                        .neighbors = neighbors.data(),
                        .n_neighbors = neighbors.size(),
                        .a = 1.2F,
                        .b = 0.9F},
                       sums);
    EXPECT_NEAR(sums[0], squares, 1e-5 * squares);
    EXPECT_NEAR(sums[1], weights, 1e-5 * weights);
    double first[2] = {};
    available().front()->sum_radius({.rows = rows.data(),
                                     .dim = 3,
                                     .row = 0,
                                     .neighbors = neighbors.data(),
                                     .n_neighbors = neighbors.size(),
                                     .a = 1.2F,
                                     .b = 0.9F},
                                    first);
    EXPECT_EQ(sums[0], first[0]);
    EXPECT_EQ(sums[1], first[1]);
  }
}

TEST(EdgeMoves, BatchesGiveWhatOneEdgeAfterAnotherGives) {
  for (const bool has_fixed_tails : {false, true}) {
    const Scene scene(5);
    std::vector<float> together = scene.positions;
    std::vector<float> alone = scene.positions;
    const EpochForces forces{.epoch = 3};
    EdgeMoves moves = scene.moves(together);
    if (has_fixed_tails) moves.fixed_tails = scene.before.data();
    move_edges(moves, forces);
    for (std::size_t e = 0; e < scene.edges.size(); ++e) {
      EdgeMoves one = scene.moves(alone);
      one.fixed_tails = moves.fixed_tails;
      one.edges += e;
      one.n_edges = 1;
      one.first_item += e;
      move_edges(one, forces);
    }
    EXPECT_EQ(together, alone);
  }
}

TEST(EdgeMoves, DrawByItemWhereItemsAreGiven) {
  const Scene scene(2);
  std::vector<float> counted = scene.positions;
  std::vector<float> named = scene.positions;
  std::vector<std::uint64_t> items(scene.edges.size());
  for (std::size_t e = 0; e < items.size(); ++e) items[e] = 5 + e;
  EdgeMoves moves = scene.moves(named);
  moves.items = items.data();
  moves.first_item = 0;
  move_edges(scene.moves(counted), {.epoch = 1});
  move_edges(moves, {.epoch = 1});
  EXPECT_EQ(counted, named);
}

TEST(EdgeMoves, RaisesToAPowerWithinAFewUnitsOfTheLastPlace) {
  for (const float b : {0.5F, 0.790495F, 0.895061F, 1.0F, 1.7F}) {
    for (double log10 = -12.0; log10 < 8.0; log10 += 0.013) {
      float x[16];
      float powers[16];
      for (int lane = 0; lane < 16; ++lane) {
        x[lane] = static_cast<float>(std::pow(10.0, log10 + 0.0004 * lane));
      }
      active().layout->power_of_sixteen(x, b, powers);
      for (int lane = 0; lane < 16; ++lane) {
        const double exact = std::pow(static_cast<double>(x[lane]), static_cast<double>(b));
        // b log2 x is rounded to float32, an error that grows with its size.
        const double bound = 5e-7 + 8e-8 * std::abs(std::log2(exact));
        EXPECT_NEAR(static_cast<double>(powers[lane]) / exact, 1.0, bound) << x[lane] << " ^ " << b;
      }
    }
  }
}

TEST(EdgeMoves, PullsBothEndsTogetherByTheSameStep) {
  float positions[] = {0.0F, 0.0F, 3.0F, 4.0F};
  const LayoutEdge edge{.head = 0, .tail = 1, .rate = edge_rate_one};
  const EpochForces forces{.a = 1.5F, .b = 0.8F, .alpha = 0.5F, .negatives = 0, .epoch = 1};
  move_edges({.edges = &edge,
              .n_edges = 1,
              .heads = positions,
              .others = positions,
              .n_others = 2,
              .dim = 2},
             forces);
  const double power = std::pow(25.0, 0.8);
  const double gradient = 2.0 * 1.5 * 0.8 * power / 25.0 / (1.0 + 1.5 * power);
  EXPECT_NEAR(positions[0], 0.5 * gradient * 3.0, 1e-5);
  EXPECT_NEAR(positions[1], 0.5 * gradient * 4.0, 1e-5);
  EXPECT_FLOAT_EQ(positions[2], 3.0F - positions[0]);
  EXPECT_FLOAT_EQ(positions[3], 4.0F - positions[1]);
}

TEST(EdgeMoves, UsesAnEdgeInItsShareOfTheEpochs) {
  for (const double share : {1.0, 0.5, 0.3, 0.01}) {
    const LayoutEdge edge{.rate = static_cast<std::uint32_t>(std::lround(share * edge_rate_one))};
    int used = 0;
    for (std::uint32_t epoch = 1; epoch <= 1000; ++epoch) {
      float head = 0.0F;
      const float tail = 1.0F;
      move_edges({.edges = &edge,
                  .n_edges = 1,
                  .heads = &head,
                  .fixed_tails = &tail,
                  .others = &tail,
                  .n_others = 1,
                  .dim = 1},
                 {.negatives = 0, .epoch = epoch});
      used += head != 0.0F ? 1 : 0;
    }
    EXPECT_NEAR(used, 1000.0 * share, 1.0) << share;
  }
}

TEST(EdgeMoves, NeverPushesARowFromItself) {
  float position[] = {1.0F, 2.0F};
  const float before[] = {1.01F, 2.0F};
  const LayoutEdge loop{.head = 0, .tail = 0, .rate = edge_rate_one};
  move_edges(
      {.edges = &loop, .n_edges = 1, .heads = position, .others = before, .n_others = 1, .dim = 2},
      {.negatives = 20, .epoch = 1});
  EXPECT_EQ(position[0], 1.0F);
  EXPECT_EQ(position[1], 2.0F);
}

TEST(EdgeMoves, MovesAlikeInFixedAndGenericDimensions) {
  // Dimension 5 has its own code, dimension 6 the generic one: a sixth coordinate of 0 is inert.
  float five[10];
  float six[12] = {};
  for (std::size_t r = 0; r < 2; ++r) {
    for (std::size_t c = 0; c < 5; ++c) {
      five[r * 5 + c] = static_cast<float>(r) + 0.1F * static_cast<float>(c * c);
      six[r * 6 + c] = five[r * 5 + c];
    }
  }
  const float five_before[] = {9, 8, 7, 6, 5, 1, 2, 3, 4, 5};
  const float six_before[] = {9, 8, 7, 6, 5, 0, 1, 2, 3, 4, 5, 0};
  const LayoutEdge edge{.head = 0, .tail = 1, .rate = edge_rate_one};
  const EpochForces forces{.negatives = 11, .epoch = 3};
  move_edges(
      {.edges = &edge, .n_edges = 1, .heads = five, .others = five_before, .n_others = 2, .dim = 5},
      forces);
  move_edges(
      {.edges = &edge, .n_edges = 1, .heads = six, .others = six_before, .n_others = 2, .dim = 6},
      forces);
  for (std::size_t r = 0; r < 2; ++r) {
    for (std::size_t c = 0; c < 5; ++c) EXPECT_EQ(five[r * 5 + c], six[r * 6 + c]);
  }
}

}  // namespace
}  // namespace topograph::kernels

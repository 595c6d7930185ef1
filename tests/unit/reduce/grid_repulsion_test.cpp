#include "reduce/grid_repulsion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "reduce/tree_repulsion.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

Matrix<float> cloud(std::size_t n, std::size_t dim, double spread) {
  Matrix<float> coords(n, dim);
  const RandomKey key = random_key(7, "test.cloud");
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < dim; ++c) {
      coords[r, c] = static_cast<float>(spread * normal(key, r, c));
    }
  }
  return coords;
}

struct Exact {
  Matrix<double> force = {};
  double similarity = 0;
};

Exact exact_forces(const Matrix<float>& coords) {
  Exact exact{Matrix<double>(coords.rows(), coords.cols())};
  for (std::size_t i = 0; i < coords.rows(); ++i) {
    for (std::size_t j = 0; j < coords.rows(); ++j) {
      if (i == j) continue;
      double square = 0;
      for (std::size_t c = 0; c < coords.cols(); ++c) {
        square +=
            std::pow(static_cast<double>(coords[i, c]) - static_cast<double>(coords[j, c]), 2);
      }
      const double q = 1 / (1 + square);
      exact.similarity += q;
      for (std::size_t c = 0; c < coords.cols(); ++c) {
        exact.force[i, c] +=
            q * q * (static_cast<double>(coords[i, c]) - static_cast<double>(coords[j, c]));
      }
    }
  }
  return exact;
}

void expect_close(const Matrix<float>& force, const Exact& exact, double tolerance) {
  double largest = 0;
  double worst = 0;
  for (std::size_t i = 0; i < force.size(); ++i) {
    largest = std::max(largest, std::abs(exact.force.data()[i]));
    worst = std::max(worst, std::abs(exact.force.data()[i] - static_cast<double>(force.data()[i])));
  }
  EXPECT_LT(worst, tolerance * largest);
}

TEST(LaneFft, EqualsTheSumOfTheDefinition) {
  for (const std::size_t n : {2U, 3U, 4U, 5U, 30U, 60U, 96U, 300U}) {
    std::vector<float> data(16 * n);
    std::vector<float> scratch(16 * n);
    std::vector<std::complex<double>> in(n);
    const RandomKey key = random_key(1, "test.fft");
    for (std::size_t t = 0; t < n; ++t) {
      in[t] = {normal(key, t, 0), normal(key, t, 1)};
      data[16 * t + 3] = static_cast<float>(in[t].real());
      data[16 * t + 11] = static_cast<float>(in[t].imag());
    }
    Matrix<float> aligned(2, 16 * n);
    std::ranges::copy(data, aligned.row(0).begin());
    const float* out = LaneFft(n).run(aligned.row(0).data(), aligned.row(1).data());
    for (std::size_t k = 0; k < n; ++k) {
      std::complex<double> sum = 0;
      for (std::size_t t = 0; t < n; ++t) {
        const double angle =
            -2 * std::numbers::pi * static_cast<double>(t * k % n) / static_cast<double>(n);
        sum += in[t] * std::polar(1.0, angle);
      }
      EXPECT_NEAR(static_cast<double>(out[16 * k + 3]), sum.real(), 1e-4) << n << ": " << k;
      EXPECT_NEAR(static_cast<double>(out[16 * k + 11]), sum.imag(), 1e-4) << n << ": " << k;
      EXPECT_EQ(out[16 * k], 0.0F);
    }
  }
}

TEST(GridRepulsion, EqualsTheExactSums) {
  RunContext run({.threads = 2});
  for (const double spread : {1e-4, 0.3, 3.0, 10.0, 25.0}) {
    const Matrix<float> coords = cloud(2000, 2, spread);
    const Exact exact = exact_forces(coords);
    GridRepulsion grid;
    Matrix<float> force(coords.rows(), 2);
    const auto similarity = grid.forces(coords.view(), force, run);
    ASSERT_TRUE(similarity);
    EXPECT_NEAR(*similarity, exact.similarity, 1e-5 * exact.similarity) << spread;
    expect_close(force, exact, 1e-2);
  }
}

TEST(GridRepulsion, KeepsWorkingWhenTheLayoutGrowsAndShrinks) {
  RunContext run;
  GridRepulsion grid;
  for (const double spread : {5.0, 30.0, 4.0}) {
    const Matrix<float> coords = cloud(3000, 2, spread);
    Matrix<float> force(coords.rows(), 2);
    ASSERT_TRUE(grid.forces(coords.view(), force, run));
    expect_close(force, exact_forces(coords), 1e-2);
  }
}

TEST(GridField, GivesForceAndSimilarityBetweenThePoints) {
  RunContext run;
  const Matrix<float> coords = cloud(400, 2, 10.0);
  const auto field = GridField::make(coords.view(), run);
  ASSERT_TRUE(field);
  const RepulsionTree exact(coords.view(), 0.0);
  for (float x = -12; x < 12; x += 3.7F) {
    std::array<float, 2> point{x, 0.5F * x + 1};
    const Repulsion wanted = exact.at(point, -1);
    const auto found = field->at(point[0], point[1]);
    EXPECT_NEAR(static_cast<double>(found[2]), wanted.similarity, 4e-4 * wanted.similarity);
    EXPECT_NEAR(static_cast<double>(found[0]), wanted.force[0], 4e-4 * wanted.similarity);
    EXPECT_NEAR(static_cast<double>(found[1]), wanted.force[1], 4e-4 * wanted.similarity);
  }
}

TEST(RepulsionTree, IsExactAtAngleZeroAndCloseAtHalf) {
  RunContext run;
  for (const std::size_t dim : {1U, 2U, 3U}) {
    const Matrix<float> coords = cloud(600, dim, 8.0);
    const Exact exact = exact_forces(coords);
    Matrix<float> force(coords.rows(), dim);
    const auto similarity = tree_forces(coords.view(), 0.0, force, run);
    ASSERT_TRUE(similarity);
    EXPECT_NEAR(*similarity, exact.similarity, 1e-9 * exact.similarity);
    expect_close(force, exact, 1e-6);
    const auto rough = tree_forces(coords.view(), 0.5, force, run);
    ASSERT_TRUE(rough);
    EXPECT_NEAR(*rough, exact.similarity, 1.5e-2 * exact.similarity);
    expect_close(force, exact, 5e-2);
  }
}

TEST(RepulsionTree, TakesPointsThatAreAllEqual) {
  RunContext run;
  const Matrix<float> coords(100, 3);
  Matrix<float> force(100, 3);
  const auto similarity = tree_forces(coords.view(), 0.5, force, run);
  ASSERT_TRUE(similarity);
  EXPECT_DOUBLE_EQ(*similarity, 9900.0);
  EXPECT_EQ((force[0, 0]), 0.0F);
}

}  // namespace
}  // namespace topograph::detail

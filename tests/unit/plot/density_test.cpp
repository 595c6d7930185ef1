#include "topograph/plot/density.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace topograph {
namespace {

double area(const std::vector<Point>& line) {
  double twice = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Point a = line[i];
    const Point b = line[(i + 1) % line.size()];
    twice += a.x * b.y - b.x * a.y;
  }
  return twice / 2;
}

TEST(DensityGrid, KeepsTheNumberOfPoints) {
  const std::vector<Point> points{{0, 0}, {3, 4}, {10, -2}};
  const DensityGrid grid = density_grid(points, 1.0, 0.25);
  double sum = 0;
  for (std::size_t i = 0; i < grid.values.size(); ++i) {
    sum += static_cast<double>(grid.values.data()[i]);
  }
  EXPECT_NEAR(sum, 3, 1e-4);
}

TEST(DensityGrid, OfNothingIsEmpty) {
  const DensityGrid grid = density_grid({}, 1, 1);
  EXPECT_TRUE(grid.values.empty());
  EXPECT_TRUE(contour_lines(grid, 0.5).empty());
}

TEST(ContourLines, OfOnePointIsACircle) {
  // A Gaussian of deviation s falls to exp(-1/2) of its top at distance s.
  const std::vector<Point> points{{5, 7}};
  const DensityGrid grid = density_grid(points, 2.0, 0.1);
  const auto lines = contour_lines(grid, std::exp(-0.5) * static_cast<double>(grid.highest));
  ASSERT_EQ(lines.size(), 1U);
  for (const Point p : lines[0]) EXPECT_NEAR(std::hypot(p.x - 5, p.y - 7), 2, 0.1);
  EXPECT_NEAR(std::abs(area(lines[0])), std::acos(-1.0) * 4, 0.2);
}

TEST(ContourLines, FarPointsHaveOutlinesOfTheirOwnTurningTheSameWay) {
  const std::vector<Point> points{{0, 0}, {40, 0}, {0, 40}};
  const DensityGrid grid = density_grid(points, 2.0, 0.5);
  const auto lines = contour_lines(grid, 0.3 * static_cast<double>(grid.highest));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_GT(area(lines[0]) * area(lines[1]), 0);
  EXPECT_GT(area(lines[0]) * area(lines[2]), 0);
}

TEST(ContourLines, AHoleTurnsTheOtherWay) {
  std::vector<Point> ring;
  for (int i = 0; i < 360; ++i) {
    ring.push_back({20 * std::cos(i * 0.0174533), 20 * std::sin(i * 0.0174533)});
  }
  const DensityGrid grid = density_grid(ring, 2.0, 0.5);
  const auto lines = contour_lines(grid, 0.4 * static_cast<double>(grid.highest));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_LT(area(lines[0]) * area(lines[1]), 0);
}

TEST(ContourLines, AboveTheTopThereAreNone) {
  const std::vector<Point> points{{0, 0}};
  const DensityGrid grid = density_grid(points, 1.0, 0.5);
  EXPECT_TRUE(contour_lines(grid, 2 * static_cast<double>(grid.highest)).empty());
}

}  // namespace
}  // namespace topograph

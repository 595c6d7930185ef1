#include "../src/kernels/kernels.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "topograph/core/matrix.hpp"
#include "topograph/core/random.hpp"

namespace topograph::kernels {
namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

std::vector<const KernelTable*> available() {
  std::vector<const KernelTable*> tables;
  for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
    if (table_for(isa) != nullptr) tables.push_back(table_for(isa));
  }
  return tables;
}

std::vector<float> normal_values(std::uint64_t seed, std::size_t n) {
  const RandomKey key = random_key(seed, "test.kernels");
  std::vector<float> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = static_cast<float>(normal(key, i, 0));
  return values;
}

/// Two packed panels and everything a scan needs.
struct ScanCase {
  explicit ScanCase(std::uint64_t seed, std::size_t depth, float limit)
      : depth_(depth), a_(depth, panel_rows), b_(depth, panel_rows) {
    const auto values = normal_values(seed, 2 * depth * panel_rows);
    std::copy_n(values.begin(), a_.size(), a_.data());
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(a_.size()), b_.size(), b_.data());
    a_half_ = halves(a_);
    b_half_ = halves(b_);
    a_limit_.fill(limit);
    b_limit_.fill(limit * 0.9F);
  }

  static std::array<float, panel_rows> halves(const Matrix<float>& panel) {
    std::array<float, panel_rows> half{};
    for (std::size_t r = 0; r < panel_rows; ++r) {
      double squared = 0;
      for (std::size_t t = 0; t < panel.rows(); ++t) {
        squared += static_cast<double>(panel[t, r]) * static_cast<double>(panel[t, r]);
      }
      half[r] = static_cast<float>(squared / 2);
    }
    return half;
  }

  struct Output {
    bool has_hit = false;
    alignas(64) std::array<float, scan_rows * panel_rows> values{};
    std::array<std::uint32_t, scan_rows> a_hits{};
    std::array<std::uint32_t, scan_rows> b_hits{};
  };

  [[nodiscard]] Output run(const KernelTable& table, std::size_t first_row) const {
    Output out;
    out.has_hit = table.scan_panel({.a = a_.data() + first_row,
                                    .b = b_.data(),
                                    .depth = depth_,
                                    .a_half = a_half_.data() + first_row,
                                    .b_half = b_half_.data(),
                                    .a_limit = a_limit_.data() + first_row,
                                    .b_limit = b_limit_.data(),
                                    .values = out.values.data(),
                                    .a_hits = out.a_hits.data(),
                                    .b_hits = out.b_hits.data()});
    return out;
  }

  [[nodiscard]] double exact(std::size_t row, std::size_t column) const {
    double squared = 0;
    for (std::size_t t = 0; t < depth_; ++t) {
      const double gap = static_cast<double>(a_[t, row]) - static_cast<double>(b_[t, column]);
      squared += gap * gap;
    }
    return squared / 2;
  }

  std::size_t depth_;
  Matrix<float> a_;
  Matrix<float> b_;
  std::array<float, panel_rows> a_half_{};
  std::array<float, panel_rows> b_half_{};
  std::array<float, panel_rows> a_limit_{};
  std::array<float, panel_rows> b_limit_{};
};

TEST(Kernels, TellTheirNames) {
  EXPECT_STREQ(table_for(Isa::scalar)->name, "scalar");
  for (const KernelTable* table : available()) EXPECT_NE(table->scan_panel, nullptr);
}

TEST(Kernels, SumInTheDocumentedOrderOnEveryInstructionSet) {
  for (const KernelTable* table : available()) {
    SCOPED_TRACE(table->name);
    for (std::size_t n = 0; n < 70; ++n) {
      const auto x = normal_values(1, n);
      const auto y = normal_values(2, n);
      std::array<double, 8> dots{};
      std::array<double, 8> gaps{};
      for (std::size_t t = 0; t < n; ++t) {
        const auto a = static_cast<double>(x[t]);
        const auto b = static_cast<double>(y[t]);
        dots[t % 8] += a * b;
        gaps[t % 8] += (a - b) * (a - b);
      }
      const auto combined = [](const std::array<double, 8>& s) {
        return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
      };
      ASSERT_EQ(std::bit_cast<std::uint64_t>(table->dot(x.data(), y.data(), n)),
                std::bit_cast<std::uint64_t>(combined(dots)))
          << n;
      ASSERT_EQ(std::bit_cast<std::uint64_t>(table->squared_distance(x.data(), y.data(), n)),
                std::bit_cast<std::uint64_t>(combined(gaps)))
          << n;
    }
  }
}

TEST(Kernels, GiveExactlyZeroForEqualRows) {
  const auto x = normal_values(3, 387);
  for (const KernelTable* table : available()) {
    EXPECT_EQ(table->squared_distance(x.data(), x.data(), x.size()), 0.0) << table->name;
  }
}

TEST(ScanPanel, IsWithinItsErrorBoundOnEveryInstructionSet) {
  for (const KernelTable* table : available()) {
    SCOPED_TRACE(table->name);
    for (const std::size_t depth : {1UL, 2UL, 17UL, 256UL, 1000UL}) {
      const ScanCase scan(depth, depth, std::numeric_limits<float>::max());
      for (std::size_t first = 0; first < panel_rows; first += scan_rows) {
        const auto out = scan.run(*table, first);
        ASSERT_TRUE(out.has_hit);
        for (std::size_t i = 0; i < out.values.size(); ++i) {
          const std::size_t row = first + i / panel_rows;
          const std::size_t column = i % panel_rows;
          const double size = 2.0 * (static_cast<double>(scan.a_half_[row]) +
                                     static_cast<double>(scan.b_half_[column]));
          const double bound = static_cast<double>(depth + 8) * 0x1.0p-24 * size;
          ASSERT_NEAR(static_cast<double>(out.values[i]), scan.exact(row, column), bound);
        }
      }
    }
  }
}

TEST(ScanPanel, ReportsExactlyTheValuesWithinTheLimits) {
  for (const KernelTable* table : available()) {
    SCOPED_TRACE(table->name);
    const ScanCase scan(5, 40, 30.0F);
    for (std::size_t first = 0; first < panel_rows; first += scan_rows) {
      const auto out = scan.run(*table, first);
      ASSERT_TRUE(out.has_hit);
      for (std::size_t i = 0; i < out.values.size(); ++i) {
        const std::size_t r = i / panel_rows;
        const std::size_t c = i % panel_rows;
        ASSERT_EQ((out.a_hits[r] >> c) & 1U, out.values[i] <= 30.0F ? 1U : 0U);
        ASSERT_EQ((out.b_hits[r] >> c) & 1U, out.values[i] <= 30.0F * 0.9F ? 1U : 0U);
      }
    }
  }
}

TEST(ScanPanel, NeverReportsPaddingNorAnythingBelowNoLimit) {
  for (const KernelTable* table : available()) {
    SCOPED_TRACE(table->name);
    ScanCase scan(6, 12, std::numeric_limits<float>::max());
    scan.b_half_[31] = infinity;
    scan.a_half_[7] = infinity;
    const auto out = scan.run(*table, 0);
    for (std::size_t r = 0; r < scan_rows; ++r) {
      EXPECT_EQ(out.a_hits[r], r == 7 ? 0U : 0x7FFFFFFFU);
      EXPECT_EQ(out.b_hits[r], r == 7 ? 0U : 0x7FFFFFFFU);
    }
    scan.a_limit_.fill(-infinity);
    scan.b_limit_.fill(-infinity);
    EXPECT_FALSE(scan.run(*table, 8).has_hit);
  }
}

template <class Value>
std::vector<double> added_up(const std::vector<Value>& values, RowSum request) {
  std::vector<double> sum(request.n_columns);
  for (std::size_t i = 0; i < request.n_rows; ++i) {
    for (std::size_t j = 0; j < request.n_columns; ++j) {
      const auto at = static_cast<std::size_t>(request.rows[i]) * request.stride + j;
      const float weight = request.weights == nullptr ? 1.0F : request.weights[i];
      sum[j] += static_cast<double>(weight * static_cast<float>(values[at]));
    }
  }
  return sum;
}

TEST(SumRows, GiveTheSameBitsOnEveryInstructionSet) {
  constexpr std::size_t n_table_rows = 9;
  const std::vector<std::int32_t> rows{3, 0, 8, 3, 5, 1, 1, 7};
  const auto weights = normal_values(7, rows.size());
  for (const std::size_t n : {1UL, 7UL, 8UL, 31UL, 32UL, 33UL, 64UL, 71UL, 128UL, 203UL, 256UL}) {
    const std::size_t stride = n + n % 3;
    const auto floats = normal_values(n, n_table_rows * stride);
    std::vector<std::int8_t> bytes;
    for (const float value : floats) {
      bytes.push_back(static_cast<std::int8_t>(std::clamp(value * 60, -127.0F, 127.0F)));
    }
    std::vector<double> sum(n, -1.0);
    for (const float* factors : {weights.data(), static_cast<const float*>(nullptr)}) {
      const RowSum request{rows.data(), factors, rows.size(), stride, n, sum.data()};
      for (const KernelTable* table : available()) {
        SCOPED_TRACE(table->name);
        table->sum_rows_f32(floats.data(), request);
        ASSERT_EQ(sum, added_up(floats, request)) << n;
        table->sum_rows_i8(bytes.data(), request);
        ASSERT_EQ(sum, added_up(bytes, request)) << n;
      }
    }
  }
}

TEST(SumRows, OfNoRowsIsZero) {
  const std::vector<float> values(100, 1.0F);
  for (const KernelTable* table : available()) {
    std::vector<double> sum(100, -1.0);
    table->sum_rows_f32(values.data(), {nullptr, nullptr, 0, 100, 100, sum.data()});
    EXPECT_EQ(sum, std::vector<double>(100, 0.0)) << table->name;
  }
}

/// `n` centers of `depth` normal values, packed, and eight rows.
struct CenterCase {
  CenterCase(std::uint64_t seed, std::size_t n, std::size_t depth)
      : n_panels((n + center_columns - 1) / center_columns),
        rows(normal_values(seed, center_rows * depth)),
        centers(normal_values(seed + 1, n * depth)),
        panels(n_panels, depth * center_columns),
        half(n_panels * center_columns, infinity) {
    for (std::size_t c = 0; c < n; ++c) {
      double squared = 0;
      for (std::size_t t = 0; t < depth; ++t) {
        const float value = centers[c * depth + t];
        panels[c / center_columns, t * center_columns + c % center_columns] = value;
        squared += static_cast<double>(value) * static_cast<double>(value);
      }
      half[c] = static_cast<float>(squared / 2);
    }
    for (std::size_t r = 0; r < center_rows; ++r) pointers[r] = rows.data() + r * depth;
  }

  std::size_t n_panels;
  std::vector<float> rows;
  std::vector<float> centers;
  Matrix<float> panels;
  std::vector<float> half;
  std::array<const float*, center_rows> pointers{};
};

TEST(ScanCenters, FindsTheTwoLowestScoresOnEveryInstructionSet) {
  for (const KernelTable* table : available()) {
    SCOPED_TRACE(table->name);
    for (const std::size_t n : {1U, 2U, 16U, 17U, 40U}) {
      constexpr std::size_t depth = 37;
      const CenterCase given(n, n, depth);
      std::array<float, center_rows> best{};
      std::array<float, center_rows> second{};
      std::array<std::int32_t, center_rows> nearest{};
      Matrix<float> dots(center_rows, given.n_panels * center_columns);
      table->scan_centers({given.pointers.data(), given.panels.data(), given.half.data(), depth,
                           given.n_panels, best.data(), nearest.data(), second.data(),
                           dots.data()});
      for (std::size_t r = 0; r < center_rows; ++r) {
        std::vector<std::pair<double, std::int32_t>> scores;
        for (std::size_t c = 0; c < n; ++c) {
          double dot = 0;
          for (std::size_t t = 0; t < depth; ++t) {
            dot += static_cast<double>(given.pointers[r][t]) *
                   static_cast<double>(given.centers[c * depth + t]);
          }
          EXPECT_NEAR((dots[r, c]), dot, 1e-4);
          scores.emplace_back(static_cast<double>(given.half[c]) - dot,
                              static_cast<std::int32_t>(c));
        }
        std::ranges::sort(scores);
        EXPECT_EQ(nearest[r], scores[0].second);
        EXPECT_NEAR(static_cast<double>(best[r]), scores[0].first, 1e-4);
        if (n == 1) {
          EXPECT_EQ(second[r], infinity);
        } else {
          EXPECT_NEAR(static_cast<double>(second[r]), scores[1].first, 1e-4);
        }
      }
    }
  }
}

TEST(ScanCenters, PrefersTheSmallerNumberAmongEqualCenters) {
  constexpr std::size_t depth = 5;
  CenterCase given(3, 40, depth);
  for (const std::size_t c : {7U, 19U, 33U}) {  // another lane each, and other panels
    for (std::size_t t = 0; t < depth; ++t) {
      given.panels[c / center_columns, t * center_columns + c % center_columns] = 10;
    }
    given.half[c] = 250;
  }
  const std::vector<float> row(depth, 10);
  given.pointers.fill(row.data());
  for (const KernelTable* table : available()) {
    SCOPED_TRACE(table->name);
    std::array<float, center_rows> best{};
    std::array<float, center_rows> second{};
    std::array<std::int32_t, center_rows> nearest{};
    table->scan_centers({given.pointers.data(), given.panels.data(), given.half.data(), depth,
                         given.n_panels, best.data(), nearest.data(), second.data(), nullptr});
    EXPECT_THAT(nearest, testing::Each(7));
    EXPECT_EQ(best, second);
  }
}

TEST(MultiplyPanel, GivesTheProductsOnEveryInstructionSet) {
  constexpr std::size_t depth = 21;
  const RandomKey key = random_key(8, "test.kernels");
  Matrix<double> rows(center_rows, depth);
  Matrix<double> panel(depth, center_columns);
  for (std::size_t i = 0; i < rows.size(); ++i) rows.data()[i] = normal(key, i, 0);
  for (std::size_t i = 0; i < panel.size(); ++i) panel.data()[i] = normal(key, i, 1);
  std::array<const double*, center_rows> pointers{};
  for (std::size_t r = 0; r < center_rows; ++r) pointers[r] = rows.row(r).data();
  for (const KernelTable* table : available()) {
    SCOPED_TRACE(table->name);
    Matrix<double> out(center_rows, center_columns);
    table->multiply_panel({pointers.data(), panel.data(), depth, out.data()});
    for (std::size_t r = 0; r < center_rows; ++r) {
      for (std::size_t c = 0; c < center_columns; ++c) {
        double sum = 0;
        for (std::size_t t = 0; t < depth; ++t) sum += rows[r, t] * panel[t, c];
        EXPECT_NEAR((out[r, c]), sum, 1e-12);
      }
    }
    Matrix<double> half(center_rows, center_columns);
    table->multiply_panel({pointers.data(), panel.data(), depth, half.data(), 8});
    for (std::size_t r = 0; r < center_rows; ++r) {
      for (std::size_t c = 0; c < 8; ++c) EXPECT_EQ((half[r, c]), (out[r, c]));
    }
  }
}

TEST(Exponentials, AreThoseOfTheStandardLibraryWithTheSameBitsOnEveryInstructionSet) {
  std::vector<double> given = {0, -0.0, -1e-300, -708, -708.5, -1e300, -double{infinity}};
  const RandomKey key = random_key(9, "test.kernels");
  for (std::size_t i = 0; i < 5000; ++i) given.push_back(-uniform(key, i, 0) * (i % 2 ? 1 : 700));
  std::vector<double> expected = given;
  table_for(Isa::scalar)->exponentials(expected.data(), expected.size());
  for (std::size_t i = 0; i < given.size(); ++i) {
    const double value = given[i] < -708 ? 0 : std::exp(given[i]);
    EXPECT_NEAR(expected[i], value, 4.5e-16 * value) << given[i];
  }
  for (const KernelTable* table : available()) {
    for (std::size_t n : {given.size(), std::size_t{1}, std::size_t{0}, std::size_t{13}}) {
      std::vector<double> found = given;
      table->exponentials(found.data(), n);
      for (std::size_t i = 0; i < given.size(); ++i) {
        EXPECT_EQ(found[i], i < n ? expected[i] : given[i]) << table->name;
      }
    }
  }
}

std::vector<double> normal_doubles(std::uint64_t seed, std::size_t n) {
  const std::vector<float> values = normal_values(seed, n);
  return {values.begin(), values.end()};
}

TEST(WidenRow, GivesTheMovedRowAndItsSquaresOnEveryInstructionSet) {
  for (std::size_t n = 0; n < 40; ++n) {
    const auto values = normal_values(n, n);
    const auto origin = normal_doubles(n + 1, n);
    for (const KernelTable* table : available()) {
      std::vector<double> moved(n + 1, 7.0);
      std::vector<double> squares(n + 1, 7.0);
      table->widen_row({values.data(), origin.data(), n, moved.data(), squares.data()});
      for (std::size_t t = 0; t < n; ++t) {
        const double expected = static_cast<double>(values[t]) - origin[t];
        EXPECT_EQ(moved[t], expected) << table->name;
        EXPECT_EQ(squares[t], expected * expected) << table->name;
      }
      EXPECT_EQ(moved[n], 7.0);
      EXPECT_EQ(squares[n], 7.0);
      std::vector<double> alone(n + 1, 7.0);
      table->widen_row({values.data(), origin.data(), n, alone.data(), nullptr});
      EXPECT_EQ(alone, moved);
    }
  }
}

TEST(AddRows, AddsInTheOrderOfTheRowsOnEveryInstructionSet) {
  const std::vector<std::int32_t> rows = {3, 0, 3, 6};
  const std::vector<double> weights = {0.5, -2, 1e-9, 3};
  for (const std::size_t n : {1U, 31U, 32U, 77U}) {
    const auto table = normal_doubles(n, 7 * (n + 1));
    for (const KernelTable* kernels : available()) {
      std::vector<double> sums = normal_doubles(5, n + 1);
      std::vector<double> expected = sums;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          expected[j] += weights[i] * table[static_cast<std::size_t>(rows[i]) * (n + 1) + j];
        }
      }
      kernels->add_rows(table.data(),
                        {rows.data(), weights.data(), rows.size(), n + 1, n, sums.data()});
      EXPECT_EQ(sums, expected) << kernels->name << ' ' << n;
    }
  }
}

TEST(ColumnDistances, GiveTheSameBitsOnEveryInstructionSet) {
  for (const std::size_t n_columns : {1U, 2U, 5U, 10U, 33U}) {
    for (std::size_t n_points = 1; n_points < 75; ++n_points) {
      const auto values = normal_doubles(n_points, n_points * n_columns);
      const auto query = normal_doubles(n_points + 1, n_columns);
      std::vector<double> expected(n_points, 0.0);
      for (std::size_t c = 0; c < n_columns; ++c) {
        for (std::size_t i = 0; i < n_points; ++i) {
          const double gap = values[c * n_points + i] - query[c];
          expected[i] += gap * gap;
        }
      }
      for (const KernelTable* table : available()) {
        std::vector<double> found(n_points + 1, -1.0);
        table->column_distances(values.data(), query.data(), n_points, n_columns, found.data());
        EXPECT_EQ(found.back(), -1.0) << table->name;
        found.pop_back();
        EXPECT_EQ(found, expected) << table->name << ", " << n_points << " x " << n_columns;
      }
    }
  }
}

TEST(BoxPair, GivesTheSameBitsOnEveryInstructionSetAndZeroInside) {
  for (const std::size_t n_columns : {1U, 2U, 5U, 10U, 33U}) {
    auto box = normal_doubles(n_columns, n_columns * 4);
    for (std::size_t c = 0; c < n_columns; ++c) {
      for (const std::size_t side : {0U, 1U}) {
        if (box[4 * c + side] > box[4 * c + 2 + side]) {
          std::swap(box[4 * c + side], box[4 * c + 2 + side]);
        }
      }
    }
    const auto query = normal_doubles(n_columns + 7, n_columns);
    std::array<double, 2> expected{};
    std::vector<double> inside;
    for (std::size_t c = 0; c < n_columns; ++c) {
      for (const std::size_t side : {0U, 1U}) {
        const double nearest = std::clamp(query[c], box[4 * c + side], box[4 * c + 2 + side]);
        expected[side] += (query[c] - nearest) * (query[c] - nearest);
      }
      inside.push_back(box[4 * c]);
    }
    for (const KernelTable* table : available()) {
      std::array<double, 2> found{};
      table->box_pair(box.data(), query.data(), n_columns, found.data());
      EXPECT_EQ(found, expected) << table->name;
      table->box_pair(box.data(), inside.data(), n_columns, found.data());
      EXPECT_EQ(found[0], 0.0) << table->name;
    }
  }
}

}  // namespace
}  // namespace topograph::kernels

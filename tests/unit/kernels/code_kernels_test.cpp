#include "../src/kernels/code_kernels.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/random.hpp"

namespace topograph::kernels {
namespace {

std::int8_t code(RandomKey key, std::size_t row, std::size_t t) {
  return static_cast<std::int8_t>(static_cast<int>(uniform_below(key, row, t, 255)) - 127);
}

struct CodeCase {
  explicit CodeCase(std::size_t depth_in, float limit) : depth(depth_in) {
    const RandomKey key = random_key(depth, "test.codes");
    a = Matrix<std::int8_t>(scan_rows, depth);
    b = Matrix<std::int8_t>(panel_rows, depth);
    panel = Matrix<std::uint8_t>(panel_rows, depth);
    for (std::size_t t = 0; t < depth; ++t) {
      for (std::size_t r = 0; r < scan_rows; ++r) a[r, t] = code(key, r, t);
      for (std::size_t r = 0; r < panel_rows; ++r) {
        b[r, t] = code(key, 100 + r, t);
        panel.data()[(t / 4) * 4 * panel_rows + r * 4 + t % 4] =
            static_cast<std::uint8_t>(b[r, t] + 128);
      }
    }
    for (std::size_t t = 0; t < depth; ++t) a[0, t] = b[0, t] = -127;  // the largest sums there are
    for (std::size_t t = 0; t < depth; ++t) {
      panel.data()[(t / 4) * 4 * panel_rows + t % 4] = 1;
    }
    for (std::size_t r = 0; r < panel_rows; ++r) {
      half[r] = static_cast<float>(uniform(key, 500, r));
      scale[r] = static_cast<float>(0.01 + 0.01 * uniform(key, 501, r));
    }
    half[panel_rows - 1] = std::numeric_limits<float>::infinity();  // padding
    limits.fill(limit);
  }

  bool run(const CodeKernels& kernels) {
    return kernels.scan_codes({a.data(), panel.data(), depth, half.data(), half.data(),
                               scale.data(), scale.data(), limits.data(), values.data(),
                               hits.data()});
  }

  std::size_t depth;
  Matrix<std::int8_t> a, b;
  Matrix<std::uint8_t> panel;
  std::array<float, panel_rows> half{};
  std::array<float, panel_rows> scale{};
  std::array<float, scan_rows> limits{};
  alignas(64) std::array<float, scan_rows * panel_rows> values{};
  std::array<std::uint32_t, scan_rows> hits{};
};

TEST(CodeKernels, EveryInstructionSetGivesTheBitsOfTheScalarOne) {
  for (const std::size_t depth : {64UL, 256UL, 1024UL, 8192UL}) {
    CodeCase expected(depth, 0.0F);
    const bool has_hit = expected.run(scalar::code_table);
    EXPECT_TRUE(has_hit);
    for (const Isa isa : {Isa::avx2, Isa::avx512}) {
      const CodeKernels* kernels = code_kernels_for(isa);
      if (kernels == nullptr) continue;
      CodeCase found(depth, 0.0F);
      EXPECT_EQ(found.run(*kernels), has_hit);
      EXPECT_EQ(found.values, expected.values) << kernels->name << " depth " << depth;
      EXPECT_EQ(found.hits, expected.hits) << kernels->name << " depth " << depth;
      for (std::size_t r = 0; r < scan_rows; ++r) {
        EXPECT_EQ(
            kernels->dot_codes(found.a.row(r).data(), found.b.row(r).data(), depth),
            scalar::code_table.dot_codes(found.a.row(r).data(), found.b.row(r).data(), depth));
      }
    }
  }
}

TEST(CodeKernels, ScalarTileIsTheDistanceOfTheCodes) {
  CodeCase one(64, 0.0F);
  ASSERT_TRUE(one.run(scalar::code_table));
  for (std::size_t r = 0; r < scan_rows; ++r) {
    for (std::size_t c = 0; c + 1 < panel_rows; ++c) {
      double dot = 0;
      for (std::size_t t = 0; t < 64; ++t) dot += static_cast<double>(one.a[r, t]) * one.b[c, t];
      const double value =
          static_cast<double>(one.half[r]) + static_cast<double>(one.half[c]) -
          static_cast<double>(one.scale[r]) * static_cast<double>(one.scale[c]) * dot;
      EXPECT_NEAR(static_cast<double>(one.values[r * panel_rows + c]), value, 1e-4);
      EXPECT_EQ((one.hits[r] >> c) & 1U, one.values[r * panel_rows + c] <= 0.0F ? 1U : 0U);
    }
  }
}

TEST(CodeKernels, ReportNoHitWhenNothingIsNear) {
  for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
    const CodeKernels* kernels = code_kernels_for(isa);
    if (kernels == nullptr) continue;
    CodeCase far(128, -1e9F);
    EXPECT_FALSE(far.run(*kernels)) << kernels->name;
  }
}

TEST(CodeKernels, WidenEveryHalfExactly) {
  std::vector<std::uint16_t> halves;
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const bool is_nan = (bits & 0x7C00U) == 0x7C00U && (bits & 0x3FFU) != 0;
    if (!is_nan) halves.push_back(static_cast<std::uint16_t>(bits));
  }
  halves.pop_back();  // a number of values that no vector divides
  for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
    const CodeKernels* kernels = code_kernels_for(isa);
    if (kernels == nullptr) continue;
    std::vector<float> wide(halves.size() + 1, 7.0F);
    kernels->widen_halves(halves.data(), wide.data(), halves.size());
    for (std::size_t i = 0; i < halves.size(); ++i) {
      ASSERT_EQ(wide[i], half_to_float(halves[i])) << kernels->name << " " << halves[i];
    }
    EXPECT_EQ(wide.back(), 7.0F) << kernels->name;
  }
}

}  // namespace
}  // namespace topograph::kernels

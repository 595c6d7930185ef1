#include "kernels/lanes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "kernels/kernels.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/random.hpp"

namespace topograph::kernels {
namespace {

TEST(LaneKernels, GiveTheSameBitsOnEveryInstructionSet) {
  if (table_for(Isa::avx2) == nullptr) GTEST_SKIP() << "no AVX2 here";
  const RandomKey key = random_key(2, "test.lanes");
  constexpr std::array<std::uint8_t, 4> factors{5, 3, 4, 2};
  constexpr std::size_t n = 120;
  // Any factors serve to compare bits.
  std::vector<float> twiddles(4 * n);
  for (std::size_t i = 0; i < twiddles.size(); ++i)
    twiddles[i] = static_cast<float>(normal(key, 0, i));
  Matrix<float> data(4, 16 * n);
  for (std::size_t i = 0; i < 16 * n; ++i) {
    data[0, i] = static_cast<float>(normal(key, 1, i));
    data[2, i] = data[0, i];
  }
  const FftPlan plan{
      .n = n, .n_factors = 4, .factors = factors.data(), .twiddles = twiddles.data()};
  const float* one = scalar::lanes.fft(plan, data.row(0).data(), data.row(1).data());
  const float* other = avx2::lanes.fft(plan, data.row(2).data(), data.row(3).data());
  EXPECT_TRUE(std::equal(one, one + 16 * n, other));

  std::vector<float> coords(200);
  for (std::size_t i = 0; i < coords.size(); ++i) coords[i] = static_cast<float>(normal(key, 3, i));
  for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 33U}) {
    std::vector<std::int32_t> ids(count);
    std::vector<float> weights(count);
    for (std::size_t i = 0; i < count; ++i) {
      ids[i] = static_cast<std::int32_t>(uniform_below(key, 4, i, 100));
      weights[i] = static_cast<float>(uniform(key, 5, i));
    }
    const Attraction row{coords.data(), ids.data(), weights.data(), count, 0.25F, -1.5F};
    std::array<float, 2> first{};
    std::array<float, 2> second{};
    scalar::lanes.attract(row, first.data());
    avx2::lanes.attract(row, second.data());
    EXPECT_EQ(first, second) << count;
  }
}

}  // namespace
}  // namespace topograph::kernels

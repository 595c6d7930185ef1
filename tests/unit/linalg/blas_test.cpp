#include "topograph/linalg/blas.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"
#include "topograph/linalg/dense_products.hpp"

namespace topograph {
namespace {

// A library without locks spoils about one result in ten thousand here.
TEST(Blas, ManyThreadsGiveTheBitsOfOne) {
  constexpr std::size_t n_calls = 20000;
  Matrix<float> x(300, 24);
  const RandomKey key = random_key(3, "test.blas");
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(uniform(key, i, 0));
  hold_blas_to_one_thread();
  RunContext alone({.threads = 1});
  const auto expected = gram(x.view(), {}, alone);
  ASSERT_TRUE(expected.has_value());
  RunContext run({.threads = 4});
  std::vector<int> is_equal(n_calls, 0);
  ASSERT_TRUE(parallel_blocks(run, n_calls, 1, [&](const Block& block) -> Result<void> {
                TG_TRY(const auto found, gram(x.view(), {}, run));
                is_equal[block.begin] =
                    std::equal(found.data(), found.data() + found.size(), expected->data()) ? 1 : 0;
                return {};
              }).has_value());
  EXPECT_EQ(std::ranges::count(is_equal, 1), static_cast<std::ptrdiff_t>(n_calls));
}

}  // namespace
}  // namespace topograph

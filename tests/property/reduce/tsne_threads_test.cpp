#include <gtest/gtest.h>

#include "topograph/core/random.hpp"
#include "topograph/reduce/tsne.hpp"

namespace topograph {
namespace {

TEST(TsneThreads, GiveTheSameBitsForAnyNumber) {
  Matrix<float> x(1300, 10);
  const RandomKey key = random_key(11, "test.rows");
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      x[r, c] = static_cast<float>(normal(key, r, c) + (r % 4 == c ? 9.0 : 0.0));
    }
  }
  for (const int dim : {2, 3}) {
    const TsneOptions options{
        .perplexity = 10, .n_components = dim, .early_exaggeration_iter = 60, .n_iter = 60};
    RunContext one({.threads = 1});
    const auto wanted = tsne(x.view(), options, one);
    ASSERT_TRUE(wanted);
    for (const int threads : {2, 3, 7}) {
      RunContext run({.threads = threads});
      const auto found = tsne(x.view(), options, run);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->kl_divergence, wanted->kl_divergence);
      for (std::size_t i = 0; i < wanted->coords.size(); ++i) {
        ASSERT_EQ(found->coords.data()[i], wanted->coords.data()[i]) << threads << " threads";
      }
    }
  }
}

}  // namespace
}  // namespace topograph

#include "topograph/reduce/pca.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "topograph/core/random.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;

Matrix<float> line_rows() {
  Matrix<float> x(5, 2);  // on the line (3, 4) t around (1, 1)
  for (std::size_t r = 0; r < 5; ++r) {
    const float t = static_cast<float>(r) - 2.0F;
    x[r, 0] = 1.0F + 3.0F * t;
    x[r, 1] = 1.0F + 4.0F * t;
  }
  return x;
}

TEST(Pca, FindsTheLineThroughPoints) {
  RunContext run;
  const auto pca = fit_pca(line_rows().view(), 2, run);
  ASSERT_TRUE(pca) << to_string(pca.error());
  EXPECT_FLOAT_EQ((pca->components[0, 0]), 0.6F);
  EXPECT_FLOAT_EQ((pca->components[0, 1]), 0.8F);
  EXPECT_NEAR(pca->explained_variance[0], 62.5, 1e-9);  // 25 * var(-2 .. 2)
  EXPECT_NEAR(pca->explained_variance[1], 0.0, 1e-9);
  EXPECT_NEAR(pca->total_variance, 62.5, 1e-9);
  const auto scores = apply_pca(*pca, line_rows().view(), run);
  ASSERT_TRUE(scores);
  for (std::size_t r = 0; r < 5; ++r) {
    EXPECT_NEAR(((*scores)[r, 0]), 5.0F * (static_cast<float>(r) - 2.0F), 1e-5F);
  }
}

TEST(Pca, ScoresEqualRowsAsZero) {
  const Matrix<float> x(6, 3);
  RunContext run;
  const auto pca = fit_pca(x.view(), 2, run);
  ASSERT_TRUE(pca);
  const auto scores = apply_pca(*pca, x.view(), run);
  ASSERT_TRUE(scores);
  for (std::size_t i = 0; i < scores->size(); ++i) EXPECT_EQ(scores->data()[i], 0.0F);
}

TEST(Pca, RejectsMoreComponentsThanTheSmallerSide) {
  RunContext run;
  for (const std::size_t k : {0U, 3U}) {
    const auto pca = fit_pca(line_rows().view(), k, run);
    ASSERT_FALSE(pca);
    EXPECT_EQ(pca.error().code, ErrorCode::invalid_argument);
  }
}

TEST(Pca, NamesTheRowThatIsNotFinite) {
  Matrix<float> x = line_rows();
  x[3, 1] = std::numeric_limits<float>::quiet_NaN();
  RunContext run;
  const auto pca = fit_pca(x.view(), 1, run);
  ASSERT_FALSE(pca);
  EXPECT_THAT(to_string(pca.error()), HasSubstr("row 3"));
}

TEST(Pca, RejectsRowsOfAnotherWidth) {
  RunContext run;
  const auto pca = fit_pca(line_rows().view(), 1, run);
  ASSERT_TRUE(pca);
  const Matrix<float> wide(2, 3);
  const auto scores = apply_pca(*pca, wide.view(), run);
  ASSERT_FALSE(scores);
  EXPECT_THAT(to_string(scores.error()), HasSubstr("expected 2 columns, found 3"));
}

TEST(Pca, GivesTheSameBitsForAnyThreads) {
  const RandomKey key = random_key(5, "test.pca");
  Matrix<float> x(3000, 9);
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(normal(key, i, 0));
  RunContext single({.threads = 1});
  const auto first = fit_pca(x.view(), 3, single);
  ASSERT_TRUE(first);
  for (const int threads : {2, 3, 7}) {
    RunContext many({.threads = threads});
    const auto other = fit_pca(x.view(), 3, many);
    ASSERT_TRUE(other);
    EXPECT_EQ(std::memcmp(first->components.data(), other->components.data(),
                          first->components.size() * sizeof(float)),
              0)
        << threads;
    EXPECT_EQ(first->explained_variance, other->explained_variance);
  }
}

}  // namespace
}  // namespace topograph

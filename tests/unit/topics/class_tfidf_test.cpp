#include "topograph/topics/class_tfidf.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace topograph {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Pointwise;

// [[3,0,1,2],[0,4,1,0],[1,1,1,0]]: A = floor(14 / 3) = 4, f = (4, 5, 3, 2).
Csr<double> example() {
  return {.offsets = {0, 3, 5, 8},
          .columns = {0, 2, 3, 1, 2, 0, 1, 2},
          .values = {3, 1, 2, 4, 1, 1, 1, 1},
          .n_cols = 4};
}

MATCHER_P(AreNear, expected, "") {
  return ::testing::ExplainMatchResult(Pointwise(DoubleNear(1e-12), expected), arg,
                                       result_listener);
}

TEST(ClassTfidf, TruncatesTheMeanSize) {
  const std::vector<double> expected = {std::log(4 / 4.0 + 1), std::log(4 / 5.0 + 1),
                                        std::log(4 / 3.0 + 1), std::log(4 / 2.0 + 1)};
  EXPECT_THAT(class_idf(example().view(), {}), AreNear(expected));
}

TEST(ClassTfidf, Bm25MayBeNegative) {
  const std::vector<double> expected = {std::log(5 / 4.5), std::log(5 / 5.5), std::log(5 / 3.5),
                                        std::log(5 / 2.5)};
  const auto idf = class_idf(example().view(), {.bm25_weighting = true});
  EXPECT_THAT(idf, AreNear(expected));
  const auto weights = class_tfidf(example().view(), idf, {.bm25_weighting = true});
  EXPECT_LT(weights.view().row_values(1)[0], 0);
}

TEST(ClassTfidf, RowsAreNormalisedCountsTimesIdf) {
  const std::vector<double> idf = {1, 10, 100, 1000};
  const auto weights = class_tfidf(example().view(), idf, {});
  const std::vector<double> expected = {0.5, 100 / 6.0, 2000 / 6.0, 8,
                                        20,  1 / 3.0,   10 / 3.0,   100 / 3.0};
  EXPECT_THAT(weights.values, AreNear(expected));
  EXPECT_EQ(weights.columns, example().columns);
  const auto roots = class_tfidf(example().view(), idf, {.reduce_frequent_words = true});
  EXPECT_DOUBLE_EQ(roots.values[0], std::sqrt(0.5));
}

TEST(ClassTfidf, ZeroProductsAreNotStored) {
  const std::vector<double> idf = {0, 1, 0, 1};
  const auto weights = class_tfidf(example().view(), idf, {});
  EXPECT_THAT(weights.columns, ElementsAre(3, 1, 1));
  EXPECT_THAT(weights.offsets, ElementsAre(0, 1, 2, 3));
}

TEST(ClassTfidf, EmptyRowsAndMatricesStayEmpty) {
  Csr<double> counts = {.offsets = {0, 0, 1}, .columns = {1}, .values = {2}, .n_cols = 3};
  const auto idf = class_idf(counts.view(), {});
  EXPECT_THAT(idf, ElementsAre(0, std::log(1 / 2.0 + 1), 0));  // A = floor(2 / 2).
  EXPECT_THAT(class_tfidf(counts.view(), idf, {}).offsets, ElementsAre(0, 0, 1));
  const Csr<double> none;
  EXPECT_TRUE(class_idf(none.view(), {}).empty());
  EXPECT_EQ(class_tfidf(none.view(), {}, {}).rows(), 0U);
}

}  // namespace
}  // namespace topograph

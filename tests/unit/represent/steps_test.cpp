#include "topograph/represent/steps.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "topograph/represent/represent_topics.hpp"

namespace topograph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Matrix<float> rows(const std::vector<std::array<float, 2>>& values) {
  Matrix<float> out(values.size(), 2);
  for (std::size_t i = 0; i < values.size(); ++i) {
    out[i, 0] = values[i][0];
    out[i, 1] = values[i][1];
  }
  return out;
}

TEST(Mmr, WithoutDiversityIsTheOrderOfSimilarityAndTiesGoToTheEarlierWord) {
  const auto words = rows({{0, 1}, {1, 0.1F}, {1, 0}, {1, 0}});
  EXPECT_THAT(maximal_marginal_relevance(words.view(), std::array{1.0F, 0.0F}, 0, 4),
              ElementsAre(2, 3, 1, 0));
}

TEST(Mmr, WithDiversityTakesTheWordThatIsUnlikeTheOthers) {
  const auto words = rows({{1, 0}, {1, 0.05F}, {0.5F, 1}});
  EXPECT_THAT(maximal_marginal_relevance(words.view(), std::array{1.0F, 0.0F}, 0.8, 2),
              ElementsAre(0, 2));
  EXPECT_THAT(maximal_marginal_relevance(words.view(), std::array{1.0F, 0.0F}, 0.8, 9).size(), 3U);
  EXPECT_THAT(
      maximal_marginal_relevance(Matrix<float>(0, 2).view(), std::array{1.0F, 0.0F}, 0.5, 3),
      IsEmpty());
}

TEST(WordsBySimilarity, WeighsByCosineAndKeepsTheBest) {
  const auto vectors = rows({{0, 2}, {3, 0}, {0, 0}});
  const auto words = words_by_similarity({{"a", 9}, {"b", 8}, {"c", 7}}, vectors.view(),
                                         std::array{1.0F, 0.0F}, 2);
  EXPECT_THAT(words, ElementsAre(TopicWord{"b", 1}, TopicWord{"a", 0}));
}

TEST(Chain, IsReadFromNamesAndRefusesOthers) {
  EXPECT_THAT(*parse_chain("keybert,mmr", "x"),
              ElementsAre(Representation::keybert, Representation::mmr));
  EXPECT_THAT(*parse_chain("mmr+mmr", "x"), ElementsAre(Representation::mmr, Representation::mmr));
  EXPECT_THAT(*parse_chain("", "x"), IsEmpty());
  const auto wrong = parse_chain("mmr,magic", "represent.main");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("'magic'"));
  EXPECT_EQ(wrong.error().where, "represent.main");
}

}  // namespace
}  // namespace topograph

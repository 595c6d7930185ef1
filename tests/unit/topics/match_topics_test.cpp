#include "topograph/topics/match_topics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

using Labels = std::vector<std::int32_t>;

std::vector<std::string> fates(const std::vector<TopicMatch>& matches) {
  std::vector<std::string> out;
  for (const TopicMatch& match : matches) {
    out.push_back(std::to_string(match.old_id) + " " + std::string(enum_name(match.fate)) + " " +
                  std::to_string(match.new_id));
  }
  return out;
}

std::vector<TopicMatch> by_documents(const Labels& older, const Labels& newer, std::size_t n_old,
                                     std::size_t n_new) {
  RunContext run;
  return *match_topics(affinity_by_documents(older, newer, n_old, n_new), run);
}

TEST(MatchTopics, FollowsTopicsThatChangedTheirNumber) {
  const Labels older{0, 0, 0, 1, 1, 2, 2, -1};
  const Labels newer{2, 2, 2, 0, 0, 1, -1, 1};
  const auto matches = by_documents(older, newer, 3, 3);
  EXPECT_EQ(fates(matches), (std::vector<std::string>{"0 kept 2", "1 kept 0", "2 kept 1"}));
  EXPECT_DOUBLE_EQ(matches[0].similarity, 1);
  EXPECT_DOUBLE_EQ(matches[2].similarity, 1.0 / 3);
}

TEST(MatchTopics, NamesSplitsMergesBirthsAndDeaths) {
  //              0 splits into 0 and 1 | 1, 2 join as 2  | 3 dies | 3 is born
  const Labels older{0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3, -1, -1, -1};
  const Labels newer{0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, -1, -1, 3, 3, 3};
  EXPECT_EQ(fates(by_documents(older, newer, 4, 4)),
            (std::vector<std::string>{"0 kept 0", "1 kept 2", "2 merged 2", "3 died -1",
                                      "0 split 1", "-1 born 3"}));
}

TEST(MatchTopics, PairsTopicsByVectorsAndByWords) {
  Matrix<float> older(2, 2);
  older[0, 0] = 3;
  older[1, 1] = 1;
  Matrix<float> newer(3, 2);
  newer[0, 1] = 2;
  newer[1, 0] = 1;
  newer[2, 0] = -1;
  RunContext run;
  const auto vectors = match_topics(
      affinity_by_vectors(std::as_const(older).view(), std::as_const(newer).view()), run);
  EXPECT_EQ(fates(*vectors), (std::vector<std::string>{"0 kept 1", "1 kept 0", "-1 born 2"}));

  const Csr<double> words{{0, 2, 3}, {0, 1, 2}, {1, 1, 5}, 3};
  const Csr<double> others{{0, 1, 3}, {2, 0, 1}, {1, 2, 2}, 3};
  const auto matches = match_topics(affinity_by_words(words.view(), others.view()), run);
  EXPECT_EQ(fates(*matches), (std::vector<std::string>{"0 kept 1", "1 kept 0"}));
  EXPECT_DOUBLE_EQ((*matches)[1].similarity, 1);
}

TEST(MatchTopics, NeverPartsTopicsThatAreEachOthersMostSimilar) {
  // .99 alone is less than .79 + .86, but 0 is 0.
  TopicAffinity affinity{
      .similarity = Matrix<double>(3, 3), .least_similarity = 0.7, .least_share = 1};
  affinity.similarity[0, 0] = 0.99;
  affinity.similarity[0, 1] = 0.79;
  affinity.similarity[1, 0] = 0.86;
  // Neither is the other's best: the sum decides.
  affinity.similarity[2, 1] = 0.75;
  affinity.similarity[2, 2] = 0.74;
  affinity.similarity[1, 2] = 0.72;
  affinity.share_of_old = affinity.share_of_new = affinity.similarity;
  RunContext run;
  EXPECT_EQ(fates(*match_topics(affinity, run)),
            (std::vector<std::string>{"0 kept 0", "1 kept 2", "2 kept 1"}));
}

TEST(StableNumbers, KeepOldNumbersAndFillTheFreeOnes) {
  const std::vector<TopicMatch> matches{{TopicFate::kept, 0, 3, 1},
                                        {TopicFate::kept, 2, 0, 1},
                                        {TopicFate::died, 3, -1, 0},
                                        {TopicFate::kept, 5, 1, 1},
                                        {TopicFate::born, -1, 2, 0}};
  // 5 cannot stay 5 among four topics.
  EXPECT_EQ(stable_numbers(matches, 4), (Labels{2, 1, 3, 0}));
}

TEST(MatchTopics, KnowsNoTopics) {
  EXPECT_TRUE(by_documents({}, {}, 0, 0).empty());
  EXPECT_EQ(fates(by_documents({-1}, {0}, 0, 1)), std::vector<std::string>{"-1 born 0"});
}

}  // namespace
}  // namespace topograph

// What opens a topic: groups of newcomers where the model has few documents, all of them far away.
#include "model/grow/open_topics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

constexpr std::size_t kNear = 10;

/// Newcomers whose nearest documents are newcomers of their group, the first `n_own` of them, and
/// documents of topic 0.
struct Group {
  std::size_t n = 0;
  std::size_t n_own = kNear;
  double expected = 1;
  double share_as_far = 0.05;
};

Newcomers newcomers_of(const std::vector<Group>& groups) {
  std::size_t n = 0;
  for (const Group& group : groups) n += group.n;
  Newcomers all{.places = Matrix<std::int32_t>(n, kNear),
                .topics = Matrix<std::int32_t>(n, kNear),
                .distances = Matrix<float>(n, kNear)};
  const RandomKey key = random_key(4, "newcomers");
  std::size_t begin = 0;
  for (const Group& group : groups) {
    for (std::size_t i = begin; i < begin + group.n; ++i) {
      all.points.push_back(i);
      all.weights.push_back(1);
      all.homes.push_back(0);
      all.expected.push_back(group.expected);
      all.share_as_far.push_back(group.share_as_far);
      const std::size_t start = uniform_below(key, i, 0, group.n - 1);
      for (std::size_t j = 0; j < kNear; ++j) {
        const std::size_t step = 1 + (start + j) % (group.n - 1);
        const std::size_t other = begin + (i - begin + step) % group.n;
        all.places[i, j] = j < group.n_own ? narrow<std::int32_t>(other) : -1;
        all.topics[i, j] = j < group.n_own ? -1 : 0;
        all.distances[i, j] = 0.1F + 0.01F * static_cast<float>(j);
      }
    }
    begin += group.n;
  }
  return all;
}

/// Low enough that a group is not cut.
constexpr double kResolution = 0.2;

OpenedTopics opened(const std::vector<Group>& groups, OpenTopicsOptions options = {}) {
  options.resolution = kResolution;
  RunContext run({.threads = 2});
  const Newcomers all = newcomers_of(groups);
  auto found = open_topics(all, options, run);
  EXPECT_TRUE(found) << to_string(found.error());
  return *std::move(found);
}

TEST(OpenTopics, AGroupThatTheModelDoesNotExplainOpens) {
  const OpenedTopics found = opened({{.n = 30, .n_own = 9}, {.n = 40, .n_own = 10}});
  EXPECT_EQ(found.n_topics, 2);
  EXPECT_EQ(found.labels[0], 1);  // By size.
  EXPECT_EQ(found.labels[69], 0);
  EXPECT_FLOAT_EQ(found.strength[0], 0.9F);
}

TEST(OpenTopics, AsManyNewcomersAsTheTopicGetsOpenNothing) {
  // Three of four around are newcomers, and three came for one of the topic: nothing is new.
  EXPECT_EQ(opened({{.n = 30, .n_own = 8, .expected = 4}}).n_topics, 0);
  EXPECT_EQ(opened({{.n = 30, .n_own = 8, .expected = 1}}).n_topics, 1);
}

TEST(OpenTopics, DocumentsAsNearAsTheModelsOwnOpenNothing) {
  EXPECT_EQ(opened({{.n = 30, .share_as_far = 0.5}}).n_topics, 0);
  EXPECT_EQ(opened({{.n = 30, .share_as_far = 0.5}}, {.chance = 1}).n_topics, 1);
}

TEST(OpenTopics, AGroupThatItsNeighboursGiveToATopicDoesNotOpen) {
  EXPECT_EQ(opened({{.n = 30, .n_own = 4, .expected = 0.01}}).n_topics, 0);
  EXPECT_EQ(opened({{.n = 30, .n_own = 6, .expected = 0.01}}).n_topics, 1);
}

TEST(OpenTopics, FewerDocumentsThanATopicNeedsWait) {
  EXPECT_EQ(opened({{.n = 12}}, {.min_topic_size = 13}).n_topics, 0);
  EXPECT_EQ(opened({{.n = 12}}, {.min_topic_size = 12}).n_topics, 1);
  EXPECT_EQ(opened({}).n_topics, 0);
}

TEST(OpenTopics, AMemberWithTheNeighboursOfAKnownTopicLeaves) {
  Newcomers all = newcomers_of({{.n = 30}});
  for (std::size_t j = 3; j < kNear; ++j) {
    all.places[7, j] = -1;
    all.topics[7, j] = 0;
  }
  RunContext run;
  const auto found = open_topics(all, {.resolution = kResolution}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->n_topics, 1);
  EXPECT_EQ(found->labels[7], -1);
  EXPECT_EQ(found->labels[8], 0);
}

TEST(OpenTopics, ANewcomerWhoseNeighboursOpenATopicFollows) {
  Newcomers all = newcomers_of({{.n = 30}});
  // Not more newcomers around than its home gets, but more of the topic that opens than of others.
  all.expected[7] = 9;
  for (std::size_t j = 6; j < kNear; ++j) {
    all.places[7, j] = -1;
    all.topics[7, j] = static_cast<std::int32_t>(j);
  }
  RunContext run;
  const auto found = open_topics(all, {.resolution = kResolution}, run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->labels[7], 0);
  EXPECT_FLOAT_EQ(found->strength[7], 0.6F);
}

TEST(ChanceOf, IsThatOfFishersTest) {
  EXPECT_DOUBLE_EQ(chance_of({0.03}), 0.03);
  // P(U V <= c) = c - c ln c.
  EXPECT_NEAR(chance_of({0.1, 0.2}), 0.02 - 0.02 * std::log(0.02), 1e-12);
  EXPECT_EQ(chance_of({1, 1, 1}), 1);
  EXPECT_GT(chance_of(std::vector<double>(500, 0.5)), 0.999);
  EXPECT_LT(chance_of(std::vector<double>(500, 0.2)), 1e-30);
}

}  // namespace
}  // namespace topograph

// Topics of a whole model, merged and reduced: the numbers that BERTopic gives every document.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "golden/topics/bertopic_data.hpp"
#include "topograph/model/reduce_outliers.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {
namespace {

using golden::Json;

const golden::PeerModel& peer() {
  static const golden::PeerModel model = golden::read_peer_model();
  return model;
}

TopicModel fitted() {
  FitOptions options;
  options.cluster.method = ClusterMethod::given;
  options.map.method = LayoutMethod::pca;
  options.documents.duplicates = Duplicates::keep;
  options.words.stop_words = "none";
  options.words.token_rule = WordRule::sklearn;
  RunContext run;
  auto model =
      TopicModel::fit(peer().texts, nullptr, peer().vectors.view(), options, run, peer().topics);
  EXPECT_TRUE(model) << to_string(model.error());
  return *std::move(model);
}

/// Equal numbers; topics of equal size may be swapped.
void expect_same_topics(const std::vector<std::int32_t>& found,
                        const std::vector<std::int32_t>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  std::map<std::int32_t, std::int32_t> there;
  std::map<std::int32_t, std::size_t> sizes;
  for (const std::int32_t topic : expected) ++sizes[topic];
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(there.try_emplace(found[i], expected[i]).first->second, expected[i]) << i;
    EXPECT_EQ(sizes[found[i]], sizes[expected[i]]) << i;
    EXPECT_EQ(found[i] < 0, expected[i] < 0) << i;
  }
}

TEST(ChangedTopicsGolden, AFitWithThePeersTopicsNumbersThemAlike) {
  EXPECT_EQ(fitted().documents().topics, peer().topics);
}

TEST(ChangedTopicsGolden, MergedTopicsOfEveryDocument) {
  TopicModel model = fitted();
  RunContext run;
  const Json& golden = peer().data["merged"];
  const auto points =
      merge_topics(model, golden["groups"].get<std::vector<std::vector<std::int32_t>>>());
  ASSERT_TRUE(points);
  ASSERT_TRUE(model.regroup(*points, peer().texts, TopicOrder::by_size, run));
  expect_same_topics(model.documents().topics, golden["topics"].get<std::vector<std::int32_t>>());
  for (const Topic& topic : model.topics().topics) {
    const auto words = golden::words_of(golden["words"][std::to_string(topic.id)]);
    EXPECT_EQ(golden::difference(topic.words, words, 1e-9), "") << topic.id;
  }
}

TEST(ChangedTopicsGolden, ReducedTopicsOfEveryDocumentByWords) {
  for (const Json& golden : peer().data["reduced"]) {
    if (golden["n"] == "auto" || !golden["by_words"]) continue;
    SCOPED_TRACE(golden["n"].dump());
    TopicModel model = fitted();
    RunContext run;
    const auto points = reduce_topics(
        model,
        {.n_topics = golden["n"].get<int>(), .by = TopicView::words, .counts_outliers = true}, run);
    ASSERT_TRUE(points);
    ASSERT_TRUE(model.regroup(*points, peer().texts, TopicOrder::by_size, run));
    expect_same_topics(model.documents().topics, golden["topics"].get<std::vector<std::int32_t>>());
  }
}

TEST(ChangedTopicsGolden, OutliersOfTheWholeModelMoveByWordsAndDistributions) {
  for (const Json& golden : peer().data["outliers"]) {
    const std::string name = golden["strategy"];
    if (name == "embeddings" || name == "probabilities") continue;
    SCOPED_TRACE(golden["strategy"].dump() + golden["threshold"].dump());
    TopicModel model = fitted();
    RunContext run;
    const auto strategy =
        name == "c-tf-idf" ? OutlierStrategy::words : OutlierStrategy::distributions;
    const auto points = reduce_outliers(
        model, peer().texts, {.strategy = strategy, .threshold = golden["threshold"].get<double>()},
        run);
    ASSERT_TRUE(points);
    ASSERT_TRUE(model.regroup(*points, peer().texts, TopicOrder::kept, run));
    EXPECT_EQ(model.documents().topics, golden["topics"].get<std::vector<std::int32_t>>());
  }
}

}  // namespace
}  // namespace topograph

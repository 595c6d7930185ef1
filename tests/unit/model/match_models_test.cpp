#include "topograph/model/match_models.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "unit/model/subjects.hpp"

namespace topograph {
namespace {

using subjects::fit;
using subjects::found;
using subjects::joined;
using subjects::make_corpus;
using testing::HasSubstr;

std::vector<std::string> fates(const ModelMatch& match) {
  std::vector<std::string> out;
  for (const TopicMatch& entry : match.matches) out.emplace_back(enum_name(entry.fate));
  return out;
}

/// Both topics of a kept pair have the same best words.
void expect_same_subjects(const ModelMatch& match, const TopicModel& older,
                          const TopicModel& newer) {
  const auto best = [](const TopicModel& model, std::int32_t id) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < 4; ++i) words.push_back(model.topics().find(id)->words[i].term);
    std::ranges::sort(words);
    return words;
  };
  for (const TopicMatch& entry : match.matches) {
    if (entry.fate != TopicFate::kept) continue;
    EXPECT_EQ(best(older, entry.old_id), best(newer, entry.new_id));
  }
}

TEST(MatchModels, FindsTopicsAgainByDocumentsVectorsAndWords) {
  const auto corpus = make_corpus(160, {0, 1, 2, 3}, 1);
  const auto more = joined(corpus, make_corpus(120, {3, 3, 4}, 2));
  const auto older = fit(corpus);
  const auto newer = fit(more);
  ASSERT_TRUE(older && newer);
  ASSERT_EQ(older->facts().n_topics, 4);
  ASSERT_EQ(newer->facts().n_topics, 5);
  for (const MatchBy by :
       {MatchBy::automatic, MatchBy::documents, MatchBy::vectors, MatchBy::words}) {
    RunContext run;
    const auto match = match_models(*older, *newer, {.by = by}, run);
    ASSERT_TRUE(match) << to_string(match.error());
    EXPECT_EQ(fates(*match), (std::vector<std::string>{"kept", "kept", "kept", "kept", "born"}))
        << enum_name(by);
    expect_same_subjects(*match, *older, *newer);
  }
}

TEST(MatchModels, WithoutSharedDocumentsComparesVectors) {
  const auto older = fit(make_corpus(120, {0, 1, 2}, 1));
  const auto newer = fit(make_corpus(120, {5, 2, 1}, 2));
  ASSERT_TRUE(older && newer);
  RunContext run;
  const auto match = match_models(*older, *newer, {}, run);
  ASSERT_TRUE(match);
  EXPECT_EQ(match->by, MatchBy::vectors);
  EXPECT_EQ(match->n_shared, 0);
  EXPECT_EQ(std::ranges::count(fates(*match), "kept"), 2);
  EXPECT_EQ(std::ranges::count(fates(*match), "died"), 1);
  EXPECT_EQ(std::ranges::count(fates(*match), "born"), 1);
  expect_same_subjects(*match, *older, *newer);
  const auto none = match_models(*older, *newer, {.by = MatchBy::documents}, run);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("share no documents"));
}

class Renumbered : public testing::TestWithParam<ClusterMethod> {};
INSTANTIATE_TEST_SUITE_P(Methods, Renumbered,
                         testing::Values(ClusterMethod::communities, ClusterMethod::hdbscan,
                                         ClusterMethod::kmeans));

TEST_P(Renumbered, TopicsKeepWordsPlacesAndPredictionsAlsoAfterLoading) {
  const auto corpus = make_corpus(160, {0, 1, 2, 3}, 3);
  FitOptions options;
  options.cluster.method = GetParam();
  if (GetParam() == ClusterMethod::kmeans) options.cluster.n_clusters = 4;
  options.store.memberships = GetParam() == ClusterMethod::hdbscan ? 2 : 0;
  const auto before = found(corpus, options);
  auto model = found(corpus, options);
  ASSERT_TRUE(before && model);
  const auto n = narrow<std::int32_t>(before->facts().n_topics);
  ASSERT_GE(n, 4);
  std::vector<std::int32_t> numbers;
  for (std::int32_t topic = 0; topic < n; ++topic) numbers.push_back((topic + n - 2) % n);
  model->renumber(numbers);
  for (const Topic& topic : before->topics().topics) {
    if (topic.id < 0) continue;
    const Topic* now = model->topics().find(numbers[idx(topic.id)]);
    EXPECT_EQ(now->words, topic.words);
    EXPECT_EQ(now->label, topic.label);
    EXPECT_EQ(now->representative_rows, topic.representative_rows);
  }
  const auto folder = std::filesystem::temp_directory_path() /
                      ("tg_renumbered_" + std::to_string(static_cast<int>(GetParam())));
  std::filesystem::create_directories(folder);
  RunContext run;
  ASSERT_TRUE(model->save(folder, "{}", run));
  const auto loaded = TopicModel::load(folder);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const auto fresh = make_corpus(40, {0, 1, 2, 3}, 9);
  const auto was = before->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
  for (const TopicModel* answering : std::initializer_list<const TopicModel*>{&*model, &*loaded}) {
    const auto is = answering->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
    ASSERT_TRUE(was && is);
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const std::int32_t old = was->topics[i];
      EXPECT_EQ(is->topics[i], old < 0 ? old : numbers[idx(old)]) << i;
    }
  }
  std::filesystem::remove_all(folder);
}

TEST(MatchModels, NumbersAreStableFromFitToFit) {
  const auto corpus = make_corpus(200, {0, 1, 2, 3}, 4);
  const auto first = fit(corpus);
  ASSERT_TRUE(first);
  RunContext run;
  // Subject 3 becomes the largest, so that numbers by size would change.
  auto second = fit(joined(corpus, make_corpus(60, {3}, 5)));
  ASSERT_TRUE(second);
  const auto match = match_models(*first, *second, {}, run);
  ASSERT_TRUE(match);
  second->renumber(stable_numbers(match->matches, 4));
  const auto again = match_models(*first, *second, {}, run);
  for (const TopicMatch& entry : again->matches) EXPECT_EQ(entry.old_id, entry.new_id);
}

}  // namespace
}  // namespace topograph

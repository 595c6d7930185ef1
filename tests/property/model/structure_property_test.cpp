// Changes of topics, joined and matched models, and growing ones: the same bits for any number of
// threads, and laws that hold whatever the documents are.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "property/model/stored_bytes.hpp"
#include "topograph/model/match_models.hpp"
#include "topograph/model/merge_models.hpp"
#include "topograph/model/topic_changes.hpp"
#include "unit/model/subjects.hpp"

namespace topograph {
namespace {

using subjects::Corpus;
using subjects::counted;
using subjects::make_corpus;
using subjects::stored_bytes;

Result<TopicModel> fit(const Corpus& corpus, RunContext& run) {
  FitOptions options;
  options.store.memberships = 3;
  return TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run);
}

/// Topics of either list that go together; false when one of the one is several of the other.
bool is_same_partition(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  std::map<std::int32_t, std::int32_t> there;
  std::map<std::int32_t, std::int32_t> back;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (there.try_emplace(a[i], b[i]).first->second != b[i]) return false;
    if (back.try_emplace(b[i], a[i]).first->second != a[i]) return false;
  }
  return true;
}

struct Change {
  const char* name;
  Result<PointTopics> (*make)(const TopicModel&, const Corpus&, RunContext&);
};

const Change kChanges[] = {
    {"merge",
     [](const TopicModel& model, const Corpus&, RunContext&) {
       return merge_topics(model, {{0, 2}});
     }},
    {"delete", [](const TopicModel& model, const Corpus&,
                  RunContext&) { return delete_topics(model, std::vector{1}); }},
    {"reduce_words",
     [](const TopicModel& model, const Corpus&, RunContext& run) {
       return reduce_topics(model, {.n_topics = 2, .by = TopicView::words}, run);
     }},
    {"reduce_auto", [](const TopicModel& model, const Corpus&,
                       RunContext& run) { return reduce_topics(model, {}, run); }},
    {"split", [](const TopicModel& model, const Corpus&,
                 RunContext& run) { return split_topic(model, 0, {.n_parts = 2}, run); }},
    {"split_communities", [](const TopicModel& model, const Corpus&, RunContext& run) {
       return split_topic(model, 0, {}, run);
     }}};

TEST(StructureProperty, AnyNumberOfThreadsGivesTheSameChangedModels) {
  const Corpus corpus = make_corpus(160, {0, 1, 2, 3}, 3);
  for (const Change& change : kChanges) {
    std::string expected;
    for (const int threads : {1, 2, 3, 7}) {
      SCOPED_TRACE(std::string(change.name) + ", threads " + std::to_string(threads));
      RunContext run({.threads = threads});
      auto model = fit(corpus, run);
      ASSERT_TRUE(model) << to_string(model.error());
      const auto topics = change.make(*model, corpus, run);
      ASSERT_TRUE(topics) << to_string(topics.error());
      ASSERT_TRUE(model->regroup(*topics, corpus.texts, TopicOrder::by_size, run));
      const std::string bytes = stored_bytes(*model, "changed");
      if (threads == 1) expected = bytes;
      EXPECT_TRUE(bytes == expected);
    }
  }
}

TEST(StructureProperty, CountsOfMergedTopicsAreSumsOfTheirCounts) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Corpus corpus = make_corpus(120, {0, 1, 2, 3}, seed);
    RunContext run({.threads = 2});
    auto model = subjects::fit(corpus);
    ASSERT_TRUE(model);
    const auto before = counted(model->description());
    ASSERT_TRUE(
        model->regroup(*merge_topics(*model, {{1, 3}}), corpus.texts, TopicOrder::kept, run));
    std::map<std::string, double> sum = before[1];
    for (const auto& [term, n] : before[3]) sum[term] += n;
    EXPECT_EQ(counted(model->description())[1], sum) << "seed " << seed;
  }
}

TEST(StructureProperty, TopicsThatWereDeletedComeBackAsTheyWere) {
  const Corpus corpus = make_corpus(160, {0, 1, 2, 3}, 8);
  RunContext run({.threads = 2});
  auto model = subjects::fit(corpus);
  ASSERT_TRUE(model);
  const PointTopics before(model->point_labels().begin(), model->point_labels().end());
  const auto counts = counted(model->description());
  const TopicTable topics = model->topics();
  ASSERT_TRUE(model->regroup(*delete_topics(*model, std::vector{1, 2}), corpus.texts,
                             TopicOrder::by_size, run));
  ASSERT_EQ(model->facts().n_topics, 2);
  ASSERT_TRUE(model->regroup(before, corpus.texts, TopicOrder::kept, run));
  EXPECT_EQ(counted(model->description()), counts);
  for (const Topic& topic : topics.topics) {
    EXPECT_EQ(model->topics().find(topic.id)->words, topic.words);
  }
}

TEST(StructureProperty, AnyNumberOfThreadsGivesTheSameMatches) {
  const Corpus a = make_corpus(160, {0, 1, 2, 3}, 3);
  const Corpus b = subjects::joined(make_corpus(120, {1, 2, 3, 4}, 5), make_corpus(80, {0, 5}, 3));
  for (const MatchBy by : {MatchBy::vectors, MatchBy::words}) {
    std::vector<TopicMatch> expected;
    for (const int threads : {1, 2, 3, 7}) {
      RunContext run({.threads = threads});
      const auto older = fit(a, run);
      const auto newer = fit(b, run);
      ASSERT_TRUE(older);
      ASSERT_TRUE(newer);
      const auto match = match_models(*older, *newer, {.by = by}, run);
      ASSERT_TRUE(match);
      if (threads == 1) expected = match->matches;
      ASSERT_EQ(match->matches.size(), expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(match->matches[i].old_id, expected[i].old_id);
        EXPECT_EQ(match->matches[i].new_id, expected[i].new_id);
        EXPECT_EQ(match->matches[i].similarity, expected[i].similarity);
      }
    }
  }
}

/// Kinds of change between two models, and how often.
std::map<TopicFate, std::size_t> fates(const TopicModel& older, const TopicModel& newer) {
  RunContext run;
  std::map<TopicFate, std::size_t> kinds;
  const auto match = match_models(older, newer, {.by = MatchBy::vectors}, run);
  EXPECT_TRUE(match);
  for (const TopicMatch& entry : match->matches) ++kinds[entry.fate];
  return kinds;
}

TEST(StructureProperty, ReadBackwardsBirthsAreDeathsAndSplitsAreMerges) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Corpus a = make_corpus(160, {0, 1, 2, 3}, seed);
    Corpus b = make_corpus(160, {1, 2, 3, 4}, seed + 10);
    const auto older = subjects::fit(a);
    const auto newer = subjects::fit(b);
    ASSERT_TRUE(older);
    ASSERT_TRUE(newer);
    auto forward = fates(*older, *newer);
    auto backward = fates(*newer, *older);
    EXPECT_EQ(forward[TopicFate::born], backward[TopicFate::died]) << "seed " << seed;
    EXPECT_EQ(forward[TopicFate::died], backward[TopicFate::born]) << "seed " << seed;
    EXPECT_EQ(forward[TopicFate::split], backward[TopicFate::merged]) << "seed " << seed;
    EXPECT_EQ(forward[TopicFate::born], 1U) << "seed " << seed;
  }
}

TEST(StructureProperty, TheOrderOfModelsChangesNumbersOnly) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Corpus a = make_corpus(120, {0, 1, 2}, seed);
    const Corpus b = make_corpus(90, {2, 3, 1}, seed + 20);
    const auto first = subjects::fit(a);
    const auto second = subjects::fit(b);
    ASSERT_TRUE(first);
    ASSERT_TRUE(second);
    RunContext run({.threads = 2});
    const std::vector<ModelPart> forward = {{"a", &*first, &a.texts}, {"b", &*second, &b.texts}};
    const std::vector<ModelPart> backward = {{"b", &*second, &b.texts}, {"a", &*first, &a.texts}};
    const auto ab = merge_models(forward, {}, run);
    const auto ba = merge_models(backward, {}, run);
    ASSERT_TRUE(ab) << to_string(ab.error());
    ASSERT_TRUE(ba) << to_string(ba.error());
    EXPECT_EQ(ab->model.facts().n_topics, 4);
    std::vector<std::int32_t> turned(ba->model.point_labels().begin(),
                                     ba->model.point_labels().end());
    std::ranges::rotate(turned, turned.begin() + 90);
    EXPECT_TRUE(is_same_partition(ab->model.point_labels(), turned)) << "seed " << seed;
    auto one = counted(ab->model.description());
    auto other = counted(ba->model.description());
    std::ranges::sort(one);
    std::ranges::sort(other);
    EXPECT_EQ(one, other) << "seed " << seed;
  }
}

}  // namespace
}  // namespace topograph

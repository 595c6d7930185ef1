#include "topograph/model/merge_models.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "topograph/model/bertopic_folder.hpp"
#include "unit/model/subjects.hpp"

namespace topograph {
namespace {

using subjects::Corpus;
using subjects::counted;
using subjects::fit;
using subjects::joined;
using subjects::make_corpus;
using testing::HasSubstr;

Result<MergedModel> merge(const std::vector<ModelPart>& parts, double min_similarity = 0.7,
                          int threads = 2) {
  RunContext run({.threads = threads});
  return merge_models(parts, {.min_similarity = min_similarity}, run);
}

FitOptions bigrams() {
  FitOptions options;
  options.words.ngram_range = {1, 2};
  options.words.stop_words = "none";
  return options;
}

TEST(MergeModels, CountsAreThoseOfCountingAllDocumentsTogether) {
  const Corpus a = make_corpus(120, {0, 1, 2}, 1);
  const Corpus b = make_corpus(90, {2, 0, 1}, 2);
  const auto first = fit(a, bigrams());
  const auto second = fit(b, bigrams());
  ASSERT_TRUE(first && second);
  const auto merged = merge({{"a", &*first, &a.texts}, {"b", &*second, &b.texts}});
  ASSERT_TRUE(merged) << to_string(merged.error());
  const TopicModel& model = merged->model;
  EXPECT_EQ(model.facts().n_topics, 3);
  EXPECT_EQ(model.facts().n_documents, 210);
  const Corpus all = joined(a, b);
  RunContext run;
  const auto anew =
      describe_topics(all.texts, model.point_labels(), model.point_weights(), model.point_rows(), 3,
                      model.description().counts.plan, {}, {}, run);
  ASSERT_TRUE(anew);
  EXPECT_EQ(counted(model.description()), counted(*anew));
  EXPECT_EQ(model.description().idf, anew->idf);
  for (const Topic& topic : anew->table.topics) {
    const Topic* found = model.topics().find(topic.id);
    EXPECT_EQ(found->words, topic.words);
    EXPECT_EQ(found->count, topic.count);
    EXPECT_EQ(found->representative_rows, topic.representative_rows);
    EXPECT_EQ(found->words.front(), topic.words.front());
  }
  // Topics of the first keep their ids: its documents have the topics that they had.
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(model.documents().topics[i], first->documents().topics[i]);
  }
}

TEST(MergeModels, UnlikeTopicsGetTheNextIds) {
  const Corpus a = make_corpus(120, {0, 1, 2}, 1);
  const Corpus b = make_corpus(120, {2, 4, 5}, 2);
  const auto first = fit(a);
  const auto second = fit(b);
  ASSERT_TRUE(first && second);
  const auto merged = merge({{"a", &*first, &a.texts}, {"b", &*second, &b.texts}});
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->model.facts().n_topics, 5);
  std::vector<std::int32_t> ids;
  std::size_t n_new = 0;
  for (const JoinedTopic& topic : merged->topics[1]) {
    n_new += topic.is_new ? 1 : 0;
    if (topic.is_new) ids.push_back(topic.id);
  }
  EXPECT_EQ(ids, (std::vector<std::int32_t>{3, 4}));
  EXPECT_EQ(n_new, 2U);
  const auto apart = merge({{"a", &*first, &a.texts}, {"b", &*second, &b.texts}}, 1.0);
  EXPECT_EQ(apart->model.facts().n_topics, 6);
  const auto together = merge({{"a", &*first, &a.texts}, {"b", &*second, &b.texts}}, -1.0);
  EXPECT_EQ(together->model.facts().n_topics, 3);
}

TEST(MergeModels, AMergedModelPlacesDocumentsAlsoAfterLoading) {
  const Corpus a = make_corpus(120, {0, 1, 2}, 1);
  const Corpus b = make_corpus(120, {3, 4, 5}, 2);
  FitOptions options;
  options.cluster.method = ClusterMethod::hdbscan;
  const auto first = subjects::found(a, options);
  const auto second = fit(b);
  ASSERT_TRUE(first && second);
  ASSERT_EQ(first->facts().n_topics, 3);
  const auto merged = merge({{"a", &*first, &a.texts}, {"b", &*second, &b.texts}});
  ASSERT_TRUE(merged);
  EXPECT_TRUE(merged->model.has_map());
  EXPECT_TRUE(merged->model.has_embeddings());
  const auto folder = std::filesystem::temp_directory_path() / "tg_merged_models";
  std::filesystem::create_directories(folder);
  RunContext run;
  ASSERT_TRUE(merged->model.save(folder, merged->model.input_json(), run));
  const auto loaded = TopicModel::load(folder);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const Corpus fresh = make_corpus(60, {0, 1, 2, 3, 4, 5}, 7);
  const auto found = loaded->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
  ASSERT_TRUE(found) << to_string(found.error());
  // Documents of one subject share a topic, documents of two do not.
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    EXPECT_EQ(found->topics[i], found->topics[i % 6]) << i;
    if (i > 0 && i < 6) {
      EXPECT_NE(found->topics[i], found->topics[i - 1]);
    }
  }
  // What the model knows stays where it is.
  const auto known = loaded->transform(b.texts, nullptr, b.vectors.view(), run);
  for (std::size_t i = 0; i < b.size(); ++i) {
    EXPECT_EQ(known->topics[i], merged->model.documents().topics[a.size() + i]);
  }
  const auto parts = nlohmann::json::parse(loaded->input_json())["merged"];
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0]["name"], "a");
  EXPECT_EQ(parts[1]["documents"], 120);
  std::filesystem::remove_all(folder);
}

TEST(MergeModels, GivesTheSameBitsForAnyNumberOfThreads) {
  const Corpus a = make_corpus(120, {0, 1, 2}, 1);
  const Corpus b = make_corpus(90, {2, 4}, 2);
  const auto first = fit(a);
  const auto second = fit(b);
  ASSERT_TRUE(first && second);
  const std::vector<ModelPart> parts{{"a", &*first, &a.texts}, {"b", &*second, &b.texts}};
  const auto one = merge(parts, 0.7, 1);
  const auto three = merge(parts, 0.7, 3);
  ASSERT_TRUE(one && three);
  EXPECT_EQ(one->model.documents().topics, three->model.documents().topics);
  EXPECT_TRUE(std::ranges::equal(one->model.description().weights.values,
                                 three->model.description().weights.values));
  const auto a_places = one->model.point_positions();
  const auto b_places = three->model.point_positions();
  for (std::size_t i = 0; i < a_places.rows(); ++i) {
    EXPECT_TRUE(std::ranges::equal(a_places.row(i), b_places.row(i)));
  }
}

TEST(MergeModels, WordsOfOtherRulesAreCountedAgain) {
  const Corpus a = make_corpus(120, {0, 1, 2}, 1);
  const Corpus b = make_corpus(90, {2, 0, 1}, 2);
  const auto first = fit(a, bigrams());
  const auto second = fit(b);
  ASSERT_TRUE(first && second);
  const auto merged = merge({{"a", &*first, &a.texts}, {"b", &*second, &b.texts}});
  const auto same_rules = fit(b, bigrams());
  const auto plain = merge({{"a", &*first, &a.texts}, {"b", &*same_rules, &b.texts}});
  ASSERT_TRUE(merged && plain);
  EXPECT_EQ(counted(merged->model.description()), counted(plain->model.description()));
}

TEST(MergeModels, ModelsThatCannotBeComparedAreRefused) {
  const Corpus a = make_corpus(60, {0, 1, 2}, 1);
  const auto first = fit(a);
  ASSERT_TRUE(first);
  EXPECT_THAT(merge({{"a", &*first, &a.texts}}).error().message, HasSubstr("two or more"));
  RunContext run;
  const TextColumn none;
  const auto peer = read_bertopic(TG_TEST_DATA "/model/bertopic/plain", none, {}, run);
  ASSERT_TRUE(peer);
  const auto wide = merge({{"a", &*first, &a.texts}, {"peer", &*peer, &none}});
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().where, "peer");
  EXPECT_THAT(wide.error().message, HasSubstr("6 dimensions"));
  const auto counts = merge({{"peer", &*peer, &none}, {"again", &*peer, &none}});
  ASSERT_FALSE(counts);
  EXPECT_THAT(counts.error().message, HasSubstr("no term counts"));
}

TEST(MergeModels, ConvertedModelsAddUpWithoutDocuments) {
  RunContext run;
  const TextColumn none;
  const auto peer = read_bertopic(TG_TEST_DATA "/model/bertopic/full", none, {}, run);
  ASSERT_TRUE(peer);
  const auto merged = merge({{"one", &*peer, &none}, {"two", &*peer, &none}});
  ASSERT_TRUE(merged) << to_string(merged.error());
  EXPECT_EQ(merged->model.facts().n_topics, peer->facts().n_topics);
  EXPECT_EQ(merged->model.topics().find(0)->count, 2 * peer->topics().find(0)->count);
  auto twice = counted(peer->description());
  for (auto& row : twice) {
    for (auto& [term, count] : row) count *= 2;
  }
  EXPECT_EQ(counted(merged->model.description()), twice);
  EXPECT_FALSE(merged->model.outlier_vector().empty());
  EXPECT_FALSE(merged->model.has_map());
}

}  // namespace
}  // namespace topograph

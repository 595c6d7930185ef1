// Steps over counts give the same bits for any number of threads, and windows add up.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "topograph/core/random.hpp"
#include "topograph/topics/outlier_moves.hpp"
#include "topograph/topics/topic_distances.hpp"
#include "topograph/topics/topic_distribution.hpp"
#include "topograph/topics/topic_hierarchy.hpp"
#include "topograph/topics/topic_slices.hpp"

namespace topograph {
namespace {

constexpr std::size_t kDocuments = 600;
constexpr std::int32_t kTopics = 7;

struct Corpus {
  TextColumn texts = {};
  std::vector<std::int32_t> topics = {};
  std::vector<std::int32_t> slices = {};
};

Corpus make_corpus() {
  const RandomKey key = random_key(5, "structure");
  Corpus corpus;
  for (std::size_t i = 0; i < kDocuments; ++i) {
    const auto topic = static_cast<std::int32_t>(uniform_below(key, i, 0, kTopics + 1)) - 1;
    std::string text;
    for (std::uint64_t w = 0; w < 3 + uniform_below(key, i, 1, 9); ++w) {
      const std::uint64_t word =
          uniform_below(key, i, 10 + w, 12) +
          (uniform(key, i, 90 + w) < 0.6 ? 10U * static_cast<unsigned>(topic + 1) : 0U);
      text += (text.empty() ? "w" : " w") + std::to_string(word);
    }
    corpus.texts.push_back(text);
    corpus.topics.push_back(topic);
    corpus.slices.push_back(static_cast<std::int32_t>(uniform_below(key, i, 2, 5)) - 1);
  }
  return corpus;
}

struct Everything {
  std::vector<double> distances = {};
  std::vector<double> shares = {};
  std::vector<double> tokens = {};
  std::vector<double> weights = {};
  std::vector<double> moves = {};
  std::string tree = {};
  bool operator==(const Everything&) const = default;
};

Everything compute(const Corpus& corpus, int threads) {
  RunContext run({.threads = threads});
  std::vector<std::int64_t> rows(kDocuments);
  std::iota(rows.begin(), rows.end(), 0);
  const auto plan = plan_counting(corpus.texts, {.ngram_range = {1, 2}, .stop_words = "none"}, run);
  const auto description =
      describe_topics(corpus.texts, corpus.topics, {}, rows, kTopics, *plan, {}, {}, run);
  const auto& counts = description->counts;
  std::vector<std::int32_t> row_of(kTopics + 1);
  std::iota(row_of.begin(), row_of.end(), -1);
  const auto weights = description->weights.view();
  Everything out;
  out.distances = *cosine_distances(weights, run);
  const auto distribution =
      token_distribution(corpus.texts, counts.vocabulary, counts.plan, weights, description->idf,
                         {}, {.min_similarity = 0.05}, run);
  out.shares = distribution->all.documents.values;
  out.tokens = distribution->topics.values;
  const auto slices =
      topic_slices(corpus.texts, corpus.topics, corpus.slices, *description, {}, {}, run);
  for (const TopicInSlice& entry : *slices) {
    for (const TopicWord& word : entry.words) out.weights.push_back(word.weight);
  }
  const auto documents = count_documents(corpus.texts, rows, counts.vocabulary, counts.plan, run);
  const auto moves = moves_by_words(documents->view(), weights, description->idf, {}, 0, run);
  for (const OutlierMove& move : *moves) out.moves.push_back(move.score);
  std::vector<double> real = out.distances;
  real.erase(real.begin(), real.begin() + kTopics);  // The pairs of row 0, which is -1.
  const auto tree = topic_hierarchy(real, *description, {}, 10, run);
  out.tree = tree_text(*tree, description->table, {});
  return out;
}

TEST(TopicStructure, IsTheSameForAnyNumberOfThreads) {
  const Corpus corpus = make_corpus();
  const Everything expected = compute(corpus, 1);
  EXPECT_FALSE(expected.tokens.empty());
  for (const int threads : {2, 3, 7}) EXPECT_EQ(compute(corpus, threads), expected) << threads;
}

TEST(TopicDistribution, RowsSumToOneOrAreEmptyAndWordsMakeUpTheDocument) {
  const Corpus corpus = make_corpus();
  RunContext run;
  std::vector<std::int64_t> rows(kDocuments);
  std::iota(rows.begin(), rows.end(), 0);
  const auto plan = plan_counting(corpus.texts, {.stop_words = "none"}, run);
  const auto description =
      describe_topics(corpus.texts, corpus.topics, {}, rows, kTopics, *plan, {}, {}, run);
  for (const DistributionOptions& options : {DistributionOptions{},
                                             {.window = 1},
                                             {.window = 3, .stride = 2, .padding = true},
                                             {.window = 50}}) {
    const auto found =
        token_distribution(corpus.texts, description->counts.vocabulary, *plan,
                           description->weights.view(), description->idf, {}, options, run);
    ASSERT_TRUE(found);
    const auto documents = found->all.documents.view();
    for (std::size_t d = 0; d < kDocuments; ++d) {
      double sum = 0;
      for (const double share : documents.row_values(d)) sum += share;
      EXPECT_TRUE(documents.row_values(d).empty() || std::abs(sum - 1) < 1e-12) << d;
      std::vector<double> of_words(kTopics + 1, 0);
      double total = 0;
      for (auto t = found->first_token[d]; t < found->first_token[d + 1]; ++t) {
        const auto row = static_cast<std::size_t>(t);
        for (std::size_t i = 0; i < found->topics.view().row_columns(row).size(); ++i) {
          const double value = found->topics.view().row_values(row)[i];
          of_words[static_cast<std::size_t>(found->topics.view().row_columns(row)[i])] += value;
          total += value;
        }
      }
      for (std::size_t i = 0; i < documents.row_columns(d).size(); ++i) {
        EXPECT_NEAR(documents.row_values(d)[i],
                    of_words[static_cast<std::size_t>(documents.row_columns(d)[i])] / total, 1e-12);
      }
    }
  }
}

}  // namespace
}  // namespace topograph

// Names, seeds and seed words: the same documents, moves and weights as BERTopic's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>

#include "golden/topics/bertopic_data.hpp"
#include "model/grow/grow_counts.hpp"
#include "model/steering_steps.hpp"

namespace topograph {
namespace {

using golden::Json;

const Json& steering() {
  static const Json data = [] {
    std::ifstream file(TG_TEST_DATA "/topics/steering/steering.json");
    return Json::parse(file);
  }();
  return data;
}

const golden::PeerModel& peer() {
  static const golden::PeerModel model = golden::read_peer_model();
  return model;
}

TEST(SteeringGolden, DocumentsLikeNames) {
  RunContext run;
  const auto names = golden::matrix_of(steering()["name_vectors"]);
  const auto nearest = nearest_targets(peer().vectors.view(), names.view(), run);
  ASSERT_TRUE(nearest);
  for (const Json& fit : steering()["zeroshot"]) {
    const double threshold = fit["min_similarity"];
    std::vector<std::int32_t> found = nearest->ids;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (static_cast<double>(nearest->similarity[i]) < threshold) found[i] = -1;
    }
    EXPECT_EQ(found, fit["names"].get<std::vector<std::int32_t>>()) << threshold;
  }
}

TEST(SteeringGolden, DocumentsMoveTowardsSeeds) {
  RunContext run;
  const auto seeds = golden::matrix_of(steering()["seed_vectors"]);
  Matrix<float> vectors = peer().vectors;
  Matrix<float> with_mean(seeds.rows() + 1, seeds.cols());
  std::copy_n(seeds.data(), seeds.size(), with_mean.data());
  for (std::size_t j = 0; j < vectors.cols(); ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < vectors.rows(); ++i) sum += static_cast<double>(vectors[i, j]);
    with_mean[seeds.rows(), j] = static_cast<float>(sum / static_cast<double>(vectors.rows()));
  }
  const auto labels = guide_rows(vectors.view(), with_mean.view(), 0.25F, run);
  ASSERT_TRUE(labels);
  EXPECT_EQ(*labels, steering()["guided"]["labels"].get<std::vector<std::int32_t>>());
  const auto expected = golden::matrix_of(steering()["guided"]["vectors"]);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    EXPECT_NEAR(vectors.data()[i], expected.data()[i], 2e-6) << i;
  }
}

TEST(SteeringGolden, SeedWordsInTheClassTfidf) {
  ClassTfidfOptions options{.seed_words = {"bread=3", "snow=3"}};
  for (const Json& seed : steering()["seeds"]) {
    for (const Json& word : seed) options.seed_words.push_back(word.get<std::string>() + "=1.2");
  }
  const TermCounts& counts = peer().description.counts;
  const SeededIdf seeded = seeded_idf(counts, options);
  EXPECT_THAT(seeded.unknown_seeds, testing::ElementsAre("xylophone=1.2"));
  const auto weights = class_tfidf(counts.counts.view(), seeded.idf, options);
  for (const Topic& topic : peer().description.table.topics) {
    const auto words = top_words(weights.view(), idx(topic.id + 1), counts.vocabulary, 10);
    const auto expected = golden::words_of(steering()["seeded_words"][std::to_string(topic.id)]);
    EXPECT_EQ(golden::difference(words, expected, 1e-9), "") << topic.id;
  }
}

/// Counts and class TF-IDF of a batch, by rows -1, 0, 1 … and terms.
void expect_rows(const TermCounts& counts, const Csr<double>& values, const Json& rows,
                 const char* what) {
  ASSERT_EQ(values.rows(), rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::map<std::string, double> expected = rows[row][what];
    std::erase_if(expected, [](const auto& entry) { return entry.second == 0; });
    std::map<std::string, double> found;
    const auto columns = values.view().row_columns(row);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      found[std::string(counts.vocabulary.term(columns[i]))] = values.view().row_values(row)[i];
    }
    ASSERT_EQ(found.size(), expected.size()) << what << " of row " << row;
    for (const auto& [term, value] : expected) EXPECT_NEAR(found[term], value, 1e-9) << term;
  }
}

TEST(SteeringGolden, CountsOfBatchesThatDecay) {
  RunContext run;
  const auto& all = peer();
  const OnlineOptions options{.decay = steering()["decay"]};
  TermCounts counts;
  for (std::size_t b = 0; b < steering()["batches"].size(); ++b) {
    const std::size_t begin = steering()["batches"][b][0];
    const std::size_t end = steering()["batches"][b][1];
    CountGrowth growth;
    std::vector<std::int32_t> labels;
    for (std::size_t i = begin; i < end; ++i) {
      growth.changes.push_back(
          {static_cast<std::int64_t>(growth.texts.size()), all.topics[i] + 1, 1.0, true});
      growth.texts.push_back(all.texts[i]);
      labels.push_back(all.topics[i]);
    }
    if (b == 0) {
      auto first =
          count_topics(growth.texts, labels, {}, all.n_topics, all.description.counts.plan, run);
      ASSERT_TRUE(first);
      counts = *std::move(first);
    } else {
      growth.n_rows = counts.counts.rows();
      for (std::size_t row = 0; row < growth.n_rows; ++row) {
        growth.row_of_old.push_back(static_cast<std::int32_t>(row));
      }
      auto grown = grow_counts(counts, growth, options, run);
      ASSERT_TRUE(grown);
      counts = std::move(grown->counts);
    }
    const Json& expected = steering()["counted"][b];
    expect_rows(counts, counts.counts, expected, "counts");
    const auto weights = class_tfidf(counts.counts.view(), class_idf(counts.counts.view(), {}), {});
    expect_rows(counts, weights, expected, "weights");
  }
}

}  // namespace
}  // namespace topograph

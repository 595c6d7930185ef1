// Everything that follows from counts, labels and vectors, equal to BERTopic.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "golden/topics/bertopic_data.hpp"
#include "topograph/topics/group_topics.hpp"
#include "topograph/topics/outlier_moves.hpp"
#include "topograph/topics/time_slices.hpp"
#include "topograph/topics/topic_distances.hpp"
#include "topograph/topics/topic_distribution.hpp"
#include "topograph/topics/topic_hierarchy.hpp"
#include "topograph/topics/topic_slices.hpp"
#include "topograph/topics/topic_sums.hpp"

namespace topograph {
namespace {

using golden::Json;
using golden::PeerModel;

constexpr double kTolerance = 1e-6;

const PeerModel& peer() {
  static const PeerModel model = golden::read_peer_model();
  return model;
}

/// The peer shows words without their weights: each must weigh here what our word at its place
/// does, so that only the order of equal weights is open. `words` are all there are.
std::string unlike(const std::vector<TopicWord>& words, const std::string& shown, char separator) {
  std::istringstream parts(shown);
  std::size_t place = 0;
  for (std::string word; std::getline(parts, word, separator); ++place) {
    if (word.starts_with(' ')) word.erase(0, 1);
    if (word.empty()) continue;
    const auto at = std::ranges::find(words, word, &TopicWord::term);
    if (at == words.end()) return "no word " + word;
    if (std::abs(at->weight - words[place].weight) > 1e-9) return word + " is not at its place";
  }
  return "";
}

/// The lines of a tree with its branches and topics, but without words.
std::string without_names(const std::string& tree) {
  std::string out;
  std::istringstream lines(tree);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t name = line.find_first_of("abcdefghijklmnopqrstuvwxyz");
    const std::size_t topic = line.find("Topic:");
    out += line.substr(0, name);
    if (topic != std::string::npos) out += line.substr(topic);
    out += "\n";
  }
  return out;
}

TEST(StructureGolden, WordsAndWeightsOfTopics) {
  ASSERT_EQ(peer().description.table.topics.size(), peer().data["words"].size());
  for (const Topic& topic : peer().description.table.topics) {
    const auto expected = golden::words_of(peer().data["words"][std::to_string(topic.id)]);
    EXPECT_EQ(golden::difference(topic.words, expected, 1e-9), "") << topic.id;
  }
}

TEST(StructureGolden, RepresentativeDocumentsOfThePeersSample) {
  for (const Topic& topic : peer().description.table.topics) {
    std::vector<std::string> texts;
    for (const std::int64_t row : topic.representative_rows) {
      texts.emplace_back(peer().texts[idx(row)]);
    }
    std::ranges::sort(texts);
    EXPECT_EQ(texts, peer().data["representatives"][std::to_string(topic.id)]) << topic.id;
  }
}

TEST(StructureGolden, HierarchyByWordsAndByVectors) {
  RunContext run;
  for (const bool by_words : {true, false}) {
    const Json& expected = peer().data["hierarchy"][by_words ? "words" : "vectors"];
    const auto distances = by_words ? cosine_distances(peer().weights().view(), run)
                                    : cosine_distances(peer().topic_vectors().view(), run);
    ASSERT_TRUE(distances);
    const auto tree = topic_hierarchy(*distances, peer().description, {}, 1000, run);
    ASSERT_TRUE(tree);
    ASSERT_EQ(tree->merges.size(), expected["distances"].size());
    for (std::size_t i = 0; i < tree->merges.size(); ++i) {
      const TopicMerge& merge = tree->merges[i];
      EXPECT_NEAR(merge.distance, expected["distances"][i].get<double>(), kTolerance);
      EXPECT_EQ(merge.topics, expected["topics"][i].get<std::vector<std::int32_t>>());
      EXPECT_EQ(unlike(merge.words, expected["names"][i].get<std::string>(), '_'), "");
      const Json& row = expected["plain_linkage"][i];
      EXPECT_EQ(std::minmax<std::int32_t>({merge.left, merge.right}),
                std::minmax<std::int32_t>({row[0].get<int>(), row[1].get<int>()}));
    }
    EXPECT_EQ(without_names(tree_text(*tree, peer().description.table, {})),
              without_names(expected["tree"].get<std::string>()));
  }
}

/// Rows of slices as the peer's table has them; words with equal weights in any order.
void expect_slices(const std::vector<TopicInSlice>& found, const std::vector<std::string>& names,
                   const Json& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].topic, expected[i][0]);
    EXPECT_EQ(found[i].count, expected[i][2]);
    EXPECT_EQ(names[idx(found[i].slice)], expected[i][3]);
    EXPECT_EQ(unlike(found[i].words, expected[i][1].get<std::string>(), ','), "") << i;
  }
}

TEST(StructureGolden, TopicsOverTimeWithEveryTuning) {
  RunContext run;
  std::vector<std::optional<Timestamp>> times;
  for (const auto& date : peer().data["dates"])
    times.push_back(parse_time(date.get<std::string>(), ""));
  const TimeSlices slices = slice_at_times(times);
  std::vector<std::string> names;
  for (const Timestamp start : slices.start) {
    names.push_back(cell_text({"", std::vector<Timestamp>{start}, {}}, 0).substr(0, 10));
  }
  for (const auto& [name, global, evolution] : {std::tuple{"plain", false, false},
                                                {"global", true, false},
                                                {"evolved", false, true},
                                                {"both", true, true}}) {
    SCOPED_TRACE(name);
    const auto found = topic_slices(
        peer().texts, peer().topics, slices.of_document, peer().description, {},
        {.global_tuning = global, .evolution_tuning = evolution, .top_n_words = 1000}, run);
    ASSERT_TRUE(found);
    expect_slices(*found, names, peer().data["over_time"][name]);
  }
}

TEST(StructureGolden, TopicsPerClass) {
  RunContext run;
  const std::vector<std::string> names = {"north", "south", "west"};
  std::vector<std::int32_t> slices;
  for (const auto& name : peer().data["classes"]) {
    slices.push_back(static_cast<std::int32_t>(std::ranges::find(names, name.get<std::string>()) -
                                               names.begin()));
  }
  const auto found = topic_slices(peer().texts, peer().topics, slices, peer().description, {},
                                  {.evolution_tuning = false, .top_n_words = 1000}, run);
  ASSERT_TRUE(found);
  expect_slices(*found, names, peer().data["per_class"]);
}

TEST(StructureGolden, BinsOfEqualLength) {
  std::vector<std::optional<Timestamp>> times;
  for (const auto& date : peer().data["dates"])
    times.push_back(parse_time(date.get<std::string>(), ""));
  const TimeSlices slices = slice_in_bins(times, 7);
  // The peer counts bins without documents too; ours leaves them out.
  const auto bins = peer().data["bins"].get<std::vector<std::int32_t>>();
  std::set<std::int32_t> used(bins.begin(), bins.end());
  for (std::size_t i = 0; i < bins.size(); ++i) {
    EXPECT_EQ(slices.of_document[i], std::distance(used.begin(), used.find(bins[i]))) << i;
  }
}

TEST(StructureGolden, ApproximateDistributionAndItsTokens) {
  RunContext run;
  const auto& counts = peer().description.counts;
  const auto weights = peer().weights();
  for (const Json& golden : peer().data["distributions"]) {
    DistributionOptions options;
    options.window = golden["options"].value("window", options.window);
    options.stride = golden["options"].value("stride", options.stride);
    options.padding = golden["options"].value("padding", options.padding);
    options.min_similarity = golden["options"].value("min_similarity", options.min_similarity);
    SCOPED_TRACE(golden["options"].dump());
    const auto dense = [&](CsrView<double> rows, const Json& expected, std::size_t first) {
      for (std::size_t r = 0; r < expected.size(); ++r) {
        std::vector<double> row(rows.cols(), 0.0);
        for (std::size_t i = rows.begin(first + r); i < rows.end(first + r); ++i) {
          row[idx(rows.columns[i])] = rows.values[i];
        }
        for (std::size_t k = 0; k < row.size(); ++k) {
          ASSERT_NEAR(row[k], expected[r][k].get<double>(), kTolerance) << r << " " << k;
        }
      }
    };
    const auto found = topic_distribution(peer().texts, counts.vocabulary, counts.plan,
                                          weights.view(), peer().description.idf, {}, options, run);
    ASSERT_TRUE(found);
    dense(found->documents.view(), golden["shares"], 0);
    if (!golden.contains("tokens")) continue;
    const auto tokens =
        token_distribution(peer().texts, counts.vocabulary, counts.plan, weights.view(),
                           peer().description.idf, {}, options, run);
    ASSERT_TRUE(tokens);
    dense(tokens->all.documents.view(), golden["token_shares"], 0);
    for (std::size_t d = 0; d < golden["tokens"].size(); ++d) {
      ASSERT_EQ(idx(tokens->first_token[d + 1] - tokens->first_token[d]),
                golden["tokens"][d].size());
      dense(tokens->topics.view(), golden["tokens"][d], idx(tokens->first_token[d]));
    }
  }
}

TEST(StructureGolden, ApproximateDistributionOfNgramsUnderEveryWeighting) {
  RunContext run;
  TextColumn some;
  for (std::size_t i = 0; i < 80; ++i) some.push_back(peer().texts[i]);
  const auto plan = plan_counting(
      peer().texts, {.ngram_range = {1, 3}, .stop_words = "none", .token_rule = WordRule::sklearn},
      run);
  ASSERT_TRUE(plan);
  std::vector<std::int32_t> classes = peer().topics;
  for (std::int32_t& row : classes) ++row;  // -1 is the first row.
  const std::size_t n_rows = idx(peer().n_topics) + 1;
  std::vector<std::int32_t> own_class(n_rows);
  std::iota(own_class.begin(), own_class.end(), 0);
  const auto counts =
      count_terms(golden::joined(peer().texts, classes, n_rows), own_class, n_rows, {}, *plan, run);
  ASSERT_TRUE(counts);
  for (const Json& golden : peer().data["ngram_distributions"]) {
    SCOPED_TRACE(golden["weighting"].dump() + golden["options"].dump());
    const ClassTfidfOptions tfidf{
        .bm25_weighting = golden["weighting"].value("bm25_weighting", false),
        .reduce_frequent_words = golden["weighting"].value("reduce_frequent_words", false)};
    const DistributionOptions options{.window = golden["options"].value("window", 4),
                                      .stride = golden["options"].value("stride", 1)};
    PeerModel model;
    model.description.idf = class_idf(counts->counts.view(), tfidf);
    model.description.weights = class_tfidf(counts->counts.view(), model.description.idf, tfidf);
    const auto weights = model.weights();
    const auto found = topic_distribution(some, counts->vocabulary, *plan, weights.view(),
                                          model.description.idf, tfidf, options, run);
    ASSERT_TRUE(found);
    const auto rows = found->documents.view();
    for (std::size_t r = 0; r < some.size(); ++r) {
      std::vector<double> row(rows.cols(), 0.0);
      for (std::size_t i = rows.begin(r); i < rows.end(r); ++i) {
        row[idx(rows.columns[i])] = rows.values[i];
      }
      for (std::size_t k = 0; k < row.size(); ++k) {
        EXPECT_NEAR(row[k], golden["shares"][r][k].get<double>(), kTolerance) << r << " " << k;
      }
    }
  }
}

TEST(StructureGolden, TopicsFoundByAQuery) {
  const Json& golden = peer().data["find"];
  const auto query = golden["vector"].get<std::vector<float>>();
  const auto topics = golden["topics"].get<std::vector<std::int32_t>>();
  const auto found = topics_by_similarity(peer().topic_vectors().view(), query, topics.size());
  ASSERT_EQ(found.size(), topics.size());
  for (std::size_t i = 0; i < topics.size(); ++i) {
    EXPECT_EQ(found[i].topic, topics[i]);
    EXPECT_NEAR(found[i].similarity, golden["similarity"][i].get<double>(), kTolerance);
  }
}

/// The same groups, however they are numbered.
void expect_same_partition(const std::vector<std::int32_t>& found, const Json& expected) {
  std::map<std::int32_t, std::int32_t> there;
  std::map<std::int32_t, std::int32_t> back;
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::int32_t label = expected[i];
    EXPECT_EQ(found[i] == -1, label == -1);
    EXPECT_EQ(there.try_emplace(found[i], label).first->second, label) << i;
    EXPECT_EQ(back.try_emplace(label, found[i]).first->second, found[i]) << i;
  }
}

TEST(StructureGolden, ReductionToANumberAndAuto) {
  RunContext run;
  for (const Json& golden : peer().data["reduced"]) {
    const bool by_words = golden["by_words"];
    SCOPED_TRACE(golden["n"].dump() + (by_words ? " by words" : " by vectors"));
    Result<std::vector<std::int32_t>> groups;
    if (golden["n"] == "auto") {
      Matrix<float> vectors = peer().topic_vectors();
      if (by_words) {
        const auto rows = peer().weights();
        vectors = Matrix<float>(rows.rows(), rows.cols());
        for (std::size_t r = 0; r < rows.rows(); ++r) {
          for (std::size_t i = rows.view().begin(r); i < rows.view().end(r); ++i) {
            vectors[r, idx(rows.columns[i])] = static_cast<float>(rows.values[i]);
          }
        }
      }
      groups = group_topics_by_density(vectors.view(), run);
    } else {
      const auto distances = by_words ? cosine_distances(peer().weights().view(), run)
                                      : cosine_distances(peer().topic_vectors().view(), run);
      ASSERT_TRUE(distances);
      groups =
          group_topics(*distances, idx(peer().n_topics), golden["n"].get<std::size_t>() - 1, run);
    }
    ASSERT_TRUE(groups);
    std::vector<std::int32_t> topics;
    for (const std::int32_t topic : peer().topics) {
      topics.push_back(topic < 0 ? -1 : (*groups)[idx(topic)]);
    }
    expect_same_partition(topics, golden["topics"]);
  }
}

TEST(StructureGolden, WordsOfMergedTopicsComeFromSummedCounts) {
  const Json& golden = peer().data["merged"];
  const auto expected = golden["topics"].get<std::vector<std::int32_t>>();
  std::vector<std::int32_t> row_of(idx(peer().n_topics) + 1, 0);
  for (std::size_t i = 0; i < expected.size(); ++i)
    row_of[idx(peer().topics[i] + 1)] = expected[i] + 1;
  const std::size_t n_rows = golden["words"].size();
  TermCounts counts = peer().description.counts;
  counts.counts = sum_rows(counts.counts.view(), row_of, n_rows);
  const auto idf = class_idf(counts.counts.view(), {});
  const auto weights = class_tfidf(counts.counts.view(), idf, {});
  for (std::size_t row = 0; row < n_rows; ++row) {
    const auto words = golden::words_of(golden["words"][std::to_string(static_cast<int>(row) - 1)]);
    EXPECT_EQ(
        golden::difference(top_words(weights.view(), row, counts.vocabulary, 10), words, 1e-9), "")
        << row;
  }
}

TEST(StructureGolden, EveryStrategyMovesOutliersAsThePeer) {
  RunContext run;
  const auto& description = peer().description;
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < peer().topics.size(); ++i) {
    if (peer().topics[i] < 0) rows.push_back(static_cast<std::int64_t>(i));
  }
  TextColumn texts;
  Matrix<float> vectors(rows.size(), peer().vectors.cols());
  Csr<double> shares;
  shares.n_cols = idx(peer().n_topics);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    texts.push_back(peer().texts[idx(rows[i])]);
    std::ranges::copy(peer().vectors.row(idx(rows[i])), vectors.row(i).begin());
    const Json& row = peer().data["probabilities"][idx(rows[i])];
    for (std::size_t k = 0; k < row.size(); ++k) {
      shares.columns.push_back(static_cast<std::int32_t>(k));
      shares.values.push_back(row[k]);
    }
    shares.offsets.push_back(static_cast<std::int64_t>(shares.columns.size()));
  }
  for (const Json& golden : peer().data["outliers"]) {
    const std::string strategy = golden["strategy"];
    const double threshold = golden["threshold"];
    SCOPED_TRACE(strategy);
    std::vector<OutlierMove> moves;
    if (strategy == "embeddings") {
      moves = *moves_by_vectors(vectors.view(), peer().topic_vectors().view(), threshold, run);
    } else if (strategy == "c-tf-idf") {
      const auto counts = count_documents(peer().texts, rows, description.counts.vocabulary,
                                          description.counts.plan, run);
      moves = *moves_by_words(counts->view(), peer().weights().view(), description.idf, {},
                              threshold, run);
    } else if (strategy == "distributions") {
      const auto weights = peer().weights();
      const auto found = topic_distribution(
          texts, description.counts.vocabulary, description.counts.plan, weights.view(),
          description.idf, {}, {.min_similarity = threshold}, run);
      moves = moves_by_share(found->documents.view(), 0);
    } else {
      moves = moves_by_share(shares.view(), threshold);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(moves[i].topic, golden["topics"][idx(rows[i])]) << threshold << " " << texts[i];
    }
  }
}

}  // namespace
}  // namespace topograph

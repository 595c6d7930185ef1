// Changing the topics of a fitted model: what follows is what a fit with those topics would say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "model/regroup.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/model/find_topics.hpp"
#include "topograph/model/reduce_outliers.hpp"
#include "topograph/model/topic_changes.hpp"

namespace topograph {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::size_t kSubjects = 4;
constexpr std::size_t kDimension = 8;

struct Corpus {
  TextColumn texts;
  Matrix<float> vectors;
};

/// Every 20th text is a copy of an earlier one, every 31st is blank.
Corpus make_corpus(std::size_t n) {
  static constexpr const char* words[kSubjects][4] = {{"oven", "flour", "butter", "sugar"},
                                                      {"striker", "goal", "league", "referee"},
                                                      {"galaxy", "comet", "orbit", "telescope"},
                                                      {"compiler", "thread", "kernel", "library"}};
  const RandomKey key = random_key(11, "regroup");
  Corpus corpus{{}, Matrix<float>(n, kDimension)};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t source = i % 20 == 19 ? i - 4 * kSubjects : i;
    const std::size_t subject = source % kSubjects;
    std::string text = "shared text " + std::to_string(source);
    for (std::uint64_t w = 0; w < 3; ++w) {
      text += std::string(" ") + words[subject][uniform_below(key, source, w, 4)];
    }
    corpus.texts.push_back(i % 31 == 30 ? " " : text);
    for (std::size_t j = 0; j < kDimension; ++j) {
      corpus.vectors[i, j] =
          static_cast<float>(0.3 * normal(key, source, 10 + j) + (j == subject ? 2.0 : 0.0));
    }
  }
  return corpus;
}

FitOptions options_for(ClusterMethod method) {
  FitOptions options;
  options.cluster.method = method;
  if (method == ClusterMethod::kmeans) options.cluster.n_clusters = 4;
  options.words.ngram_range = {1, 2};
  options.store.memberships = method == ClusterMethod::hdbscan ? 3 : 0;
  return options;
}

TopicModel fit(const Corpus& corpus, const FitOptions& options) {
  RunContext run({.threads = 2});
  auto model = TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run);
  EXPECT_TRUE(model) << to_string(model.error());
  return *std::move(model);
}

/// Terms and counts of a description, row by row.
std::vector<std::map<std::string, double>> counted(const TopicDescription& description) {
  std::vector<std::map<std::string, double>> rows;
  const auto view = description.counts.counts.view();
  for (std::size_t r = 0; r < view.rows(); ++r) {
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < view.row_columns(r).size(); ++i) {
      row[std::string(description.counts.vocabulary.term(view.row_columns(r)[i]))] =
          view.row_values(r)[i];
    }
  }
  return rows;
}

/// What counting the documents of the model's topics anew gives.
void expect_as_counted_anew(const TopicModel& model, const Corpus& corpus) {
  TextColumn texts;
  for (const std::int64_t row : model.point_rows()) texts.push_back(corpus.texts[idx(row)]);
  RunContext run;
  const auto anew =
      describe_topics(texts, model.point_labels(), model.point_weights(), model.point_rows(),
                      narrow<std::int32_t>(model.facts().n_topics), model.description().counts.plan,
                      model.options().ctfidf, model.options().topics, run);
  ASSERT_TRUE(anew);
  EXPECT_EQ(counted(model.description()), counted(*anew));
  for (const Topic& topic : anew->table.topics) {
    EXPECT_EQ(model.topics().find(topic.id)->words, topic.words);
    EXPECT_EQ(model.topics().find(topic.id)->representative_rows, topic.representative_rows);
  }
}

TEST(Regroup, MergedTopicsAreThoseOfTheirDocuments) {
  const Corpus corpus = make_corpus(200);
  for (const auto method :
       {ClusterMethod::communities, ClusterMethod::kmeans, ClusterMethod::hdbscan}) {
    TopicModel model = fit(corpus, options_for(method));
    ASSERT_EQ(model.facts().n_topics, 4);
    RunContext run;
    const auto merged = merge_topics(model, {{0, 2}});
    ASSERT_TRUE(merged);
    ASSERT_TRUE(model.regroup(*merged, corpus.texts, TopicOrder::by_size, run));
    EXPECT_EQ(model.facts().n_topics, 3);
    EXPECT_EQ(model.topics().find(0)->id, 0);
    expect_as_counted_anew(model, corpus);
  }
}

TEST(Regroup, MovedDocumentsTakeTheirTermsAlong) {
  const Corpus corpus = make_corpus(200);
  TopicModel model = fit(corpus, options_for(ClusterMethod::communities));
  PointTopics topics(model.point_labels().begin(), model.point_labels().end());
  for (std::size_t p = 0; p < topics.size(); p += 7) topics[p] = p % 2 == 0 ? kNoise : 5;
  RunContext run;
  ASSERT_TRUE(model.regroup(topics, corpus.texts, TopicOrder::by_size, run));
  EXPECT_EQ(model.facts().n_topics, 5);
  EXPECT_EQ(model.facts().n_outliers, std::ranges::count(model.documents().topics, kNoise));
  expect_as_counted_anew(model, corpus);
  // And back among the topics, the outliers where they are most alike.
  const auto moved =
      reduce_outliers(model, corpus.texts, {.strategy = OutlierStrategy::vectors}, run);
  ASSERT_TRUE(moved);
  ASSERT_TRUE(model.regroup(*moved, corpus.texts, TopicOrder::kept, run));
  EXPECT_FALSE(model.description().has_outliers);
  expect_as_counted_anew(model, corpus);
}

TEST(Regroup, TransformAnswersInTheNewTopicsAlsoAfterLoading) {
  const Corpus corpus = make_corpus(200);
  const fs::path folder = fs::temp_directory_path() / "tg_regroup_transform";
  for (const auto method :
       {ClusterMethod::communities, ClusterMethod::kmeans, ClusterMethod::hdbscan}) {
    TopicModel model = fit(corpus, options_for(method));
    RunContext run;
    ASSERT_TRUE(
        model.regroup(*merge_topics(model, {{1, 3}}), corpus.texts, TopicOrder::by_size, run));
    ASSERT_TRUE(model.regroup(*delete_topics(model, std::vector{2}), corpus.texts,
                              TopicOrder::by_size, run));
    fs::remove_all(folder);
    fs::create_directories(folder);
    ASSERT_TRUE(model.save(folder, "{}", run));
    const auto loaded = TopicModel::load(folder);
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    // New texts with the vectors of old documents land where those are.
    TextColumn fresh;
    Matrix<float> vectors(40, kDimension);
    for (std::size_t i = 0; i < 40; ++i) {
      fresh.push_back("never seen " + std::to_string(i));
      std::ranges::copy(corpus.vectors.view().row(i), vectors.row(i).begin());
    }
    const auto found = loaded->transform(fresh, nullptr, vectors.view(), run);
    ASSERT_TRUE(found);
    std::size_t n_equal = 0;
    for (std::size_t i = 0; i < 40; ++i) {
      const bool is_blank = i % 31 == 30;
      if (is_blank || found->topics[i] == model.documents().topics[i]) ++n_equal;
      EXPECT_LT(found->topics[i], 2);
    }
    EXPECT_GE(n_equal, 38U);
    // Known texts keep their topic exactly.
    const auto known = loaded->transform(corpus.texts, nullptr, corpus.vectors.view(), run);
    ASSERT_TRUE(known);
    EXPECT_EQ(known->topics, model.documents().topics);
    if (method == ClusterMethod::hdbscan) {
      EXPECT_EQ(loaded->documents().memberships.k(), 2U);
      for (std::size_t i = 0; i < 40; ++i) {
        if (model.documents().topics[i] >= 0) {
          EXPECT_EQ((loaded->documents().memberships.clusters[i, 0]), model.documents().topics[i]);
        }
      }
    }
  }
  fs::remove_all(folder);
}

TEST(Regroup, LayersThatAreKeptStillNest) {
  const Corpus corpus = make_corpus(200);
  FitOptions options = options_for(ClusterMethod::communities);
  options.communities.n_layers = 4;
  TopicModel model = fit(corpus, options);
  RunContext run;
  ASSERT_TRUE(
      model.regroup(*merge_topics(model, {{0, 1}}), corpus.texts, TopicOrder::by_size, run));
  bool has_topics = false;
  for (std::size_t i = 0; i < model.layers().size(); ++i) {
    const TopicLayer& layer = model.layers()[i];
    has_topics |= layer.labels == model.documents().topics;
    EXPECT_EQ(layer.parents.empty(), i == 0);
    for (std::size_t d = 0; d < layer.labels.size() && i > 0; ++d) {
      if (layer.labels[d] < 0 || model.layers()[i - 1].labels[d] < 0) continue;
      EXPECT_EQ(layer.parents[idx(layer.labels[d])], model.layers()[i - 1].labels[d]);
    }
  }
  EXPECT_TRUE(has_topics);
  const fs::path folder = fs::temp_directory_path() / "tg_regroup_layers";
  fs::create_directories(folder);
  ASSERT_TRUE(model.save(folder, "{}", run));
  const auto loaded = TopicModel::load(folder);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->layers().size(), model.layers().size());
  fs::remove_all(folder);
}

TEST(Regroup, GivenLabelsFollowMostOfTheirTopic) {
  const Corpus corpus = make_corpus(200);
  TopicModel model = fit(corpus, options_for(ClusterMethod::communities));
  ASSERT_TRUE(model.set_label(3, "mine"));
  RunContext run;
  ASSERT_TRUE(
      model.regroup(*merge_topics(model, {{0, 1}}), corpus.texts, TopicOrder::by_size, run));
  const auto named = std::ranges::find(model.topics().topics, true, &Topic::is_named);
  ASSERT_NE(named, model.topics().topics.end());
  EXPECT_EQ(named->label, "mine");
  // A larger topic that joins wins.
  ASSERT_TRUE(model.regroup(*merge_topics(model, {{0, named->id}}), corpus.texts,
                            TopicOrder::by_size, run));
  EXPECT_EQ(std::ranges::count(model.topics().topics, true, &Topic::is_named), 0);
  EXPECT_EQ(model.set_label(9, "x").error().code, ErrorCode::invalid_argument);
}

TEST(Regroup, EverythingMayBeDeletedAndComeBack) {
  const Corpus corpus = make_corpus(120);
  TopicModel model = fit(corpus, options_for(ClusterMethod::communities));
  std::vector<std::int32_t> all;
  for (int t = 0; t < model.facts().n_topics; ++t) all.push_back(t);
  RunContext run;
  ASSERT_TRUE(model.regroup(*delete_topics(model, all), corpus.texts, TopicOrder::by_size, run));
  EXPECT_EQ(model.facts().n_topics, 0);
  EXPECT_EQ(model.topics().topics.size(), 1U);
  EXPECT_EQ(model.topics().topics[0].count, 120);
  const auto none = reduce_outliers(model, corpus.texts, {}, run);
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().message, HasSubstr("no topics"));
  EXPECT_EQ(reduce_topics(model, {.n_topics = 1}, run).error().subject, Subject::option);
}

TEST(Regroup, SplitPartsMakeUpTheTopic) {
  const Corpus corpus = make_corpus(200);
  TopicModel model = fit(corpus, options_for(ClusterMethod::communities));
  RunContext run;
  ASSERT_TRUE(model.regroup(*merge_topics(model, {{0, 1}, {2, 3}}), corpus.texts,
                            TopicOrder::by_size, run));
  const PointTopics before(model.point_labels().begin(), model.point_labels().end());
  const auto parts = split_topic(model, 0, {.n_parts = 2}, run);
  ASSERT_TRUE(parts);
  for (std::size_t p = 0; p < before.size(); ++p) {
    EXPECT_EQ((*parts)[p] == 1, before[p] == 1);
  }
  ASSERT_TRUE(model.regroup(*parts, corpus.texts, TopicOrder::by_size, run));
  EXPECT_EQ(model.facts().n_topics, 3);
  expect_as_counted_anew(model, corpus);
  EXPECT_EQ(split_topic(model, 7, {}, run).error().subject, Subject::option);
  EXPECT_EQ(split_topic(model, -1, {}, run).error().subject, Subject::option);
  EXPECT_EQ(split_topic(model, 0, {.n_parts = 5000}, run).error().subject, Subject::option);
}

TEST(Regroup, ASplitCutsWhereTheFitWouldAndFinerWhereItMust) {
  const Corpus corpus = make_corpus(200);
  TopicModel model = fit(corpus, options_for(ClusterMethod::communities));
  const PointTopics of_fit(model.point_labels().begin(), model.point_labels().end());
  RunContext run;
  ASSERT_TRUE(
      model.regroup(*merge_topics(model, {{0, 1}}), corpus.texts, TopicOrder::by_size, run));
  const auto n_parts = [&](std::int32_t topic, std::optional<double> resolution) {
    const auto parts = split_topic(model, topic, {.resolution = resolution}, run);
    if (!parts) return std::size_t{1};
    std::set<std::int32_t> different;
    for (std::size_t p = 0; p < parts->size(); ++p) {
      if (model.point_labels()[p] == topic) different.insert((*parts)[p]);
    }
    return different.size();
  };
  // What was merged comes apart into what it was, though half of the documents are not looked at.
  const auto parts = split_topic(model, 0, {}, run);
  ASSERT_TRUE(parts);
  EXPECT_EQ(n_parts(0, {}), 2U);
  for (std::size_t p = 0; p < of_fit.size(); ++p) {
    if (of_fit[p] > 1) continue;
    EXPECT_EQ((*parts)[p] == 0, of_fit[p] == 0) << p;
  }
  EXPECT_EQ(n_parts(0, 1.0), 2U);
  // One subject is a whole at the resolution of the fit, but for a finer one.
  EXPECT_EQ(n_parts(1, 1.0), 1U);
  EXPECT_GE(n_parts(1, {}), 2U);
  EXPECT_GE(n_parts(1, 32.0), n_parts(1, {}));
}

TEST(TopicChanges, WrongTopicsAreNamed) {
  const Corpus corpus = make_corpus(120);
  const TopicModel model = fit(corpus, options_for(ClusterMethod::communities));
  EXPECT_THAT(merge_topics(model, {{0, -1}}).error().message, HasSubstr("-1 is no topic"));
  EXPECT_THAT(merge_topics(model, {{0, 44}}).error().message, HasSubstr("from 0 to 3, found 44"));
  EXPECT_THAT(merge_topics(model, {{0, 1}, {1, 2}}).error().message, HasSubstr("named twice"));
  EXPECT_THAT(merge_topics(model, {{0}}).error().message, HasSubstr("two or more"));
  EXPECT_THAT(delete_topics(model, std::vector{-1}).error().message, HasSubstr("-1 is no topic"));
  RunContext run;
  EXPECT_THAT(reduce_topics(model, {.n_topics = 9}, run).error().message, HasSubstr("1 to 4"));
  EXPECT_THAT(reduce_outliers(model, corpus.texts, {}, run).error().message,
              HasSubstr("nothing to do"));
}

TEST(ReduceTopics, CountsMinusOneOnlyWhenAsked) {
  const Corpus corpus = make_corpus(120);
  TopicModel model = fit(corpus, options_for(ClusterMethod::communities));
  RunContext run;
  PointTopics topics(model.point_labels().begin(), model.point_labels().end());
  topics[0] = kNoise;
  ASSERT_TRUE(model.regroup(topics, corpus.texts, TopicOrder::by_size, run));
  const auto n_of = [&](const ReduceTopicsOptions& options) {
    const auto labels = reduce_topics(model, options, run);
    return *std::ranges::max_element(*labels) + 1;
  };
  EXPECT_EQ(n_of({.n_topics = 3}), 3);
  EXPECT_EQ(n_of({.n_topics = 3, .counts_outliers = true}), 2);
  EXPECT_EQ(n_of({.n_topics = 2, .by = TopicView::words}), 2);
}

TEST(ReduceOutliers, AShareMovesTheSurestOnly) {
  const Corpus corpus = make_corpus(200);
  TopicModel model = fit(corpus, options_for(ClusterMethod::communities));
  PointTopics topics(model.point_labels().begin(), model.point_labels().end());
  for (std::size_t p = 0; p < topics.size(); p += 3) topics[p] = kNoise;
  RunContext run;
  ASSERT_TRUE(model.regroup(topics, corpus.texts, TopicOrder::by_size, run));
  for (const auto strategy :
       {OutlierStrategy::distributions, OutlierStrategy::words, OutlierStrategy::vectors}) {
    const auto labels =
        reduce_outliers(model, corpus.texts, {.strategy = strategy, .share = 0.2}, run);
    ASSERT_TRUE(labels);
    std::int64_t left = 0;
    std::int64_t all = 0;
    for (std::size_t p = 0; p < labels->size(); ++p) {
      all += model.point_weights()[p];
      if ((*labels)[p] == kNoise) left += model.point_weights()[p];
      if (model.point_labels()[p] != kNoise) {
        EXPECT_EQ((*labels)[p], model.point_labels()[p]);
      }
    }
    EXPECT_LE(left, all / 5);
    EXPECT_GT(left, all / 5 - 4);  // Not more than needed, but for the copies of one text.
  }
  EXPECT_EQ(reduce_outliers(model, corpus.texts, {.strategy = OutlierStrategy::probabilities}, run)
                .error()
                .subject,
            Subject::model);
}

TEST(GroupedMemberships, AddUpAndAgreeWithTheLabel) {
  Memberships rows = noise_memberships(2, 3);
  for (std::size_t j = 0; j < 3; ++j) {
    rows.clusters[0, j] = rows.clusters[1, j] = narrow<std::int32_t>(j);
  }
  rows.values[0, 0] = 0.4F, rows.values[0, 1] = 0.3F, rows.values[0, 2] = 0.25F,
                 rows.noise[0] = 0.05F;
  rows.values[1, 0] = 0.1F, rows.values[1, 1] = 0.2F, rows.values[1, 2] = 0.1F,
                 rows.noise[1] = 0.6F;
  const std::vector<std::int32_t> labels = {0, kNoise};
  const auto merged = grouped_memberships(rows, std::vector{0, 1, 1}, 2, 3, labels, false);
  EXPECT_EQ(merged.k(), 2U);
  EXPECT_EQ((merged.clusters[0, 0]), 0);
  EXPECT_GT((merged.values[0, 0]), (merged.values[0, 1]));
  EXPECT_NEAR((merged.values[0, 0]) + (merged.values[0, 1]) + merged.noise[0], 1.0, 1e-5);
  EXPECT_NEAR((merged.values[1, 0]), 0.3, 1e-6);
  const auto plain = grouped_memberships(rows, std::vector{0, 1, 1}, 2, 3, labels, true);
  EXPECT_NEAR((plain.values[0, 0]), 0.55, 1e-6);
  const auto deleted = grouped_memberships(rows, std::vector{-1, 0, 1}, 2, 3, labels, true);
  EXPECT_NEAR(deleted.noise[0], 0.45, 1e-6);
}

TEST(FindTopics, OrdersByCosineAndChecksTheDimension) {
  const Corpus corpus = make_corpus(120);
  const TopicModel model = fit(corpus, options_for(ClusterMethod::communities));
  const auto found = find_topics(model, corpus.vectors.view().row(2), 3);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 3U);
  EXPECT_EQ(found->front().topic, model.documents().topics[2]);
  EXPECT_GT((*found)[0].similarity, (*found)[1].similarity);
  EXPECT_FALSE(find_topics(model, std::vector<float>(3), 3));
}

}  // namespace
}  // namespace topograph

// Fits that are told which topics are wanted (zero-shot) or hoped for (guided).
#include "topograph/model/steering.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "model/steering_steps.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {
namespace {

namespace fs = std::filesystem;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t kSubjects = 4;
constexpr std::size_t kDimension = 8;

struct Corpus {
  TextColumn texts;
  Matrix<float> vectors;
};

/// Four subjects, document i about i % 4; `first` keeps the texts of two corpora apart.
Corpus make_corpus(std::size_t n, std::size_t first = 0, double noise = 0.3) {
  static constexpr const char* words[kSubjects][4] = {{"oven", "flour", "butter", "sugar"},
                                                      {"striker", "goal", "league", "referee"},
                                                      {"galaxy", "comet", "orbit", "telescope"},
                                                      {"compiler", "thread", "kernel", "library"}};
  const RandomKey key = random_key(5, "steering");
  Corpus corpus{{}, Matrix<float>(n, kDimension)};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t id = first + i;
    const std::size_t subject = id % kSubjects;
    std::string text = "text " + std::to_string(id);
    for (std::uint64_t w = 0; w < 3; ++w) {
      text += std::string(" ") + words[subject][uniform_below(key, id, w, 4)];
    }
    corpus.texts.push_back(text);
    for (std::size_t j = 0; j < kDimension; ++j) {
      corpus.vectors[i, j] =
          static_cast<float>(noise * normal(key, id, 10 + j) + (j == subject ? 2.0 : 0.0));
    }
  }
  return corpus;
}

/// Vectors that point along one axis each.
Matrix<float> axes(std::initializer_list<std::size_t> directions) {
  Matrix<float> rows(directions.size(), kDimension);
  std::size_t row = 0;
  for (const std::size_t axis : directions) rows[row++, axis] = 1;
  return rows;
}

FitOptions zeroshot(std::vector<std::string> names,
                    ClusterMethod method = ClusterMethod::communities) {
  FitOptions options;
  options.cluster.method = method;
  if (method == ClusterMethod::kmeans) options.cluster.n_clusters = 2;
  options.zeroshot.topics = std::move(names);
  return options;
}

Result<TopicModel> fit(const Corpus& corpus, const FitOptions& options,
                       const SteeringVectors& steering, RunContext& run) {
  return TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run, {}, {},
                         steering);
}

SteeringVectors named(std::initializer_list<std::size_t> directions) {
  SteeringVectors steering;
  steering.zeroshot = axes(directions);
  return steering;
}

SteeringVectors seeded(std::initializer_list<std::size_t> directions) {
  SteeringVectors steering;
  steering.seeds = axes(directions);
  return steering;
}

/// Warnings of names: made-up words tell no language, which is warned of, too.
std::vector<std::string> warnings_of_names(const RunContext& run) {
  std::vector<std::string> warnings = run.warnings();
  std::erase_if(warnings, [](const std::string& text) { return !text.starts_with("zeroshot"); });
  return warnings;
}

TEST(Zeroshot, DocumentsLikeANameAreItsTopicAndTheRestIsClustered) {
  const Corpus corpus = make_corpus(200);
  for (const auto method : {ClusterMethod::communities, ClusterMethod::hdbscan,
                            ClusterMethod::kmeans, ClusterMethod::agglomerative}) {
    FitOptions options = zeroshot({"sport", "baking"}, method);
    if (method == ClusterMethod::agglomerative) options.cluster.n_clusters = 2;
    RunContext run({.threads = 2});
    const auto model = fit(corpus, options, named({1, 0}), run);
    ASSERT_TRUE(model) << to_string(model.error());
    EXPECT_EQ(model->facts().n_topics, 4) << enum_name(method);
    EXPECT_THAT(model->zeroshot_topics(), ElementsAre(0, 1));
    EXPECT_EQ(model->topics().find(0)->label, "sport");
    EXPECT_EQ(model->topics().find(1)->label, "baking");
    EXPECT_THAT(model->topics().find(2)->label, testing::Not(testing::AnyOf("sport", "baking")));
    for (std::size_t i = 0; i < 200; ++i) {
      const std::int32_t topic = model->documents().topics[i];
      if (i % 4 < 2) {
        EXPECT_EQ(topic, i % 4 == 1 ? 0 : 1) << i;
        EXPECT_GE(model->documents().probabilities[i], 0.7F);
      } else {
        EXPECT_NE(topic, 0) << i;
        EXPECT_NE(topic, 1) << i;
      }
    }
    EXPECT_THAT(warnings_of_names(run), testing::IsEmpty());
  }
}

TEST(Zeroshot, NewDocumentsFollowTheSameRuleAlsoAfterLoading) {
  const Corpus corpus = make_corpus(200);
  const Corpus fresh = make_corpus(40, 1000);
  const fs::path folder = fs::temp_directory_path() / "tg_zeroshot_transform";
  for (const bool keeps_vectors : {true, false}) {
    for (const auto method : {ClusterMethod::communities, ClusterMethod::hdbscan}) {
      FitOptions options = zeroshot({"sport", "nobody", "baking"}, method);
      options.store.keep_embeddings = keeps_vectors;
      RunContext run({.threads = 2});
      const auto model = fit(corpus, options, named({1, 7, 0}), run);
      ASSERT_TRUE(model) << to_string(model.error());
      fs::remove_all(folder);
      fs::create_directories(folder);
      ASSERT_TRUE(model->save(folder, "{}", run));
      const auto loaded = TopicModel::load(folder);
      ASSERT_TRUE(loaded) << to_string(loaded.error());
      EXPECT_EQ(loaded->zeroshot_topics(), model->zeroshot_topics());
      const auto known = loaded->transform(corpus.texts, nullptr, corpus.vectors.view(), run);
      ASSERT_TRUE(known);
      EXPECT_EQ(known->topics, model->documents().topics);
      const auto found = loaded->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
      ASSERT_TRUE(found) << to_string(found.error());
      for (std::size_t i = 0; i < 40; ++i) {
        EXPECT_EQ(found->topics[i], model->documents().topics[i % 4]) << i;
      }
    }
  }
  fs::remove_all(folder);
}

TEST(Zeroshot, ANameWithoutDocumentsGetsNoTopicAndAWarning) {
  const Corpus corpus = make_corpus(200);
  RunContext run({.threads = 2});
  const auto model = fit(corpus, zeroshot({"nobody", "sport"}), named({6, 1}), run);
  ASSERT_TRUE(model);
  EXPECT_THAT(model->zeroshot_topics(), ElementsAre(-1, 0));
  EXPECT_EQ(model->topics().find(0)->label, "sport");
  EXPECT_EQ(model->facts().n_topics, 4);
  ASSERT_EQ(warnings_of_names(run).size(), 1U);
  EXPECT_THAT(warnings_of_names(run)[0], HasSubstr("'nobody' gets no topic"));
  EXPECT_THAT(warnings_of_names(run)[0], HasSubstr("min_similarity is 0.70"));
}

TEST(Zeroshot, NamesThatMatchNothingLeaveAnOrdinaryFit) {
  const Corpus corpus = make_corpus(200);
  RunContext run({.threads = 2});
  const auto model = fit(corpus, zeroshot({"a", "b"}, ClusterMethod::hdbscan), named({6, 7}), run);
  RunContext plain_run({.threads = 2});
  const auto plain = fit(corpus, zeroshot({}, ClusterMethod::hdbscan), {}, plain_run);
  ASSERT_TRUE(model && plain);
  EXPECT_EQ(model->documents().topics, plain->documents().topics);
  EXPECT_NE(model->hdbscan(), nullptr);
  EXPECT_EQ(warnings_of_names(run).size(), 2U);
}

TEST(Zeroshot, AllDocumentsMayBeMatched) {
  const Corpus corpus = make_corpus(200, 0, 0.05);
  for (const auto method : {ClusterMethod::communities, ClusterMethod::hdbscan}) {
    RunContext run({.threads = 2});
    const auto model =
        fit(corpus, zeroshot({"a", "b", "c", "d"}, method), named({0, 1, 2, 3}), run);
    ASSERT_TRUE(model) << to_string(model.error());
    EXPECT_EQ(model->facts().n_topics, 4);
    EXPECT_EQ(model->facts().n_outliers, 0);
    for (std::size_t i = 0; i < 200; ++i) {
      EXPECT_EQ(model->documents().topics[i], narrow<std::int32_t>(i % 4));
    }
    // A new document that is like no name has nobody to vote for it.
    TextColumn text;
    text.push_back("something else");
    const auto found = model->transform(text, nullptr, axes({7}).view(), run);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_EQ(found->topics[0], -1);
  }
}

TEST(Zeroshot, AFewDocumentsLikeNoNameStayWithoutTopic) {
  Corpus corpus = make_corpus(201, 0, 0.05);
  for (std::size_t j = 0; j < kDimension; ++j) corpus.vectors[200, j] = j == 7 ? 1.0F : 0.0F;
  RunContext run({.threads = 2});
  const auto model = fit(corpus, zeroshot({"a", "b", "c", "d"}), named({0, 1, 2, 3}), run);
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->documents().topics[200], -1);
  ASSERT_EQ(warnings_of_names(run).size(), 1U);
  EXPECT_THAT(warnings_of_names(run)[0], HasSubstr("too few to cluster"));
}

TEST(Zeroshot, LayersNestAroundTheTopicsOfNames) {
  const Corpus corpus = make_corpus(400);
  RunContext run({.threads = 2});
  FitOptions options = zeroshot({"sport"});
  options.communities.n_layers = 4;
  const auto model = fit(corpus, options, named({1}), run);
  ASSERT_TRUE(model);
  ASSERT_FALSE(model->layers().empty());
  for (const TopicLayer& layer : model->layers()) {
    EXPECT_EQ(layer.names[0], "sport");
    for (std::size_t i = 0; i < 400; ++i) EXPECT_EQ(layer.labels[i] == 0, i % 4 == 1) << i;
  }
}

TEST(Zeroshot, ReductionKeepsTopicsOfNamesApartAndTheirNames) {
  const Corpus corpus = make_corpus(200);
  RunContext run({.threads = 2});
  auto model = fit(corpus, zeroshot({"sport", "baking", "stars"}), named({1, 0, 2}), run);
  ASSERT_TRUE(model);
  const auto few = reduce_topics(*model, {.n_topics = 2}, run);
  ASSERT_FALSE(few);
  EXPECT_THAT(to_string(few.error()), HasSubstr("expected 3 or more"));
  const auto three = reduce_topics(*model, {.n_topics = 3}, run);
  ASSERT_TRUE(three) << to_string(three.error());
  ASSERT_TRUE(model->regroup(*three, corpus.texts, TopicOrder::by_size, run));
  std::vector<std::string> labels;
  for (const Topic& topic : model->topics().topics) labels.push_back(topic.label);
  EXPECT_THAT(labels, testing::UnorderedElementsAre("sport", "baking", "stars"));
  // Whoever is like a name is still in its topic.
  const Corpus fresh = make_corpus(40, 1000);
  const auto found = model->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
  ASSERT_TRUE(found);
  const std::int32_t sport = model->zeroshot_topics()[0];
  EXPECT_EQ(model->topics().find(sport)->label, "sport");
  for (std::size_t i = 1; i < 40; i += 4) EXPECT_EQ(found->topics[i], sport);
  // Somebody who says so may merge them.
  ASSERT_TRUE(
      model->regroup(*merge_topics(*model, {{0, 1, 2}}), corpus.texts, TopicOrder::by_size, run));
  EXPECT_THAT(model->zeroshot_topics(), Each(0));
}

TEST(Zeroshot, DocumentsLikeTheNameOfADeletedTopicHaveNone) {
  const Corpus corpus = make_corpus(200);
  RunContext run({.threads = 2});
  auto model = fit(corpus, zeroshot({"sport"}), named({1}), run);
  ASSERT_TRUE(model);
  ASSERT_TRUE(model->regroup(*delete_topics(*model, std::vector{0}), corpus.texts,
                             TopicOrder::by_size, run));
  EXPECT_THAT(model->zeroshot_topics(), ElementsAre(-1));
  const Corpus fresh = make_corpus(8, 1000);
  const auto found = model->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->topics[1], -1);
  EXPECT_GE(found->topics[0], 0);
}

TEST(Zeroshot, MembershipsAgreeWithTheTopicsAlsoOfNewDocuments) {
  const Corpus corpus = make_corpus(200);
  const Corpus fresh = make_corpus(12, 500);
  for (const auto method : {ClusterMethod::communities, ClusterMethod::hdbscan}) {
    SCOPED_TRACE(enum_name(method));
    RunContext run({.threads = 2});
    FitOptions options = zeroshot({"sport"});
    options.cluster.method = method;
    options.store.memberships = 3;
    const auto model = fit(corpus, options, named({1}), run);
    ASSERT_TRUE(model) << to_string(model.error());
    const auto agree = [](const DocumentTopics& documents) {
      const Memberships& rows = documents.memberships;
      ASSERT_EQ(rows.k(), 3U);
      for (std::size_t i = 0; i < documents.topics.size(); ++i) {
        double sum = static_cast<double>(rows.noise[i]);
        for (const float value : rows.values.row(i)) sum += static_cast<double>(value);
        EXPECT_LE(sum, 1 + 1e-5);
        if (documents.topics[i] >= 0) {
          EXPECT_EQ(rows.clusters.row(i)[0], documents.topics[i]) << i;
        } else {
          EXPECT_GE(rows.noise[i], rows.values.row(i)[0]) << i;
        }
      }
    };
    agree(model->documents());
    const auto found = model->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
    ASSERT_TRUE(found) << to_string(found.error());
    agree(*found);
  }
}

TEST(Zeroshot, ADocumentLikeANameBelongsToItAloneInATree) {
  const Corpus corpus = make_corpus(200);
  RunContext run({.threads = 2});
  FitOptions options = zeroshot({"sport"});
  options.cluster.method = ClusterMethod::hdbscan;
  options.store.memberships = 2;
  const auto model = fit(corpus, options, named({1}), run);
  ASSERT_TRUE(model);
  const DocumentTopics& documents = model->documents();
  const std::int32_t sport = model->zeroshot_topics()[0];
  std::size_t n = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    if (documents.topics[i] != sport) continue;
    ++n;
    EXPECT_EQ(documents.memberships.values.row(i)[0], 1.0F);
    EXPECT_EQ(documents.memberships.noise[i], 0.0F);
  }
  EXPECT_GT(n, 20U);
}

TEST(Zeroshot, RefusesListsAndVectorsThatCannotBeMeant) {
  const Corpus corpus = make_corpus(60);
  RunContext run;
  const auto message = [&](const FitOptions& options, const SteeringVectors& steering) {
    const auto model = fit(corpus, options, steering, run);
    return model ? std::string("no error") : to_string(model.error());
  };
  EXPECT_THAT(message(zeroshot({"sport", " sport "}), named({0, 1})),
              HasSubstr("'sport' is there twice"));
  EXPECT_THAT(message(zeroshot({" "}), named({0})), HasSubstr("expected a topic a line"));
  EXPECT_THAT(message(zeroshot({"@/no/such/file"}), named({0})), HasSubstr("/no/such/file"));
  EXPECT_THAT(message(zeroshot({"a", "b"}), named({0})), HasSubstr("expected 2 vectors of 8"));
  SteeringVectors narrow_ones;
  narrow_ones.zeroshot = Matrix<float>(1, 3);
  EXPECT_THAT(message(zeroshot({"a"}), narrow_ones), HasSubstr("use the encoder"));
  SteeringVectors blank;
  blank.zeroshot = Matrix<float>(1, kDimension);
  EXPECT_THAT(message(zeroshot({"a"}), blank), HasSubstr("knows no word of 'a'"));
  EXPECT_THAT(message(zeroshot({"a"}), {}), HasSubstr("--model"));
  EXPECT_THAT(message(zeroshot({"a"}, ClusterMethod::given), named({0})), HasSubstr("given"));
}

TEST(Zeroshot, ReadsNamesFromAFile) {
  const fs::path file = fs::temp_directory_path() / "tg_zeroshot_names.txt";
  std::ofstream(file) << "\xEF\xBB\xBFsport, and games\n\n  baking\r\n";
  const auto names = listed_topics({"@" + file.string(), "stars"}, "zeroshot.topics");
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, ElementsAre("sport, and games", "baking", "stars"));
  std::ofstream(file) << "\n \n";
  EXPECT_FALSE(listed_topics({"@" + file.string()}, "zeroshot.topics"));
  fs::remove(file);
}

TEST(Zeroshot, GivesTheSameBitsForAnyNumberOfThreads) {
  const Corpus corpus = make_corpus(200);
  std::vector<std::vector<float>> all;
  for (const int threads : {1, 3}) {
    RunContext run({.threads = threads});
    FitOptions options = zeroshot({"sport"});
    options.guided.topics = {"oven flour"};
    SteeringVectors steering = named({1});
    steering.seeds = axes({0});
    const auto model = fit(corpus, options, steering, run);
    ASSERT_TRUE(model);
    all.push_back(model->documents().probabilities);
    const auto places = model->point_positions();
    for (std::size_t p = 0; p < places.rows(); ++p) all.back().push_back(places[p, 0]);
  }
  EXPECT_EQ(all[0], all[1]);
}

TEST(Guided, DocumentsNearASeedMoveAQuarterTowardsIt) {
  Matrix<float> rows = axes({0, 1, 2});
  rows[0, 1] = 0.5F;
  Matrix<float> seeds = axes({0, 3});
  for (std::size_t j = 0; j < kDimension; ++j) seeds[1, j] = j == 1 || j == 2 ? 1.0F : 0.0F;
  RunContext run;
  const auto labels = guide_rows(rows.view(), seeds.view(), 0.25F, run);
  ASSERT_TRUE(labels);
  EXPECT_THAT(*labels, ElementsAre(0, -1, -1));
  EXPECT_FLOAT_EQ((rows[0, 0]), 1.0F);
  EXPECT_FLOAT_EQ((rows[0, 1]), 0.375F);
  EXPECT_FLOAT_EQ((rows[1, 1]), 1.0F);
}

TEST(Guided, SeedsShapeTopicsThatTheVectorsHardlyTell) {
  // Two kinds of documents that differ a little along one axis each.
  Corpus corpus = make_corpus(200);
  const RandomKey key = random_key(3, "kinds");
  for (std::size_t i = 0; i < 200; ++i) {
    for (std::size_t j = 0; j < kDimension; ++j) {
      corpus.vectors[i, j] = static_cast<float>(0.5 * normal(key, i, j));
    }
    corpus.vectors[i, i % 2] += 0.9F;
  }
  const auto purity = [&](const FitOptions& options, const SteeringVectors& steering) {
    RunContext run({.threads = 2});
    const auto model = fit(corpus, options, steering, run);
    EXPECT_TRUE(model);
    std::map<std::int32_t, std::array<int, 2>> counts;
    for (std::size_t i = 0; i < 200; ++i) ++counts[model->documents().topics[i]][i % 2];
    int own = 0;
    for (const auto& [topic, count] : counts) own += std::max(count[0], count[1]);
    return own / 200.0;
  };
  FitOptions options;
  const double plain = purity(options, {});
  options.guided.topics = {"first", "second"};
  const double guided = purity(options, seeded({0, 1}));
  EXPECT_GT(guided, plain + 0.02);
}

TEST(Guided, WordsOfSeedsWeighMoreAndUnknownOnesAreNamed) {
  const Corpus corpus = make_corpus(200);
  RunContext run({.threads = 2});
  FitOptions options;
  const auto plain = fit(corpus, options, {}, run);
  options.guided.topics = {"Oven xyzzy", "comet"};
  options.guided.weight = 0;
  options.guided.targets = false;
  options.guided.multiplier = 3;
  options.ctfidf.seed_words = {"comet", "league", "orbit=5"};
  auto model = fit(corpus, options, seeded({0, 2}), run);
  ASSERT_TRUE(plain && model);
  const auto ratio = [&](const char* term) {
    const auto id = idx(model->description().counts.vocabulary.find(term));
    return model->description().idf[id] / plain->description().idf[id];
  };
  EXPECT_DOUBLE_EQ(ratio("oven"), 3);
  EXPECT_DOUBLE_EQ(ratio("comet"), 3);  // The seed's factor replaces the seed word's.
  EXPECT_DOUBLE_EQ(ratio("league"), 2);
  EXPECT_DOUBLE_EQ(ratio("orbit"), 5);
  EXPECT_DOUBLE_EQ(ratio("kernel"), 1);
  EXPECT_THAT(run.warnings(), testing::Contains(HasSubstr("xyzzy")));
  // A change of topics keeps the weights.
  const auto before =
      model->description().idf[idx(model->description().counts.vocabulary.find("oven"))];
  ASSERT_TRUE(model->regroup(model->point_labels(), corpus.texts, TopicOrder::kept, run));
  EXPECT_EQ(before,
            model->description().idf[idx(model->description().counts.vocabulary.find("oven"))]);
}

TEST(Guided, NewDocumentsMoveAsThoseOfTheFit) {
  const Corpus corpus = make_corpus(200);
  const fs::path folder = fs::temp_directory_path() / "tg_guided_transform";
  FitOptions options;
  options.guided.topics = {"oven flour", "goal"};
  RunContext run({.threads = 2});
  const auto model = fit(corpus, options, seeded({0, 1}), run);
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_NEAR(model->point_embeddings().row(0)[0], 0.75F * corpus.vectors.row(0)[0] + 0.25F, 1e-6F);
  fs::remove_all(folder);
  fs::create_directories(folder);
  ASSERT_TRUE(model->save(folder, "{}", run));
  const auto loaded = TopicModel::load(folder);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  // The vector of a training document under another text: found at distance 0.
  TextColumn texts;
  texts.push_back("the same vector");
  const auto found = loaded->transform(texts, nullptr, corpus.vectors.view().rows(0, 1), run);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->topics[0], model->documents().topics[0]);
  EXPECT_EQ(found->probabilities[0], model->documents().probabilities[0]);
  fs::remove_all(folder);
}

TEST(Guided, SeedsAreListsOfTerms) {
  EXPECT_THAT(seed_terms("oven  flour\tbutter"), ElementsAre("oven", "flour", "butter"));
  EXPECT_THAT(seed_terms("solar cell, wind"), ElementsAre("solar cell", "wind"));
}

}  // namespace
}  // namespace topograph

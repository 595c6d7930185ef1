#include "topograph/model/topic_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "model/point_targets.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::size_t kTopics = 4;
constexpr std::size_t kDimension = 16;

/// Documents of four plain subjects and vectors around four centres.
struct Corpus {
  TextColumn texts;
  Matrix<float> vectors;
};

Corpus make_corpus(std::size_t n) {
  static constexpr const char* words[kTopics][4] = {{"oven", "flour", "butter", "sugar"},
                                                    {"striker", "goal", "league", "referee"},
                                                    {"galaxy", "comet", "orbit", "telescope"},
                                                    {"compiler", "thread", "kernel", "library"}};
  const RandomKey key = random_key(7, "corpus");
  Corpus corpus;
  corpus.vectors = Matrix<float>(n, kDimension);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t topic = i % kTopics;
    std::string text = "document " + std::to_string(i);
    for (std::uint64_t w = 0; w < 3; ++w)
      text += std::string(" ") + words[topic][uniform_below(key, i, w, 4)];
    corpus.texts.push_back(text);
    for (std::size_t j = 0; j < kDimension; ++j) {
      corpus.vectors[i, j] =
          static_cast<float>(0.25 * normal(key, i, 10 + j) + (j == topic ? 2.0 : 0.0));
    }
  }
  return corpus;
}

Result<TopicModel> fit(const Corpus& corpus, const FitOptions& options = {}, int threads = 2) {
  RunContext run({.threads = threads});
  return TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run);
}

std::string slurp(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class ModelFolder : public testing::Test {
 protected:
  ModelFolder()
      : folder_(fs::temp_directory_path() /
                ("tg_model_" +
                 std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~ModelFolder() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST(TopicModel, RecoversSeparatedSubjects) {
  for (const ClusterMethod method : {ClusterMethod::communities, ClusterMethod::hdbscan}) {
    FitOptions options;
    options.cluster.method = method;
    const auto model = fit(make_corpus(400), options);
    ASSERT_TRUE(model) << to_string(model.error());
    EXPECT_EQ(model->facts().n_topics, 4);
    for (std::size_t i = 0; i < 400; ++i) {
      EXPECT_EQ(model->documents().topics[i], model->documents().topics[i % kTopics]) << i;
    }
  }
}

TEST(TopicModel, NamesTopicsByTheirOwnWords) {
  const auto model = fit(make_corpus(400));
  ASSERT_TRUE(model);
  std::set<std::string> best;
  for (const Topic& topic : model->topics().topics) {
    ASSERT_GE(topic.words.size(), 4U);
    for (std::size_t w = 0; w < 4; ++w) best.insert(topic.words[w].term);
  }
  EXPECT_EQ(best.size(), 16U);
  EXPECT_TRUE(best.contains("telescope"));
}

Result<TopicModel> fit_with(const Corpus& corpus, const UmapTargets& targets, float weight) {
  RunContext run({.threads = 2});
  FitOptions options;
  options.target.weight = weight;
  return TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run, {}, targets);
}

/// Share of documents in a topic of mostly their own kind, kind = document / 4 % 2.
double purity_of_kinds(const TopicModel& model) {
  std::map<std::int32_t, std::array<std::size_t, 2>> counts;
  const auto& topics = model.documents().topics;
  for (std::size_t i = 0; i < topics.size(); ++i) ++counts[topics[i]][i / kTopics % 2];
  std::size_t own = 0;
  for (const auto& [topic, count] : counts) own += std::max(count[0], count[1]);
  return static_cast<double>(own) / static_cast<double>(topics.size());
}

TEST(TopicModel, TargetsShapeTopics) {
  const Corpus corpus = make_corpus(400);
  std::vector<std::int32_t> kinds(400);
  Matrix<float> numbers(400, 1);
  for (std::size_t i = 0; i < 400; ++i) {
    kinds[i] = static_cast<std::int32_t>(i / kTopics % 2);
    numbers[i, 0] = static_cast<float>(kinds[i]) + 1e-3F * static_cast<float>(i);
  }
  const auto plain = fit_with(corpus, {}, 0.9F);
  const auto labelled = fit_with(corpus, {.labels = kinds}, 0.9F);
  const auto numbered = fit_with(corpus, {.values = numbers.view()}, 0.9F);
  ASSERT_TRUE(plain && labelled && numbered);
  EXPECT_LT(purity_of_kinds(*plain), 0.75);
  EXPECT_GT(purity_of_kinds(*labelled), 0.95);
  EXPECT_GT(purity_of_kinds(*numbered), purity_of_kinds(*plain));
}

TEST(TopicModel, RefusesTargetsOfAnotherNumberAndNamesABadOne) {
  const Corpus corpus = make_corpus(100);
  std::vector<std::int32_t> labels(99, 0);
  const auto few = fit_with(corpus, {.labels = labels}, 0.5F);
  ASSERT_FALSE(few);
  EXPECT_THAT(to_string(few.error()), HasSubstr("expected 100, one for each document, found 99"));
  labels.assign(100, 0);
  labels[31] = -2;
  const auto bad = fit_with(corpus, {.labels = labels}, 0.5F);
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().where, "row 31");
}

TEST(PointTargets, FoldedDocumentsHaveALabelWhereTheyAgreeAndTheMeanOfTheirNumbers) {
  Points points;
  points.of_document = {0, 1, 0, -1, 1, 2, 2};
  points.weights = {2, 2, 2};
  const std::vector<std::int32_t> labels = {4, 5, -1, 9, 6, 7, 7};
  const auto folded = point_targets(points, {.labels = labels});
  ASSERT_TRUE(folded);
  EXPECT_EQ(folded->labels, (std::vector<std::int32_t>{4, -1, 7}));
  Matrix<float> values(7, 1);
  for (std::size_t i = 0; i < 7; ++i) values[i, 0] = static_cast<float>(i);
  const auto means = point_targets(points, {.values = values.view()});
  ASSERT_TRUE(means);
  EXPECT_EQ((means->values[0, 0]), 1.0F);
  EXPECT_EQ((means->values[1, 0]), 2.5F);
  EXPECT_EQ((means->values[2, 0]), 5.5F);
}

TEST(TopicModel, KeepsBlankDocumentsInPlaceAndFoldsIdenticalOnes) {
  Corpus corpus = make_corpus(200);
  TextColumn texts;
  Matrix<float> vectors(204, kDimension);
  for (std::size_t i = 0; i < 204; ++i) {
    const std::size_t source = i < 200 ? i : 3;
    texts.push_back(i == 200 ? " \n" : std::string(corpus.texts[source]) + (i == 203 ? " " : ""));
    std::ranges::copy(corpus.vectors.row(source), vectors.row(i).begin());
  }
  const auto model = fit({std::move(texts), std::move(vectors)});
  ASSERT_TRUE(model);
  EXPECT_EQ(model->facts().n_empty, 1);
  EXPECT_EQ(model->facts().n_duplicates, 3);
  const DocumentTopics& documents = model->documents();
  EXPECT_EQ(documents.reasons[200], OutlierReason::empty);
  EXPECT_EQ(documents.topics[200], -1);
  for (const std::size_t i : {201U, 202U, 203U}) {
    EXPECT_EQ(documents.topics[i], documents.topics[3]);
    EXPECT_EQ(documents.positions.row(i)[0], documents.positions.row(3)[0]);
  }
  EXPECT_EQ(model->topics().topics.front().label, "empty documents");
}

TEST(TopicModel, RefusesTooFewDocumentsAndBadOptionsBeforeAnyWork) {
  EXPECT_THAT(fit(make_corpus(10)).error().message, HasSubstr("found 10"));
  FitOptions options;
  options.neighbors.n_neighbors = 1;
  options.topics.top_n_words = 0;
  const auto outcome = fit(make_corpus(100), options);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().where, "neighbors.n_neighbors");
  EXPECT_THAT(outcome.error().message, HasSubstr("topics.top_n_words"));
  EXPECT_FALSE(fit({TextColumn{}, Matrix<float>{}}).has_value());
}

TEST(TopicModel, NamesTheRowOfANonFiniteVector) {
  Corpus corpus = make_corpus(100);
  corpus.vectors[17, 3] = std::numeric_limits<float>::infinity();
  const auto outcome = fit(corpus);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(to_string(outcome.error()), HasSubstr("17"));
}

TEST(TopicModel, GivesTheSameBitsForAnyNumberOfThreads) {
  for (const ClusterMethod method : {ClusterMethod::communities, ClusterMethod::hdbscan}) {
    FitOptions options;
    options.cluster.method = method;
    const auto base = fit(make_corpus(500), options, 1);
    ASSERT_TRUE(base);
    for (const int threads : {2, 3, 7}) {
      const auto other = fit(make_corpus(500), options, threads);
      ASSERT_TRUE(other);
      EXPECT_EQ(other->documents().topics, base->documents().topics);
      EXPECT_EQ(other->documents().probabilities, base->documents().probabilities);
      for (std::size_t i = 0; i < 500; ++i) {
        ASSERT_TRUE(std::ranges::equal(other->documents().positions.row(i),
                                       base->documents().positions.row(i)))
            << i;
      }
    }
  }
}

TEST(TopicModel, StopsOnRequest) {
  std::stop_source stop;
  stop.request_stop();
  RunContext run({.stop = stop.get_token()});
  const Corpus corpus = make_corpus(100);
  const auto outcome = TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), {}, run);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
}

TEST_F(ModelFolder, SaveLoadSaveGivesTheSameBytes) {
  for (const ClusterMethod method : {ClusterMethod::communities, ClusterMethod::hdbscan}) {
    FitOptions options;
    options.cluster.method = method;
    const auto model = fit(make_corpus(300), options);
    ASSERT_TRUE(model);
    const RunContext run({.threads = 1});
    fs::create_directories(folder_ / "a");
    fs::create_directories(folder_ / "b");
    ASSERT_TRUE(model->save(folder_ / "a", R"({"text": "t"})", run));
    const auto loaded = TopicModel::load(folder_ / "a");
    ASSERT_TRUE(loaded) << to_string(loaded.error());
    ASSERT_TRUE(loaded->save(folder_ / "b", loaded->input_json(), run));
    for (const char* name : {"model.json", "arrays.safetensors", "topics.json"}) {
      EXPECT_EQ(slurp(folder_ / "a" / name), slurp(folder_ / "b" / name)) << name;
    }
  }
}

TEST_F(ModelFolder, ALoadedModelPlacesNewDocumentsLikeTheFittedOne) {
  const Corpus corpus = make_corpus(400);
  const Corpus fresh = make_corpus(460);
  const auto model = fit(corpus);
  ASSERT_TRUE(model);
  RunContext run({.threads = 2});
  ASSERT_TRUE(model->save(folder_, "{}", run));
  const auto loaded = TopicModel::load(folder_);
  ASSERT_TRUE(loaded);
  const auto a = model->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
  const auto b = loaded->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->topics, b->topics);
  EXPECT_EQ(a->probabilities, b->probabilities);
  for (std::size_t i = 0; i < 460; ++i)
    EXPECT_EQ(a->topics[i], model->documents().topics[i % kTopics]) << i;
}

TEST_F(ModelFolder, KeepsTheLikeliestTopicsInAgreementWithTheTopic) {
  FitOptions options;
  options.cluster.method = ClusterMethod::hdbscan;
  options.store.memberships = 3;
  const Corpus corpus = make_corpus(300);
  const Corpus fresh = make_corpus(340);
  const auto model = fit(corpus, options);
  ASSERT_TRUE(model) << to_string(model.error());
  const auto expect_agreement = [](const DocumentTopics& found) {
    ASSERT_EQ(found.memberships.k(), 3U);
    for (std::size_t i = 0; i < found.topics.size(); ++i) {
      if (found.topics[i] >= 0) {
        EXPECT_EQ((found.memberships.clusters[i, 0]), found.topics[i]) << i;
      } else {
        EXPECT_GE(found.memberships.noise[i] + 1e-6F, (found.memberships.values[i, 0])) << i;
      }
    }
  };
  expect_agreement(model->documents());
  RunContext run({.threads = 2});
  ASSERT_TRUE(model->save(folder_, "{}", run));
  const auto loaded = TopicModel::load(folder_);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const auto found = loaded->transform(fresh.texts, nullptr, fresh.vectors.view(), run);
  ASSERT_TRUE(found);
  expect_agreement(*found);
  for (std::size_t i = 0; i < 300; ++i) {
    EXPECT_THAT(found->memberships.values.row(i),
                testing::ElementsAreArray(model->documents().memberships.values.row(i)));
  }
}

TEST(TopicModel, KeepsTheSecondBestTopicOfCommunities) {
  FitOptions options;
  options.store.memberships = 2;
  const auto model = fit(make_corpus(300), options);
  ASSERT_TRUE(model) << to_string(model.error());
  const DocumentTopics& documents = model->documents();
  ASSERT_EQ(documents.memberships.k(), 2U);
  for (std::size_t i = 0; i < documents.topics.size(); ++i) {
    if (documents.topics[i] < 0) continue;
    const auto topics = documents.memberships.clusters.row(i);
    const auto shares = documents.memberships.values.row(i);
    EXPECT_EQ(topics[0], documents.topics[i]);
    EXPECT_NE(topics[1], documents.topics[i]);
    EXPECT_GE(shares[0], shares[1]);
  }
}

TEST(TopicModel, LayersNameTheTopicAboveEachTopic) {
  const auto model = fit(make_corpus(300), FitOptions{});
  ASSERT_TRUE(model);
  const auto& layers = model->layers();
  ASSERT_FALSE(layers.empty());
  EXPECT_TRUE(layers[0].parents.empty());
  for (std::size_t i = 1; i < layers.size(); ++i) {
    ASSERT_EQ(layers[i].parents.size(), layers[i].names.size());
    for (std::size_t d = 0; d < layers[i].labels.size(); ++d) {
      if (layers[i].labels[d] < 0) continue;
      EXPECT_EQ(layers[i].parents[static_cast<std::size_t>(layers[i].labels[d])],
                layers[i - 1].labels[d]);
    }
  }
}

TEST(TopicModel, HasNoMembershipsInKMeans) {
  FitOptions options;
  options.cluster.method = ClusterMethod::kmeans;
  options.cluster.n_clusters = 3;
  options.store.memberships = 3;
  const auto model = fit(make_corpus(100), options);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().subject, Subject::option);
  EXPECT_THAT(to_string(model.error()), HasSubstr("store.memberships"));
}

TEST(TopicModel, CutsTheTreeIntoTheNumberOfTopicsAskedFor) {
  FitOptions options;
  options.cluster.method = ClusterMethod::hdbscan;
  options.hdbscan.n_clusters = 2;
  const auto model = fit(make_corpus(300), options);
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->facts().n_topics, 2);
}

TEST_F(ModelFolder, HdbscanHasResolutionsAsLayersThatSurviveSaving) {
  FitOptions options;
  options.cluster.method = ClusterMethod::hdbscan;
  options.hdbscan.min_cluster_size = 5;
  options.layers.min_clusters = 2;
  const auto model = fit(make_corpus(300), options);
  ASSERT_TRUE(model) << to_string(model.error());
  ASSERT_FALSE(model->layers().empty());
  std::size_t n_topic_layers = 0;
  for (std::size_t i = 0; i < model->layers().size(); ++i) {
    const TopicLayer& layer = model->layers()[i];
    const std::size_t coarser = i == 0 ? 0 : model->layers()[i - 1].names.size();
    EXPECT_LE(coarser, layer.names.size());
    EXPECT_LE(layer.resolution, 1);
    n_topic_layers += layer.labels == model->documents().topics ? 1U : 0U;
  }
  EXPECT_EQ(n_topic_layers, 1U);
  const RunContext run;
  ASSERT_TRUE(model->save(folder_, "{}", run));
  const auto loaded = TopicModel::load(folder_);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  ASSERT_EQ(loaded->layers().size(), model->layers().size());
  for (std::size_t i = 0; i < model->layers().size(); ++i) {
    EXPECT_EQ(loaded->layers()[i].labels, model->layers()[i].labels);
    EXPECT_EQ(loaded->layers()[i].names, model->layers()[i].names);
  }
}

TEST_F(ModelFolder, KeepsTheMergesOfAgglomerativeClustering) {
  FitOptions options;
  options.cluster.method = ClusterMethod::agglomerative;
  options.cluster.n_clusters = 4;
  const auto model = fit(make_corpus(100), options);
  ASSERT_TRUE(model) << to_string(model.error());
  ASSERT_NE(model->linkage(), nullptr);
  EXPECT_EQ(model->linkage()->height.size(), 99U);
  const RunContext run;
  ASSERT_TRUE(model->save(folder_, "{}", run));
  const auto loaded = TopicModel::load(folder_);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  ASSERT_NE(loaded->linkage(), nullptr);
  EXPECT_EQ(loaded->linkage()->left, model->linkage()->left);
  EXPECT_EQ(loaded->linkage()->height, model->linkage()->height);
  EXPECT_EQ(loaded->hdbscan(), nullptr);
}

TEST_F(ModelFolder, LoadNamesTheFileThatIsWrong) {
  const auto model = fit(make_corpus(100));
  ASSERT_TRUE(model);
  const RunContext run;
  ASSERT_TRUE(model->save(folder_, "{}", run));
  std::ofstream(folder_ / "topics.json") << R"([{"topic": "zero"}])";
  const auto loaded = TopicModel::load(folder_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().subject, Subject::model);
  EXPECT_THAT(loaded.error().where, HasSubstr("topics.json"));
  std::ofstream(folder_ / "model.json") << R"({"format": "topograph-model", "schema_version": 99})";
  EXPECT_THAT(TopicModel::load(folder_).error().message, HasSubstr("99"));
}

struct Method {
  ClusterMethod method;
  std::optional<ClusterInput> input;
};

FitOptions options_of(const Method& method) {
  FitOptions options;
  options.cluster.method = method.method;
  options.cluster.input = method.input;
  if (method.method != ClusterMethod::dbscan) options.cluster.n_clusters = 4;
  options.dbscan.eps = 1.0;
  options.gmm.reg_covar = 1e-2;
  return options;
}

class EveryMethod : public ModelFolder, public testing::WithParamInterface<Method> {};

TEST_P(EveryMethod, RecoversTheSubjectsAndPlacesNewDocumentsAfterLoading) {
  RunContext run;
  const FitOptions options = options_of(GetParam());
  const auto model = fit(make_corpus(400), options);
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->facts().n_topics, 4);
  const auto& topics = model->documents().topics;
  for (std::size_t i = 0; i < 400; ++i) EXPECT_EQ(topics[i], topics[i % kTopics]) << i;
  ASSERT_TRUE(model->save(folder_, "{}", run));
  const auto loaded = TopicModel::load(folder_);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  Corpus fresh = make_corpus(440);
  TextColumn texts;
  for (std::size_t i = 0; i < 440; ++i) texts.push_back("new " + std::string(fresh.texts[i]));
  const auto a = model->transform(texts, nullptr, fresh.vectors.view(), run);
  const auto b = loaded->transform(texts, nullptr, fresh.vectors.view(), run);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->topics, b->topics);
  EXPECT_EQ(a->probabilities, b->probabilities);
  std::size_t n_right = 0;
  for (std::size_t i = 0; i < 440; ++i) n_right += a->topics[i] == topics[i % kTopics] ? 1U : 0U;
  EXPECT_GE(n_right, 430U);
}

INSTANTIATE_TEST_SUITE_P(
    Methods, EveryMethod,
    testing::Values(Method{ClusterMethod::kmeans, {}},
                    Method{ClusterMethod::kmeans, ClusterInput::reduced},
                    Method{ClusterMethod::minibatch, {}}, Method{ClusterMethod::gmm, {}},
                    Method{ClusterMethod::gmm, ClusterInput::reduced},
                    Method{ClusterMethod::agglomerative, {}}, Method{ClusterMethod::dbscan, {}}),
    [](const auto& of) {
      return std::string(enum_name(of.param.method)) + (of.param.input ? "_reduced" : "");
    });

TEST(TopicModel, ChoosesTheNumberOfClustersAndShowsTheCurve) {
  for (const ClusterMethod method : {ClusterMethod::kmeans, ClusterMethod::agglomerative}) {
    FitOptions options;
    options.cluster.method = method;
    options.cluster.n_clusters_range = {2, 7};
    const auto model = fit(make_corpus(300), options);
    ASSERT_TRUE(model) << to_string(model.error());
    EXPECT_EQ(model->facts().n_topics, 4);
    EXPECT_EQ(model->cluster_number().chosen, 4);
    EXPECT_EQ(model->cluster_number().criterion, "silhouette");
    EXPECT_EQ(model->cluster_number().curve.size(), 6U);
  }
  FitOptions options;
  options.cluster.method = ClusterMethod::gmm;
  options.gmm.covariance_type = CovarianceType::spherical;
  options.cluster.n_clusters_range = {2, 6};
  const auto model = fit(make_corpus(300), options);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->cluster_number().criterion, "bic");
  EXPECT_EQ(model->cluster_number().chosen, 4);
}

TEST(TopicModel, TakesGivenLabels) {
  const Corpus corpus = make_corpus(200);
  FitOptions options;
  options.cluster.method = ClusterMethod::given;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < 200; ++i) labels.push_back(i < 10 ? -1 : i < 80 ? 7 : 3);
  RunContext run;
  const auto model =
      TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run, labels);
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->documents().topics[0], -1);
  EXPECT_EQ(model->documents().topics[20], 1);
  EXPECT_EQ(model->documents().topics[100], 0);
  const auto without = fit(corpus, options);
  ASSERT_FALSE(without);
  EXPECT_THAT(to_string(without.error()), HasSubstr("--label"));
}

TEST(TopicModel, RefusesClusterOptionsThatWouldBeIgnored) {
  FitOptions options;
  options.cluster.n_clusters = 5;  // communities
  EXPECT_FALSE(fit(make_corpus(60), options));
  options = {};
  options.cluster.input = ClusterInput::embeddings;  // communities
  EXPECT_FALSE(fit(make_corpus(60), options));
  options = {};
  options.cluster.n_clusters_range = {9, 3};
  EXPECT_FALSE(fit(make_corpus(60), options));
}

struct Layouts {
  ClusterMethod cluster;
  LayoutMethod reduce;
  LayoutMethod map;
};

FitOptions options_of(const Layouts& layouts) {
  FitOptions options;
  options.cluster.method = layouts.cluster;
  options.reduce.method = layouts.reduce;
  options.map.method = layouts.map;
  if (layouts.cluster == ClusterMethod::kmeans) options.cluster.n_clusters = 4;
  options.tsne.perplexity = 10;
  options.tsne.n_iter = 150;
  return options;
}

class EveryLayout : public ModelFolder, public testing::WithParamInterface<Layouts> {};

TEST_P(EveryLayout, FindsTheSubjectsAndPlacesNewDocumentsAmongTheirOwnAfterLoading) {
  RunContext run;
  const auto model = fit(make_corpus(240), options_of(GetParam()));
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->facts().n_topics, 4);
  ASSERT_TRUE(model->save(folder_, "{}", run));
  const auto loaded = TopicModel::load(folder_);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const Corpus fresh = make_corpus(260);
  TextColumn texts;
  for (std::size_t i = 0; i < 260; ++i) texts.push_back("new " + std::string(fresh.texts[i]));
  const auto a = model->transform(texts, nullptr, fresh.vectors.view(), run);
  const auto b = loaded->transform(texts, nullptr, fresh.vectors.view(), run);
  ASSERT_TRUE(a) << to_string(a.error());
  ASSERT_TRUE(b) << to_string(b.error());
  EXPECT_EQ(a->topics, b->topics);
  const Matrix<float>& map = model->documents().positions;
  std::size_t n_right = 0;
  std::size_t n_near = 0;
  for (std::size_t i = 0; i < 260; ++i) {
    EXPECT_EQ((a->positions[i, 0]), (b->positions[i, 0]));
    n_right += a->topics[i] == model->documents().topics[i % kTopics] ? 1U : 0U;
    std::size_t nearest = 0;
    float least = std::numeric_limits<float>::max();
    for (std::size_t j = 0; j < map.rows(); ++j) {
      const float gap = std::hypot(map[j, 0] - a->positions[i, 0], map[j, 1] - a->positions[i, 1]);
      if (gap < least) least = gap, nearest = j;
    }
    n_near += nearest % kTopics == i % kTopics ? 1U : 0U;
  }
  EXPECT_GE(n_right, 245U);
  // Two principal axes cannot part four subjects everywhere.
  const bool is_flat = GetParam().map == LayoutMethod::pca || GetParam().map == LayoutMethod::svd;
  EXPECT_GE(n_near, is_flat ? 150U : 245U);
}

INSTANTIATE_TEST_SUITE_P(
    Layouts, EveryLayout,
    testing::Values(Layouts{ClusterMethod::kmeans, LayoutMethod::pca, LayoutMethod::tsne},
                    Layouts{ClusterMethod::kmeans, LayoutMethod::svd, LayoutMethod::pca},
                    Layouts{ClusterMethod::hdbscan, LayoutMethod::pca, LayoutMethod::svd},
                    Layouts{ClusterMethod::hdbscan, LayoutMethod::tsne, LayoutMethod::tsne},
                    Layouts{ClusterMethod::hdbscan, LayoutMethod::none, LayoutMethod::umap}),
    [](const auto& of) {
      return std::string(enum_name(of.param.cluster)) + "_" +
             std::string(enum_name(of.param.reduce)) + "_" + std::string(enum_name(of.param.map));
    });

TEST(TopicModel, AProjectionNeedsNoStoredVectorsToPlaceNewDocuments) {
  FitOptions options = options_of({ClusterMethod::kmeans, LayoutMethod::pca, LayoutMethod::pca});
  const Corpus corpus = make_corpus(120);
  const auto with = fit(corpus, options);
  options.store.keep_embeddings = false;
  const auto without = fit(corpus, options);
  ASSERT_TRUE(with && without);
  EXPECT_TRUE(without->facts().neighbors.empty());
  TextColumn texts;
  for (std::size_t i = 0; i < 120; ++i) texts.push_back("new " + std::string(corpus.texts[i]));
  RunContext run;
  const auto a = with->transform(texts, nullptr, corpus.vectors.view(), run);
  const auto b = without->transform(texts, nullptr, corpus.vectors.view(), run);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->topics, b->topics);
  EXPECT_EQ(b->is_placed, std::vector<std::uint8_t>(120, 1));
  for (std::size_t i = 0; i < 120; ++i) {
    EXPECT_EQ((a->positions[i, 1]), (b->positions[i, 1]));
    EXPECT_NEAR((b->positions[i, 0]), (with->documents().positions[i, 0]), 1e-5F);
  }
}

TEST(TopicModel, VectorsOfTwoColumnsCanBeTheMap) {
  Corpus corpus = make_corpus(80);
  Matrix<float> flat(80, 2);
  for (std::size_t i = 0; i < 80; ++i) {
    flat[i, 0] = corpus.vectors[i, 0];
    flat[i, 1] = corpus.vectors[i, 1];
  }
  corpus.vectors = flat;
  FitOptions options;
  options.map.method = LayoutMethod::none;
  options.neighbors.metric = Metric::euclidean;
  const auto model = fit(corpus, options);
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ((model->documents().positions[7, 1]), (flat[7, 1]));
}

TEST(TopicModel, RefusesLayoutsThatContradictEachOther) {
  const auto problem = [](FitOptions options) {
    const auto model = fit(make_corpus(60), options);
    return model ? std::string("none") : to_string(model.error());
  };
  FitOptions options;
  options.reduce.method = LayoutMethod::pca;
  EXPECT_THAT(problem(options), HasSubstr("reduce.method"));  // communities
  options.cluster.method = ClusterMethod::kmeans;
  options.cluster.input = ClusterInput::embeddings;
  EXPECT_THAT(problem(options), HasSubstr("cluster.input"));
  options.cluster.input = {};
  options.reduce.n_components = 17;
  EXPECT_THAT(problem(options), HasSubstr("16 columns"));
  options.reduce.method = LayoutMethod::tsne;
  EXPECT_THAT(problem(options), HasSubstr("1 to 3"));
  options.reduce.method = LayoutMethod::none;
  EXPECT_THAT(problem(options), HasSubstr("reduce.n_components"));
  options = {};
  options.map.method = LayoutMethod::none;
  EXPECT_THAT(problem(options), HasSubstr("2 columns, found 16"));
}

TEST(TopicModel, RefusesTargetsThatNothingLooksAt) {
  const Corpus corpus = make_corpus(60);
  const FitOptions options =
      options_of({ClusterMethod::kmeans, LayoutMethod::pca, LayoutMethod::pca});
  const std::vector<std::int32_t> labels(60, 1);
  RunContext run;
  const auto model = TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run, {},
                                     {.labels = labels});
  ASSERT_FALSE(model);
  EXPECT_THAT(to_string(model.error()), HasSubstr("--supervise"));
}

TEST(TopicModel, TransformRefusesVectorsOfAnotherDimension) {
  const auto model = fit(make_corpus(100));
  ASSERT_TRUE(model);
  RunContext run;
  TextColumn texts;
  texts.push_back("x");
  const Matrix<float> wrong(1, 3);
  const auto outcome = model->transform(texts, nullptr, wrong.view(), run);
  ASSERT_FALSE(outcome);
  EXPECT_THAT(outcome.error().message, HasSubstr("16"));
}

TEST(TopicModel, FitsFromRowsThatNeedNotBeInMemory) {
  const Corpus corpus = make_corpus(300);
  RunContext run({.threads = 2});
  const auto whole = fit(corpus);
  const auto read =
      TopicModel::fit(corpus.texts, MatrixRows(corpus.vectors.view()), FitOptions{}, run);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->documents().topics, whole->documents().topics);
  for (std::size_t i = 0; i < 300; ++i) {
    EXPECT_EQ((read->documents().positions[i, 0]), (whole->documents().positions[i, 0]));
  }
  const Matrix<float> few(299, kDimension);
  EXPECT_EQ(TopicModel::fit(corpus.texts, MatrixRows(few.view()), FitOptions{}, run).error().where,
            "embeddings");
}

TEST(TopicModel, TransformsByTheSearchOfTheFitAndGivesAKnownVectorItsOwnAnswer) {
  const Corpus corpus = make_corpus(400);
  FitOptions options;
  options.neighbors.method = NeighborMethod::approximate;
  options.neighbors.storage = NeighborStorage::float16;
  const auto model = fit(corpus, options);
  ASSERT_TRUE(model) << to_string(model.error());
  EXPECT_EQ(model->facts().neighbors, "approximate");
  EXPECT_EQ(model->facts().neighbor_storage, "float16");
  EXPECT_GT(model->facts().neighbor_recall, 0.95);
  TextColumn other;  // other words, the same vectors
  for (std::size_t i = 0; i < 40; ++i) other.push_back("unheard " + std::to_string(i));
  const auto vectors = corpus.vectors.view().rows(0, 40);
  RunContext run({.threads = 2, .seed = 7});  // another seed than the fit's
  const auto together = model->transform(other, nullptr, vectors, run).value();
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_EQ(together.topics[i], model->documents().topics[i]);
    EXPECT_EQ((together.positions[i, 0]), (model->documents().positions[i, 0]));
    TextColumn one;
    one.push_back(other[i]);
    const auto alone = model->transform(one, nullptr, vectors.rows(i, i + 1), run).value();
    EXPECT_EQ(alone.topics[0], together.topics[i]);
    EXPECT_EQ((alone.positions[0, 1]), (together.positions[i, 1]));
  }
}

}  // namespace
}  // namespace topograph

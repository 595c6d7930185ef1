// Models that grow: new documents join topics, wait, or open new ones; what follows is what
// counting all documents anew says.
#include "topograph/model/partial_fit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

constexpr std::size_t kDimension = 12;

struct Corpus {
  TextColumn texts;
  Matrix<float> vectors;

  void add(std::string_view text, std::span<const float> vector) {
    texts.push_back(text);
    Matrix<float> grown(vectors.rows() + 1, kDimension);
    std::copy_n(vectors.data(), vectors.size(), grown.data());
    std::ranges::copy(vector, grown.row(vectors.rows()).begin());
    vectors = std::move(grown);
  }
};

/// Documents of some subjects in turn; `first` keeps the texts of two corpora apart.
Corpus make_corpus(std::size_t n, std::vector<std::size_t> subjects, std::size_t first = 0) {
  static constexpr const char* words[5][4] = {{"oven", "flour", "butter", "sugar"},
                                              {"striker", "goal", "league", "referee"},
                                              {"galaxy", "comet", "orbit", "telescope"},
                                              {"compiler", "thread", "kernel", "library"},
                                              {"violin", "sonata", "choir", "opera"}};
  const RandomKey key = random_key(21, "partial");
  Corpus corpus{{}, Matrix<float>(n, kDimension)};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t id = first + i;
    const std::size_t subject = subjects[i % subjects.size()];
    std::string text = "text " + std::to_string(id);
    for (std::uint64_t w = 0; w < 3; ++w) {
      text += std::string(" ") + words[subject][uniform_below(key, id, w, 4)];
    }
    corpus.texts.push_back(text);
    for (std::size_t j = 0; j < kDimension; ++j) {
      corpus.vectors[i, j] =
          static_cast<float>(0.25 * normal(key, id, 10 + j) + (j == subject ? 2.0 : 0.0));
    }
  }
  return corpus;
}

TextColumn joined(const TextColumn& first, const TextColumn& second) {
  TextColumn all = first;
  for (std::size_t i = 0; i < second.size(); ++i) all.push_back(second[i]);
  return all;
}

TopicModel fit(const Corpus& corpus, FitOptions options = {}) {
  RunContext run({.threads = 2});
  auto model = TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run);
  EXPECT_TRUE(model) << to_string(model.error());
  return *std::move(model);
}

FitOptions options_for(ClusterMethod method) {
  FitOptions options;
  options.cluster.method = method;
  if (method == ClusterMethod::kmeans || method == ClusterMethod::minibatch ||
      method == ClusterMethod::gmm || method == ClusterMethod::agglomerative) {
    options.cluster.n_clusters = 4;
  }
  options.gmm.covariance_type = CovarianceType::spherical;
  return options;
}

PartialFit grow(TopicModel& model, const TextColumn& known, const Corpus& batch,
                const OnlineOptions& options = {}) {
  RunContext run({.threads = 2});
  const auto done =
      model.partial_fit(known, batch.texts, nullptr, batch.vectors.view(), options, run);
  EXPECT_TRUE(done) << to_string(done.error());
  return done ? *done : PartialFit{};
}

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

/// Words, counts and typical documents as describing all documents anew gives them.
void expect_as_described_anew(const TopicModel& model, const TextColumn& documents) {
  TextColumn texts;
  for (const std::int64_t row : model.point_rows()) texts.push_back(documents[idx(row)]);
  RunContext run;
  const auto anew =
      describe_topics(texts, model.point_labels(), model.point_weights(), model.point_rows(),
                      narrow<std::int32_t>(model.facts().n_topics), model.description().counts.plan,
                      model.options().ctfidf, model.options().topics, run);
  ASSERT_TRUE(anew);
  EXPECT_EQ(counted(model.description()), counted(*anew));
  const auto frequency = model.description().counts.vocabulary.document_frequency();
  const auto expected = anew->counts.vocabulary.document_frequency();
  EXPECT_TRUE(std::ranges::equal(frequency, expected));
  for (const Topic& topic : anew->table.topics) {
    EXPECT_EQ(model.topics().find(topic.id)->words, topic.words);
    EXPECT_EQ(model.topics().find(topic.id)->representative_rows, topic.representative_rows);
  }
}

TEST(PartialFit, NewDocumentsJoinTheirTopicsAndNothingElseMoves) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  const Corpus batch = make_corpus(60, {0, 1, 2, 3}, 1000);
  for (const auto method : {ClusterMethod::communities, ClusterMethod::hdbscan,
                            ClusterMethod::dbscan, ClusterMethod::kmeans, ClusterMethod::minibatch,
                            ClusterMethod::gmm, ClusterMethod::agglomerative}) {
    SCOPED_TRACE(enum_name(method));
    TopicModel model = fit(corpus, options_for(method));
    const std::int64_t n_topics = model.facts().n_topics;
    const std::vector<std::int32_t> before = model.documents().topics;
    const PartialFit done = grow(model, corpus.texts, batch, {.far = 0});
    EXPECT_EQ(done.n_documents, 60);
    EXPECT_EQ(done.n_opened, 0);
    EXPECT_EQ(model.facts().n_documents, 260);
    EXPECT_EQ(model.facts().n_topics, n_topics);
    const auto& topics = model.documents().topics;
    EXPECT_TRUE(std::equal(before.begin(), before.end(), topics.begin()));
    std::size_t n_same = 0;
    for (std::size_t i = 0; i < 60; ++i) n_same += topics[200 + i] == topics[i % 4] ? 1U : 0U;
    EXPECT_GE(n_same, method == ClusterMethod::dbscan ? 40U : 56U);
    expect_as_described_anew(model, joined(corpus.texts, batch.texts));
  }
}

TEST(PartialFit, ANewSubjectOpensATopicOfItsOwn) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  const Corpus batch = make_corpus(60, {4, 0, 4, 1}, 1000);
  for (const auto method : {ClusterMethod::communities, ClusterMethod::hdbscan,
                            ClusterMethod::agglomerative, ClusterMethod::given}) {
    SCOPED_TRACE(enum_name(method));
    RunContext run({.threads = 2});
    std::vector<std::int32_t> labels;
    for (std::int32_t i = 0; i < 200; ++i) labels.push_back(i % 4);
    auto model = TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options_for(method),
                                 run, labels);
    ASSERT_TRUE(model);
    ASSERT_EQ(model->facts().n_topics, 4);
    const PartialFit done = grow(*model, corpus.texts, batch);
    EXPECT_EQ(done.n_opened, 1);
    EXPECT_EQ(model->facts().n_topics, 5);
    const auto& topics = model->documents().topics;
    for (std::size_t i = 0; i < 60; i += 2) EXPECT_EQ(topics[200 + i], 4) << i;
    for (std::size_t i = 1; i < 60; i += 2) EXPECT_NE(topics[200 + i], 4) << i;
    std::vector<std::string> words;
    for (const TopicWord& word : model->topics().find(4)->words) words.push_back(word.term);
    EXPECT_THAT(words, Contains("sonata"));
    expect_as_described_anew(*model, joined(corpus.texts, batch.texts));
    // Later documents of the subject are known to belong there.
    const Corpus later = make_corpus(10, {4}, 2000);
    const auto found = model->transform(later.texts, nullptr, later.vectors.view(), run);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_THAT(found->topics, testing::Each(4));
  }
}

TEST(PartialFit, DocumentsWaitUntilTheyAreEnough) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  TopicModel model = fit(corpus);
  TextColumn known = corpus.texts;
  std::int64_t n_waiting = 0;
  for (std::size_t b = 0; b < 4; ++b) {
    const Corpus batch = make_corpus(4, {4}, 1000 + 4 * b);
    const PartialFit done = grow(model, known, batch, {.min_topic_size = 10});
    known = joined(known, batch.texts);
    n_waiting = done.n_waiting;
    if (b == 0) {
      EXPECT_EQ(n_waiting, 4);
      EXPECT_EQ(model.documents().topics[200], -1);
      EXPECT_EQ(model.documents().reasons[200], OutlierReason::far);
    }
    EXPECT_EQ(done.n_opened, b == 2 ? 1 : 0) << b;
  }
  EXPECT_EQ(model.facts().n_topics, 5);
  EXPECT_EQ(model.facts().n_outliers, n_waiting);
  for (std::size_t i = 200; i < 212; ++i) EXPECT_EQ(model.documents().topics[i], 4) << i;
  expect_as_described_anew(model, known);
}

TEST(PartialFit, WhoWaitsComesBackAfterLoadingAndWhoWasDeletedDoesNot) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  const Corpus first = make_corpus(6, {4}, 1000);
  const Corpus second = make_corpus(6, {4}, 2000);
  const fs::path folder = fs::temp_directory_path() / "tg_partial_waiting";
  fs::remove_all(folder);
  fs::create_directories(folder);
  TopicModel model = fit(corpus);
  grow(model, corpus.texts, first);
  RunContext run;
  ASSERT_TRUE(model.save(folder, "{}", run));
  auto loaded = TopicModel::load(folder);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->documents().reasons[200], OutlierReason::far);
  const TextColumn known = joined(corpus.texts, first.texts);
  EXPECT_EQ(grow(*loaded, known, second).n_opened, 1);
  EXPECT_EQ(loaded->documents().topics[200], 4);
  fs::remove_all(folder);

  const TextColumn all = joined(known, second.texts);
  ASSERT_TRUE(loaded->regroup(*delete_topics(*loaded, std::vector{4}), all, TopicOrder::kept, run));
  const Corpus third = make_corpus(3, {4}, 3000);
  EXPECT_EQ(grow(*loaded, all, third).n_opened, 0);
  EXPECT_EQ(loaded->facts().n_topics, 4);
}

TEST(PartialFit, KnownTextsAreCopiesAndBlankOnesKeepTheirPlace) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  TopicModel model = fit(corpus);
  Corpus batch{{}, Matrix<float>(0, kDimension)};
  batch.add(corpus.texts[5], corpus.vectors.row(5));
  batch.add(" ", corpus.vectors.row(6));
  batch.add("text 9999 oven flour", corpus.vectors.row(4));
  batch.add("text 9999  oven flour", corpus.vectors.row(4));
  const PartialFit done = grow(model, corpus.texts, batch, {.far = 0});
  EXPECT_EQ(done.n_known, 2);
  EXPECT_EQ(done.n_empty, 1);
  EXPECT_EQ(model.point_weights()[5], 2);
  EXPECT_EQ(model.point_labels().size(), 201U);
  const auto& documents = model.documents();
  EXPECT_EQ(documents.topics[200], documents.topics[5]);
  EXPECT_EQ(documents.topics[201], -1);
  EXPECT_EQ(documents.reasons[201], OutlierReason::empty);
  EXPECT_EQ(documents.topics[202], documents.topics[203]);
  expect_as_described_anew(model, joined(corpus.texts, batch.texts));
}

TEST(PartialFit, ABatchOfBlankTextsIsNoError) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  TopicModel model = fit(corpus);
  const auto before = counted(model.description());
  Corpus batch{{}, Matrix<float>(0, kDimension)};
  for (int i = 0; i < 3; ++i) batch.add("  ", corpus.vectors.row(0));
  EXPECT_EQ(grow(model, corpus.texts, batch).n_empty, 3);
  EXPECT_EQ(model.facts().n_documents, 203);
  EXPECT_EQ(counted(model.description()), before);
  EXPECT_EQ(model.topics().find(-1)->count, 3);
}

TEST(PartialFit, RefusesBatchesThatDoNotFitAndStaysAsItWas) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  TopicModel model = fit(corpus);
  const Corpus batch = make_corpus(5, {0}, 1000);
  RunContext run;
  const auto message = [&](const TextColumn& known, const TextColumn& texts,
                           MatrixView<const float> vectors, const OnlineOptions& options) {
    const auto done = model.partial_fit(known, texts, nullptr, vectors, options, run);
    return done ? std::string("no error") : to_string(done.error());
  };
  EXPECT_THAT(message(corpus.texts, {}, {}, {}), HasSubstr("expected documents, found none"));
  EXPECT_THAT(message(corpus.texts, batch.texts, Matrix<float>(5, 3).view(), {}),
              HasSubstr("expected vectors of 12 dimensions as in the fit, found 3"));
  EXPECT_THAT(message(corpus.texts, batch.texts, batch.vectors.view().rows(0, 4), {}),
              HasSubstr("expected 5 rows"));
  EXPECT_THAT(message(batch.texts, batch.texts, batch.vectors.view(), {}),
              HasSubstr("the 200 documents of the model"));
  EXPECT_THAT(message(corpus.texts, batch.texts, {}, {}), HasSubstr("encoder"));
  EXPECT_THAT(message(corpus.texts, batch.texts, batch.vectors.view(), {.decay = 2}),
              HasSubstr("decay"));
  EXPECT_EQ(model.facts().n_documents, 200);
  FitOptions options;
  options.store.keep_embeddings = false;
  TopicModel forgetful = fit(corpus, options);
  const auto done =
      forgetful.partial_fit(corpus.texts, batch.texts, nullptr, batch.vectors.view(), {}, run);
  ASSERT_FALSE(done);
  EXPECT_THAT(to_string(done.error()), HasSubstr("--keep-embeddings true"));
}

TEST(PartialFit, CentersOfKMeansMoveWithTheirMembers) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  FitOptions options = options_for(ClusterMethod::kmeans);
  options.neighbors.metric = Metric::euclidean;
  TopicModel model = fit(corpus, options);
  // Documents between subject 0 and 1, nearer to 0: its center comes towards them.
  Corpus batch{{}, Matrix<float>(0, kDimension)};
  std::vector<float> vector(kDimension, 0.0F);
  vector[0] = 1.6F;
  vector[1] = 1.2F;
  for (int i = 0; i < 100; ++i) batch.add("between " + std::to_string(i), vector);
  TextColumn probe;
  probe.push_back("a probe");
  Matrix<float> place(1, kDimension);
  place[0, 0] = 1.35F;
  place[0, 1] = 1.45F;
  RunContext run;
  const std::int32_t topic0 = model.documents().topics[0];
  EXPECT_NE(model.transform(probe, nullptr, place.view(), run)->topics[0], topic0);
  grow(model, corpus.texts, batch);
  EXPECT_EQ(model.documents().topics[200], topic0);
  EXPECT_EQ(model.transform(probe, nullptr, place.view(), run)->topics[0], topic0);
}

TEST(PartialFit, DecayLetsTheWordsOfTodayComeFirst) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  Corpus batch = make_corpus(20, {0}, 1000);
  Corpus renamed{{}, batch.vectors};
  for (std::size_t i = 0; i < 20; ++i) {
    renamed.texts.push_back("text " + std::to_string(5000 + i) + " airfryer");
  }
  const auto first_word = [&](double decay) {
    TopicModel model = fit(corpus);
    const std::int32_t topic = model.documents().topics[0];
    grow(model, corpus.texts, renamed, {.decay = decay, .far = 0});
    return model.topics().find(topic)->words.front().term;
  };
  EXPECT_NE(first_word(0), "airfryer");
  EXPECT_EQ(first_word(0.9), "airfryer");
}

TEST(PartialFit, DecayedCountsSurviveAChangeOfTopics) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  const Corpus batch = make_corpus(40, {0, 1}, 1000);
  TopicModel model = fit(corpus);
  grow(model, corpus.texts, batch, {.decay = 0.5, .far = 0});
  const TextColumn all = joined(corpus.texts, batch.texts);
  const auto before = counted(model.description());
  PointTopics topics(model.point_labels().begin(), model.point_labels().end());
  PointTopics moved = topics;
  for (std::size_t p = 0; p < moved.size(); p += 3) moved[p] = kNoise;
  RunContext run;
  ASSERT_TRUE(model.regroup(moved, all, TopicOrder::kept, run));
  for (const auto& row : counted(model.description())) {
    for (const auto& [term, count] : row) EXPECT_GT(count, 0) << term;
  }
  ASSERT_TRUE(model.regroup(topics, all, TopicOrder::kept, run));
  const auto after = counted(model.description());
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t row = 0; row < before.size(); ++row) {
    ASSERT_EQ(after[row].size(), before[row].size());
    for (const auto& [term, count] : before[row]) EXPECT_NEAR(after[row].at(term), count, 1e-9);
  }
}

TEST(PartialFit, TheVocabularyGrowsToItsLimit) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  const Corpus batch = make_corpus(40, {4}, 1000);
  TopicModel free_model = fit(corpus);
  const PartialFit free = grow(free_model, corpus.texts, batch);
  EXPECT_GE(free.n_new_terms, 4);
  EXPECT_EQ(free.n_dropped_terms, 0);
  EXPECT_GE(free_model.description().counts.vocabulary.find("violin"), 0);

  TopicModel limited = fit(corpus);
  const PartialFit done = grow(limited, corpus.texts, batch, {.max_terms = 21});
  const Vocabulary& vocabulary = limited.description().counts.vocabulary;
  EXPECT_EQ(vocabulary.size(), 21U);
  EXPECT_GT(done.n_dropped_terms, 0);
  EXPECT_GE(vocabulary.find("violin"), 0);  // Frequent ones stay,
  EXPECT_LT(vocabulary.find("1000"), 0);    // numbers of single texts go.

  TopicModel frequent = fit(corpus);
  grow(frequent, corpus.texts, batch, {.min_count = 5});
  EXPECT_LT(frequent.description().counts.vocabulary.find("1000"), 0);
  EXPECT_GE(frequent.description().counts.vocabulary.find("violin"), 0);
}

TEST(PartialFit, AGivenVocabularyStays) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  FitOptions options;
  options.words.vocabulary = {"oven", "goal", "comet", "kernel"};
  TopicModel model = fit(corpus, options);
  grow(model, corpus.texts, make_corpus(40, {4}, 1000));
  EXPECT_EQ(model.description().counts.vocabulary.size(), 4U);
}

TEST(PartialFit, StemsThatAreKnownAreNoNewTerms) {
  Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  FitOptions options;
  options.words.stemming = "en";
  TopicModel model = fit(corpus, options);
  Corpus batch{{}, Matrix<float>(0, kDimension)};
  for (int i = 0; i < 5; ++i) {
    batch.add("ovens galaxies pianos " + std::to_string(i), corpus.vectors.row(0));
  }
  grow(model, corpus.texts, batch, {.far = 0});
  const Vocabulary& vocabulary = model.description().counts.vocabulary;
  EXPECT_LT(vocabulary.find("ovens"), 0);
  EXPECT_LT(vocabulary.find("galaxies"), 0);
  EXPECT_GE(vocabulary.find("pianos"), 0);
}

TEST(PartialFit, LayersNestWithTheNewTopic) {
  const Corpus corpus = make_corpus(400, {0, 1, 2, 3});
  TopicModel model = fit(corpus);
  ASSERT_FALSE(model.layers().empty());
  const Corpus batch = make_corpus(60, {4, 0}, 1000);
  ASSERT_EQ(grow(model, corpus.texts, batch).n_opened, 1);
  for (std::size_t l = 0; l < model.layers().size(); ++l) {
    const TopicLayer& layer = model.layers()[l];
    ASSERT_EQ(layer.labels.size(), 460U);
    const auto own = narrow<std::int32_t>(layer.names.size()) - 1;
    EXPECT_EQ(layer.names.back(), model.topics().find(4)->label);
    for (std::size_t i = 400; i < 460; i += 2) EXPECT_EQ(layer.labels[i], own);
    if (l == 0) continue;
    ASSERT_EQ(layer.parents.size(), layer.names.size());
    for (std::size_t d = 0; d < 460; ++d) {
      if (layer.labels[d] < 0) continue;
      EXPECT_EQ(layer.parents[idx(layer.labels[d])], model.layers()[l - 1].labels[d]) << d;
    }
  }
}

TEST(PartialFit, NamesAndSeedsGoOnSteering) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  const Corpus batch = make_corpus(40, {1, 0}, 1000);
  FitOptions options;
  options.zeroshot.topics = {"sport"};
  SteeringVectors steering;
  steering.zeroshot = Matrix<float>(1, kDimension);
  steering.zeroshot[0, 1] = 1;
  RunContext run({.threads = 2});
  auto model =
      TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run, {}, {}, steering);
  ASSERT_TRUE(model) << to_string(model.error());
  grow(*model, corpus.texts, batch);
  EXPECT_EQ(model->topics().find(0)->label, "sport");
  for (std::size_t i = 0; i < 40; i += 2) EXPECT_EQ(model->documents().topics[200 + i], 0);
  EXPECT_EQ(model->zeroshot_topics(), std::vector<std::int32_t>{0});
}

TEST(PartialFit, AGrownModelIsTheSameAfterLoadingAndForAnyNumberOfThreads) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  const Corpus batch = make_corpus(60, {4, 0, 1}, 1000);
  const Corpus probes = make_corpus(20, {0, 1, 2, 3, 4}, 2000);
  const fs::path folder = fs::temp_directory_path() / "tg_partial_load";
  for (const auto method :
       {ClusterMethod::communities, ClusterMethod::hdbscan, ClusterMethod::kmeans}) {
    SCOPED_TRACE(enum_name(method));
    std::vector<DocumentTopics> answers;
    for (const int threads : {1, 3}) {
      TopicModel model = fit(corpus, options_for(method));
      RunContext run({.threads = threads});
      ASSERT_TRUE(model.partial_fit(corpus.texts, batch.texts, nullptr, batch.vectors.view(),
                                    {.decay = 0.1}, run));
      fs::remove_all(folder);
      fs::create_directories(folder);
      ASSERT_TRUE(model.save(folder, "{}", run));
      const auto loaded = TopicModel::load(folder);
      ASSERT_TRUE(loaded) << to_string(loaded.error());
      EXPECT_EQ(loaded->documents().topics, model.documents().topics);
      EXPECT_EQ(loaded->documents().probabilities, model.documents().probabilities);
      const auto here = model.transform(probes.texts, nullptr, probes.vectors.view(), run);
      const auto there = loaded->transform(probes.texts, nullptr, probes.vectors.view(), run);
      ASSERT_TRUE(here && there);
      EXPECT_EQ(here->topics, there->topics);
      EXPECT_EQ(here->probabilities, there->probabilities);
      answers.push_back(*there);
      answers.push_back(model.documents());
    }
    EXPECT_EQ(answers[0].probabilities, answers[2].probabilities);
    EXPECT_EQ(answers[1].topics, answers[3].topics);
    EXPECT_EQ(answers[1].probabilities, answers[3].probabilities);
  }
  fs::remove_all(folder);
}

TEST(PartialFit, MoreOfWhatTheModelKnowsOpensNothing) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  // A batch larger than the model, one of a single subject, and both far from each other in size.
  for (const auto& subjects : {std::vector<std::size_t>{0, 1, 2, 3}, std::vector<std::size_t>{2}}) {
    for (const std::size_t n : {12U, 60U, 300U}) {
      SCOPED_TRACE(std::to_string(subjects.size()) + " subjects, " + std::to_string(n));
      TopicModel model = fit(corpus);
      EXPECT_EQ(grow(model, corpus.texts, make_corpus(n, subjects, 1000)).n_opened, 0);
    }
  }
}

TEST(PartialFit, NewDocumentsHaveMembershipsInAgreementWithTheirTopics) {
  const Corpus corpus = make_corpus(200, {0, 1, 2, 3});
  const Corpus batch = make_corpus(60, {4, 0, 4, 1}, 1000);
  for (const auto method : {ClusterMethod::communities, ClusterMethod::hdbscan}) {
    SCOPED_TRACE(enum_name(method));
    FitOptions options = options_for(method);
    options.store.memberships = 5;
    TopicModel model = fit(corpus, options);
    const Memberships before = model.documents().memberships;
    ASSERT_EQ(before.k(), 4U);
    ASSERT_EQ(grow(model, corpus.texts, batch).n_opened, 1);
    const DocumentTopics& documents = model.documents();
    const Memberships& rows = documents.memberships;
    ASSERT_EQ(rows.k(), 5U);  // What was asked for, and there are five topics now.
    for (std::size_t i = 0; i < 260; ++i) {
      double sum = static_cast<double>(rows.noise[i]);
      for (std::size_t j = 0; j < 5; ++j) sum += static_cast<double>(rows.values[i, j]);
      EXPECT_NEAR(sum, 1, 1e-5) << i;
      if (documents.topics[i] >= 0) {
        EXPECT_EQ(rows.clusters.row(i)[0], documents.topics[i]) << i;
      }
      if (documents.topics[i] < 0) {
        EXPECT_GE(rows.noise[i], rows.values.row(i)[0]) << i;
      }
      if (i < 200) {
        EXPECT_EQ(rows.values.row(i)[0], before.values.row(i)[0]) << i;
      }
    }
    // Later documents have them, too.
    RunContext run({.threads = 2});
    const Corpus later = make_corpus(6, {4, 0}, 3000);
    const auto found = model.transform(later.texts, nullptr, later.vectors.view(), run);
    ASSERT_TRUE(found);
    ASSERT_EQ(found->memberships.k(), 5U);
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_EQ(found->memberships.clusters.row(i)[0], found->topics[i]) << i;
    }
  }
}

}  // namespace
}  // namespace topograph

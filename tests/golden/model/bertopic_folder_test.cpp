// Folders that BERTopic saved: the same topics, words and answers here, and its own bytes of
// meaning back again.
#include "topograph/model/bertopic_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "golden/topics/bertopic_data.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/model/topic_changes.hpp"

namespace topograph {
namespace {

namespace fs = std::filesystem;
using golden::Json;
using golden::matrix_of;
using golden::words_of;

const std::string kFolder = TG_TEST_DATA "/model/bertopic/";

const Json& expected() {
  static const Json all = [] {
    std::ifstream file(kFolder + "expected.json");
    return Json::parse(file);
  }();
  return all;
}

TextColumn texts_of(const std::string& name) {
  TextColumn texts;
  for (const auto& text : expected()[name]["texts"]) texts.push_back(text.get<std::string>());
  return texts;
}

class BertopicFolder : public testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] static TopicModel model_of(const std::string& name, const TextColumn& texts = {}) {
    RunContext run;
    auto model = read_bertopic(kFolder + name, texts, {}, run);
    EXPECT_TRUE(model) << to_string(model.error());
    EXPECT_TRUE(run.warnings().empty()) << run.warnings().front();
    return *std::move(model);
  }
  [[nodiscard]] const Json& says() const { return expected()[GetParam()]; }
};

INSTANTIATE_TEST_SUITE_P(Saved, BertopicFolder, testing::Values("full", "bm25", "plain"),
                         [](const auto& variant) { return std::string(variant.param); });

TEST_P(BertopicFolder, HasThePeersTopicsWordsAndLabels) {
  const TopicModel model = model_of(GetParam());
  EXPECT_EQ(model.documents().topics, says()["of_documents"].get<std::vector<std::int32_t>>());
  ASSERT_EQ(model.topics().topics.size(), says()["info"].size());
  for (std::size_t i = 0; i < says()["info"].size(); ++i) {
    const Topic& topic = model.topics().topics[i];
    const Json& info = says()["info"][i];
    EXPECT_EQ(topic.id, info["Topic"]);
    EXPECT_EQ(topic.count, info["Count"]);
    if (info.contains("CustomName")) {
      EXPECT_EQ(topic.label, info["CustomName"]);
    }
    EXPECT_EQ(
        golden::difference(topic.words, words_of(says()["words"][std::to_string(topic.id)]), 1e-12),
        "");
  }
}

TEST_P(BertopicFolder, GivesNewDocumentsThePeersTopics) {
  const TopicModel model = model_of(GetParam());
  RunContext run;
  const Matrix<float> vectors = matrix_of(says()["vectors"]);
  TextColumn texts;
  for (std::size_t i = 0; i < vectors.rows(); ++i) texts.push_back("new " + std::to_string(i));
  const auto found = model.transform(texts, nullptr, vectors.view(), run);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_EQ(found->topics, says()["topics"].get<std::vector<std::int32_t>>());
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    EXPECT_NEAR(found->probabilities[i], says()["similarity"][i].get<double>(), 1e-6) << i;
  }
}

TEST(BertopicModel, WithItsVectorsHasAMapAndStillGivesThePeersTopics) {
  const Json& says = expected()["full"];
  const golden::PeerModel peer = golden::read_peer_model();
  RunContext run;
  const auto read =
      read_bertopic(kFolder + "full", texts_of("full"), {.embeddings = peer.vectors.view()}, run);
  ASSERT_TRUE(read) << to_string(read.error());
  const fs::path folder = fs::temp_directory_path() / "tg_bertopic_with_vectors";
  fs::remove_all(folder);
  fs::create_directories(folder);
  ASSERT_TRUE(read->save(folder, read->input_json(), run));
  auto model = TopicModel::load(folder);
  ASSERT_TRUE(model) << to_string(model.error());
  fs::remove_all(folder);
  EXPECT_TRUE(model->has_map() && model->has_embeddings());
  const Matrix<float> vectors = matrix_of(says["vectors"]);
  TextColumn texts;
  for (std::size_t i = 0; i < vectors.rows(); ++i) texts.push_back("new " + std::to_string(i));
  const auto found = model->transform(texts, nullptr, vectors.view(), run);
  ASSERT_TRUE(found) << to_string(found.error());
  EXPECT_EQ(found->topics, says["topics"].get<std::vector<std::int32_t>>());
  EXPECT_EQ(found->is_placed, std::vector<std::uint8_t>(texts.size(), 1));
  // What merged topics are compared by follows.
  ASSERT_TRUE(
      model->regroup(*merge_topics(*model, {{0, 1}}), texts_of("full"), TopicOrder::by_size, run));
  const auto merged = model->transform(texts, nullptr, vectors.view(), run);
  ASSERT_TRUE(merged);
  for (const std::int32_t topic : merged->topics) EXPECT_LT(topic, model->facts().n_topics);

  const auto wrong = read_bertopic(kFolder + "plain", {}, {.embeddings = peer.vectors.view()}, run);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, testing::HasSubstr("expected 193 vectors of 6 dimensions"));
}

TEST_P(BertopicFolder, RecoversTheCountsBehindTheWeights) {
  const TopicModel model = model_of(GetParam());
  ASSERT_EQ(model.has_counts(), says().contains("counts"));
  if (!model.has_counts()) return;
  const TermCounts& counts = model.description().counts;
  const auto view = counts.counts.view();
  ASSERT_EQ(view.rows(), says()["counts"].size());
  for (std::size_t row = 0; row < view.rows(); ++row) {
    std::map<std::string, double> found;
    for (std::size_t i = 0; i < view.row_columns(row).size(); ++i) {
      found[std::string(counts.vocabulary.term(view.row_columns(row)[i]))] =
          view.row_values(row)[i];
    }
    EXPECT_EQ(found, (says()["counts"][row].get<std::map<std::string, double>>())) << row;
  }
}

TEST_P(BertopicFolder, ComesBackAsItWas) {
  const fs::path folder = fs::temp_directory_path() / ("tg_bertopic_" + std::string(GetParam()));
  fs::remove_all(folder);
  fs::create_directories(folder / "model");
  fs::create_directories(folder / "back");
  RunContext run;
  const TopicModel read = model_of(GetParam());
  ASSERT_TRUE(read.save(folder / "model", read.input_json(), run));
  const auto model = TopicModel::load(folder / "model");
  ASSERT_TRUE(model) << to_string(model.error());
  ASSERT_TRUE(write_bertopic(*model, folder / "back", {}));
  for (const char* file : {"config.json", "topics.json", "ctfidf_config.json"}) {
    const fs::path old_path = fs::path(kFolder) / GetParam() / file;
    ASSERT_EQ(fs::exists(old_path), fs::exists(folder / "back" / file)) << file;
    if (!fs::exists(old_path)) continue;
    std::ifstream old_file(old_path);
    std::ifstream new_file(folder / "back" / file);
    Json was = Json::parse(old_file);
    Json now = Json::parse(new_file);
    if (was.contains("topic_mapper")) {  // which fit the topics came from
      was.erase("topic_mapper");
      now.erase("topic_mapper");
    }
    if (was.contains("vectorizer_model")) {  // "english" is spelled out
      was["vectorizer_model"]["params"].erase("stop_words");
      now["vectorizer_model"]["params"].erase("stop_words");
    }
    EXPECT_EQ(was, now) << file;
  }
  const auto old_vectors = ArrayFile::open(fs::path(kFolder) / GetParam() / kBertopicMarker);
  const auto new_vectors = ArrayFile::open(folder / "back" / kBertopicMarker);
  ASSERT_TRUE(old_vectors && new_vectors);
  EXPECT_EQ(*old_vectors->floats("topic_embeddings"), *new_vectors->floats("topic_embeddings"));
  if (model->has_counts()) {
    const auto was = ArrayFile::open(fs::path(kFolder) / GetParam() / "ctfidf.safetensors");
    const auto now = ArrayFile::open(folder / "back/ctfidf.safetensors");
    ASSERT_TRUE(was && now);
    EXPECT_EQ(*was->int32s("indptr"), *now->int32s("indptr"));
    EXPECT_EQ(*was->doubles("diag"), *now->doubles("diag"));
    EXPECT_EQ(was->doubles("data")->size(), now->doubles("data")->size());
  }
  fs::remove_all(folder);
}

TEST_P(BertopicFolder, WithItsDocumentsKnowsTheirTextsAndTypicalOnes) {
  const TextColumn texts = texts_of(GetParam());
  const TopicModel model = model_of(GetParam(), texts);
  EXPECT_TRUE(model.knows_texts());
  EXPECT_TRUE(model.has_counts());
  for (const Topic& topic : model.topics().topics) {
    ASSERT_FALSE(topic.representative_rows.empty()) << topic.id;
    for (const std::int64_t row : topic.representative_rows) {
      EXPECT_EQ(model.documents().topics[idx(row)], topic.id);
    }
  }
}

TEST(BertopicModel, MergesTopicsWithoutItsDocuments) {
  RunContext run;
  auto model = read_bertopic(kFolder + "full", {}, {}, run);
  ASSERT_TRUE(model) << to_string(model.error());
  const auto counts = model->description().counts.counts;
  const auto merged = merge_topics(*model, {{0, 1}});
  ASSERT_TRUE(merged);
  ASSERT_TRUE(model->regroup(*merged, {}, TopicOrder::by_size, run));
  EXPECT_EQ(model->facts().n_topics, 7);
  const auto sum = [](const Csr<double>& rows) {
    double all = 0;
    for (const double value : rows.values) all += value;
    return all;
  };
  EXPECT_EQ(sum(model->description().counts.counts), sum(counts));
  EXPECT_EQ(model->topics().find(0)->count, 70);
  const auto split = delete_topics(*model, std::vector<std::int32_t>{2});
  ASSERT_TRUE(split);
  ASSERT_TRUE(model->regroup(*split, {}, TopicOrder::by_size, run));
  EXPECT_EQ(model->facts().n_topics, 6);
}

}  // namespace
}  // namespace topograph

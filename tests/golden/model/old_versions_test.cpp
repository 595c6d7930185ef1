// Every schema that was ever written still loads and answers as it did.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "golden/topics/bertopic_data.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> old_models() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::recursive_directory_iterator(TG_TEST_DATA "/models")) {
    if (entry.path().filename() == "model.json") found.push_back(entry.path().parent_path());
  }
  std::ranges::sort(found);
  return found;
}

TEST(OldVersions, AnswerAsTheyDid) {
  ASSERT_GE(old_models().size(), 3U);
  for (const fs::path& folder : old_models()) {
    const auto model = TopicModel::load(folder);
    ASSERT_TRUE(model) << to_string(model.error());
    std::ifstream file(folder.string() + ".json");
    const auto expected = golden::Json::parse(file);
    EXPECT_EQ(model->documents().topics, expected["documents"].get<std::vector<std::int32_t>>());
    const Matrix<float> vectors = golden::matrix_of(expected["vectors"]);
    TextColumn texts;
    for (std::size_t i = 0; i < vectors.rows(); ++i) texts.push_back("new " + std::to_string(i));
    RunContext run;
    const auto found = model->transform(texts, nullptr, vectors.view(), run);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_EQ(found->topics, expected["topics"].get<std::vector<std::int32_t>>()) << folder;
    for (const Topic& topic : model->topics().topics) {
      EXPECT_TRUE(topic.id < 0 || !topic.words.empty()) << folder;
    }
  }
}

TEST(OldVersions, CanBeWrittenAgain) {
  for (const fs::path& folder : old_models()) {
    const auto model = TopicModel::load(folder);
    ASSERT_TRUE(model);
    const fs::path copy = fs::temp_directory_path() / ("tg_old_" + folder.filename().string());
    fs::create_directories(copy);
    RunContext run;
    ASSERT_TRUE(model->save(copy, model->input_json(), run));
    const auto again = TopicModel::load(copy);
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_EQ(again->documents().topics, model->documents().topics);
    fs::remove_all(copy);
  }
}

TEST(OldVersions, ANewerSchemaIsRefusedNamingBoth) {
  const fs::path newer = fs::temp_directory_path() / "tg_newer_schema";
  fs::remove_all(newer);
  fs::copy(old_models().front(), newer);
  std::ifstream file(newer / "model.json");
  auto manifest = nlohmann::ordered_json::parse(file);
  const int schema = manifest["schema_version"];
  manifest["schema_version"] = schema + 41;
  std::ofstream(newer / "model.json") << manifest.dump();
  const auto model = TopicModel::load(newer);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code, ErrorCode::schema);
  EXPECT_EQ(model.error().subject, Subject::model);
  EXPECT_THAT(to_string(model.error()),
              testing::AllOf(testing::HasSubstr("model.json"),
                             testing::HasSubstr(std::to_string(schema + 41)),
                             testing::HasSubstr("topograph")));
  fs::remove_all(newer);
}

}  // namespace
}  // namespace topograph

#include "topograph/embed/model_store.hpp"

#include <algorithm>
#include <cstdlib>

#include "unit/embed/fixture.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

/// Sets an environment variable for the length of a test.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    if (old_.empty()) {
      ::unsetenv(name_);
    } else {
      ::setenv(name_, old_.c_str(), 1);
    }
  }

 private:
  const char* name_;
  std::string old_ = {};
};

TEST(ModelStore, SearchesTheEnvironmentThenTheCacheThenBesideTheProgram) {
  const Environment models("TOPOGRAPH_MODELS", "/first::/second/");
  const Environment cache("XDG_CACHE_HOME", "/cache");
  const auto path = model_search_path();
  ASSERT_GE(path.size(), 6U);
  EXPECT_EQ(path[0], "/first");
  EXPECT_EQ(path[1], "/second/");
  EXPECT_EQ(path[2], "/cache/topograph/models");
  EXPECT_EQ(path[3].filename(), "models");
  EXPECT_TRUE(path[4].string().ends_with("share/topograph/models"));
}

TEST(ModelStore, FindsModelsByNameOwnerAndPath) {
  const Environment models("TOPOGRAPH_MODELS", kData.string());
  EXPECT_EQ(find_model("tiny-bert").value_or(""), kData / "tiny-bert");
  EXPECT_EQ(find_model("someone/tiny-bert").value_or(""), kData / "tiny-bert");
  EXPECT_EQ(find_model((kData / "static-f32").string()).value_or(""), kData / "static-f32");
}

TEST(ModelStore, FindsTheBuiltInModelFromTheBuildFolder) {
  const Environment models("TOPOGRAPH_MODELS", "");
  const auto folder = find_model("static");
  ASSERT_TRUE(folder) << to_string(folder.error());
  EXPECT_EQ(folder->filename(), "static-en");
  const auto info = describe_model(*folder);
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->kind, ModelKind::static_vectors);
  EXPECT_EQ(info->dimension, 256U);
}

TEST(ModelStore, TellsWhereItSearchedAndHowToFetch) {
  const Environment models("TOPOGRAPH_MODELS", "/nowhere/models");
  const auto missing = find_model("no-such-model");
  expect_model_error(missing, ErrorCode::not_found, "/nowhere/models");
  EXPECT_THAT(missing.error().hint, testing::HasSubstr("topograph model pull no-such-model"));
  expect_model_error(find_model("/no/such/folder"), ErrorCode::not_found, "/no/such/folder");
  EXPECT_EQ(find_model("").error().subject, Subject::option);
}

TEST(ModelStore, DescribesAnEncoder) {
  const auto info = describe_model(kData / "tiny-bert");
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->name, "tiny-bert");
  EXPECT_EQ(info->kind, ModelKind::encoder);
  EXPECT_EQ(info->architecture, "BertModel");
  EXPECT_EQ(info->dimension, 32U);
  EXPECT_EQ(info->max_length, 48U);
  EXPECT_EQ(info->vocabulary_size, 191U);
  EXPECT_EQ(info->weight_bytes, fs::file_size(kData / "tiny-bert" / "model.safetensors"));
  EXPECT_EQ(info->pooling, "mean");
  EXPECT_FALSE(info->is_normalized);
}

TEST(ModelStore, DescribesAStaticModel) {
  const auto info = describe_model(kData / "static-mapped");
  ASSERT_TRUE(info) << to_string(info.error());
  EXPECT_EQ(info->kind, ModelKind::static_vectors);
  EXPECT_EQ(info->dimension, 16U);
  EXPECT_EQ(info->max_length, 512U);
  EXPECT_EQ(info->vocabulary_size, 191U);
  EXPECT_FALSE(info->is_normalized);
}

TEST(ModelStore, ListsModelsByNameAndSkipsBrokenOnes) {
  const TemporaryFolder temporary;
  (void)temporary.copy_of("tiny-bert");
  (void)temporary.copy_of("static-f32");
  write_text(temporary.path() / "broken" / "config.json", "{");
  const Environment models("TOPOGRAPH_MODELS", temporary.path().string());
  std::vector<std::string> names;
  for (const auto& model : list_models()) names.push_back(model.name);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_THAT(names, testing::IsSupersetOf({"static-f32", "tiny-bert"}));
  EXPECT_THAT(names, testing::Not(testing::Contains("broken")));
}

TEST(ModelStore, RefusesFoldersThatAreNoModels) {
  const TemporaryFolder temporary;
  expect_model_error(describe_model(temporary.path()), ErrorCode::not_found, "config.json");
  expect_model_error(describe_model(temporary.path() / "none"), ErrorCode::not_found, "folder");
  const auto folder = temporary.copy_of("tiny-bert");
  fs::remove(folder / "model.safetensors");
  expect_model_error(describe_model(folder), ErrorCode::not_found, "model.safetensors");
}

}  // namespace
}  // namespace topograph

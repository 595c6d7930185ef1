#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph::test {
namespace fs = std::filesystem;

inline const fs::path kData = fs::path(TG_TEST_DATA) / "embed";

inline std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

/// The texts that the golden vectors belong to.
inline TextColumn golden_texts() {
  TextColumn texts;
  for (const auto& text : nlohmann::json::parse(read_text(kData / "texts.json"))) {
    texts.push_back(text.get<std::string>());
  }
  return texts;
}

/// A folder of its own that disappears with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = fs::temp_directory_path() / ("topograph-" + std::string(test->test_suite_name()) + "-" +
                                         test->name() + "-" + std::to_string(::getpid()));
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { fs::remove_all(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

  /// A copy of a golden model that the test may change.
  [[nodiscard]] fs::path copy_of(const std::string& model) const {
    fs::create_directories((path_ / model).parent_path());
    fs::copy(kData / model, path_ / model, fs::copy_options::recursive);
    return path_ / model;
  }

 private:
  fs::path path_ = {};
};

/// Changes keys of a JSON file; a null removes the key.
inline void change_json(const fs::path& path, const nlohmann::json& changes) {
  auto json = nlohmann::json::parse(read_text(path));
  json.merge_patch(changes);
  write_text(path, json.dump());
}

/// Adds the sentence-transformers files that choose the pooling.
inline void set_pooling(const fs::path& folder, const nlohmann::json& pooling, bool normalize) {
  nlohmann::json modules = {
      {{"type", "sentence_transformers.models.Transformer"}, {"path", ""}},
      {{"type", "sentence_transformers.models.Pooling"}, {"path", "1_Pooling"}}};
  if (normalize) {
    modules.push_back(
        {{"type", "sentence_transformers.models.Normalize"}, {"path", "2_Normalize"}});
  }
  write_text(folder / "modules.json", modules.dump());
  write_text(folder / "1_Pooling" / "config.json", pooling.dump());
}

inline Matrix<float> embed_all(const Embedder& embedder, const TextColumn& texts, int threads = 1) {
  RunContext run({.threads = threads});
  Matrix<float> out(texts.size(), embedder.dimension());
  const auto report = embedder.embed(texts, out.view(), run);
  EXPECT_TRUE(report) << to_string(report.error());
  return out;
}

inline double largest_difference(const Matrix<float>& a, const Matrix<float>& b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return HUGE_VAL;
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference =
        std::abs(static_cast<double>(a.data()[i]) - static_cast<double>(b.data()[i]));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

inline Matrix<float> golden_matrix(const std::string& file, const std::string& name) {
  const auto arrays = ArrayFile::open(kData / file);
  EXPECT_TRUE(arrays) << to_string(arrays.error());
  auto matrix = arrays->matrix(name);
  EXPECT_TRUE(matrix) << to_string(matrix.error());
  return *std::move(matrix);
}

/// A failed result about a model, with the given words in what the user reads.
template <class T>
void expect_model_error(const Result<T>& result, ErrorCode code, const std::string& words) {
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, code) << to_string(result.error());
  EXPECT_EQ(result.error().subject, Subject::model) << to_string(result.error());
  EXPECT_THAT(to_string(result.error()), testing::HasSubstr(words));
}

}  // namespace topograph::test

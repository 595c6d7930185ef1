#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/stored_json.hpp"
#include "topograph/core/csr.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/topics/class_tfidf.hpp"
#include "topograph/topics/types.hpp"

namespace topograph::bertopic {

inline constexpr std::string_view kTopicsFile = "topics.json";
inline constexpr std::string_view kConfigFile = "config.json";
inline constexpr std::string_view kVectorsFile = "topic_embeddings.safetensors";
inline constexpr std::string_view kWeightsFile = "ctfidf.safetensors";
inline constexpr std::string_view kWeightsConfigFile = "ctfidf_config.json";
inline constexpr const char* kSaveAgain =
    "the folder is damaged; save the model again with serialization=\"safetensors\"";
/// How BERTopic fills up lists of words.
inline constexpr double kBlankWeight = 1e-5;
inline constexpr const char* kSklearnPattern = "(?u)\\b\\w\\w+\\b";

/// Class TF-IDF as stored, and how its terms were cut.
struct Weights {
  Csr<double> rows = {};  ///< (topics, terms), columns in the order of `terms`.
  std::vector<double> idf = {};
  TextColumn terms = {};  ///< Ascending.
  CountOptions words = {};
  std::vector<std::string> stop_words = {};  ///< Ascending.
  ClassTfidfOptions tfidf = {};
};

/// What the files of a folder say.
struct Folder {
  std::vector<std::int32_t> topics = {};  ///< Of every document of the last fit.
  TopicTable table = {};
  Matrix<float> vectors = {};  ///< Rows as in `table`.
  Json config = {};
  std::optional<Weights> weights = {};
  std::vector<std::string> warnings = {};

  [[nodiscard]] bool has_outliers() const {
    return !table.topics.empty() && table.topics.front().id < 0;
  }
};

/// @param with_weights  False: the class TF-IDF is left out.
/// @error model subject naming the file.
[[nodiscard]] Result<Folder> read_folder(const std::filesystem::path& path, bool with_weights);

/// The two files of the class TF-IDF; nothing when neither is there.
[[nodiscard]] Result<std::optional<Weights>> read_weights(const std::filesystem::path& path,
                                                          std::size_t n_topics);

}  // namespace topograph::bertopic

// topics.json, config.json and topic_embeddings.safetensors.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <system_error>
#include <utility>

#include "model/bertopic/peer_folder.hpp"
#include "topograph/cluster/types.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph::bertopic {
namespace fs = std::filesystem;
namespace {

constexpr const char* kExpected =
    "expected a folder that BERTopic saved with serialization=\"safetensors\"";
constexpr std::size_t kWordsInName = 4;

/// Other programs' later versions may say more; what is not understood is named, not dropped in
/// silence.
void warn_of_unknown(const Json& json, const std::set<std::string>& known, std::string_view file,
                     std::vector<std::string>& warnings) {
  std::vector<std::string> unknown;
  for (const auto& [key, value] : json.items()) {
    if (!known.contains(key)) unknown.push_back(key);
  }
  if (unknown.empty()) return;
  warnings.push_back(
      fmt::format("{}: not understood and left out: {}", file, fmt::join(unknown, ", ")));
}

Result<std::int32_t> topic_id(const std::string& text, const fs::path& path) {
  std::int32_t id = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (code == std::errc{} && end == text.data() + text.size()) return id;
  return damaged(path, fmt::format("expected the number of a topic, found \"{}\"", text),
                 kSaveAgain);
}

/// [[word, weight], ...]; a single text is one word.
std::vector<TopicWord> words_of(const Json& json) {
  if (json.is_string()) return {{json.get<std::string>(), 1.0}};
  std::vector<TopicWord> words;
  for (const Json& pair : json) {
    auto term = pair.at(0).get<std::string>();
    if (!term.empty()) words.push_back({std::move(term), pair.at(1).get<double>()});
  }
  return words;
}

/// "3_word_word_word_word" out of the stored words, blanks included.
std::string plain_name(const std::string& id, const Json& words) {
  std::string name = id;
  if (words.is_string()) return name;
  for (std::size_t i = 0; i < std::min(words.size(), kWordsInName); ++i) {
    name += "_" + words.at(i).at(0).get<std::string>();
  }
  return name;
}

/// Topics in order of id, -1 first: dense numbers.
Result<void> read_words(Folder& folder, const Json& json, const fs::path& path) {
  std::vector<std::pair<std::int32_t, std::string>> ids;
  for (const auto& [key, words] : json.at("topic_representations").items()) {
    TG_TRY(const std::int32_t id, topic_id(key, path));
    ids.emplace_back(id, key);
  }
  std::ranges::sort(ids);
  const std::int32_t first = !ids.empty() && ids.front().first < 0 ? kNoise : 0;
  const Json sizes = json.at("topic_sizes");
  const Json labels = json.value("topic_labels", Json::object());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& [id, key] = ids[i];
    if (id != first + narrow<std::int32_t>(i)) {
      return damaged(path,
                     fmt::format("expected topic {} in topic_representations, found {}",
                                 first + narrow<std::int32_t>(i), id),
                     kSaveAgain);
    }
    const Json& words = json.at("topic_representations").at(key);
    Topic topic{.id = id, .count = sizes.value(key, std::int64_t{0}), .words = words_of(words)};
    topic.label = default_label(topic);
    // Zero-shot topics are known by the name that was asked for.
    const std::string name = labels.value(key, "");
    if (!name.empty() && name != plain_name(key, words)) {
      topic.label = name;
      topic.is_named = true;
    }
    folder.table.topics.push_back(std::move(topic));
  }
  return {};
}

Result<void> read_labels(Folder& folder, const Json& json, const fs::path& path) {
  if (!json.contains("custom_labels") || json.at("custom_labels").is_null()) return {};
  const Json& labels = json.at("custom_labels");
  if (!labels.is_array() || labels.size() != folder.table.topics.size()) {
    return damaged(path,
                   fmt::format("expected {} custom_labels, one for every topic, found {}",
                               folder.table.topics.size(), labels.size()),
                   kSaveAgain);
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    folder.table.topics[i].label = labels.at(i).get<std::string>();
    folder.table.topics[i].is_named = true;
  }
  return {};
}

Result<void> read_aspects(Folder& folder, const Json& json, const fs::path& path) {
  const Json aspects = json.value("topic_aspects", Json::object());
  for (const auto& [name, words] : aspects.items()) {
    if (words.is_boolean()) {
      folder.warnings.push_back(
          fmt::format("{}: the pictures of '{}' are left out", path.filename().string(), name));
      continue;
    }
    for (const auto& [key, of_topic] : words.items()) {
      TG_TRY(const std::int32_t id, topic_id(key, path));
      const auto topic = std::ranges::find(folder.table.topics, id, &Topic::id);
      if (topic == folder.table.topics.end()) {
        return damaged(
            path, fmt::format("the aspect '{}' has words of topic {}, which is none", name, id),
            kSaveAgain);
      }
      topic->aspects.push_back({name, words_of(of_topic)});
    }
  }
  return {};
}

Result<void> read_topics(Folder& folder, const fs::path& path) {
  TG_TRY(const Json json, read_json(path, kExpected, kSaveAgain));
  if (!json.is_object()) return damaged(path, "expected a JSON object", kSaveAgain);
  warn_of_unknown(json,
                  {"topic_representations", "topics", "topic_sizes", "topic_mapper", "topic_labels",
                   "custom_labels", "_outliers", "topic_aspects"},
                  kTopicsFile, folder.warnings);
  Result<void> read = {};
  TG_TRY(guarded(
      path,
      [&] {
        folder.topics = json.at("topics").get<std::vector<std::int32_t>>();
        read = read_words(folder, json, path);
        if (read) read = read_labels(folder, json, path);
        if (read) read = read_aspects(folder, json, path);
      },
      kSaveAgain));
  TG_TRY(read);
  const std::int32_t first = folder.has_outliers() ? kNoise : 0;
  const auto end = first + narrow<std::int32_t>(folder.table.topics.size());
  for (std::size_t i = 0; i < folder.topics.size(); ++i) {
    if (folder.topics[i] >= first && folder.topics[i] < end) continue;
    return damaged(
        path,
        fmt::format("topics: document {} has topic {}, which has no words", i, folder.topics[i]),
        kSaveAgain);
  }
  return {};
}

Result<void> read_config(Folder& folder, const fs::path& path) {
  TG_TRY(folder.config, read_json(path, kExpected, kSaveAgain));
  if (!folder.config.is_object()) return damaged(path, "expected a JSON object", kSaveAgain);
  warn_of_unknown(folder.config,
                  {"calculate_probabilities", "embedding_model", "language", "low_memory",
                   "min_topic_size", "n_gram_range", "nr_topics", "seed_topic_list", "top_n_words",
                   "verbose", "zeroshot_min_similarity", "zeroshot_topic_list"},
                  kConfigFile, folder.warnings);
  return {};
}

Result<void> read_vectors(Folder& folder, const fs::path& path) {
  const fs::path file = path / kVectorsFile;
  std::error_code ignored;
  if (!fs::exists(file, ignored) && fs::exists(path / "topic_embeddings.bin", ignored)) {
    return model_error(ErrorCode::unsupported, (path / "topic_embeddings.bin").string(),
                       "this model was saved with serialization=\"pytorch\"",
                       "save it with serialization=\"safetensors\"");
  }
  TG_TRY(const ArrayFile arrays, ArrayFile::open(file));
  TG_TRY(folder.vectors, arrays.matrix("topic_embeddings"));
  if (folder.vectors.rows() != folder.table.topics.size() || folder.vectors.cols() == 0) {
    return damaged(file,
                   fmt::format("expected {} vectors, one for every topic of {}, found {}",
                               folder.table.topics.size(), kTopicsFile, folder.vectors.rows()),
                   kSaveAgain);
  }
  const std::span<const float> all(folder.vectors.data(), folder.vectors.size());
  if (!std::ranges::all_of(all, [](float value) { return std::isfinite(value); })) {
    return damaged(file, "a vector has a value that is not finite", kSaveAgain);
  }
  return {};
}

}  // namespace

Result<Folder> read_folder(const fs::path& path, bool with_weights) {
  Folder folder;
  TG_TRY(read_topics(folder, path / kTopicsFile));
  TG_TRY(read_config(folder, path / kConfigFile));
  TG_TRY(read_vectors(folder, path));
  if (with_weights) {
    TG_TRY(folder.weights, read_weights(path, folder.table.topics.size()));
  }
  return folder;
}

}  // namespace topograph::bertopic

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "topograph/core/matrix.hpp"

namespace topograph {

/// A term of a topic and its class TF-IDF weight.
struct TopicWord {
  std::string term = {};
  double weight = 0;
  [[nodiscard]] bool operator==(const TopicWord&) const = default;
};

/// Another way to describe a topic: what a named chain of representations made of it.
struct TopicAspect {
  std::string name = {};
  std::vector<TopicWord> words = {};
  [[nodiscard]] bool operator==(const TopicAspect&) const = default;
};

/// One topic. Id -1 is the outlier topic.
struct Topic {
  std::int32_t id = 0;
  std::int64_t count = 0;             ///< Documents, duplicates counted.
  std::vector<TopicWord> words = {};  ///< Best first.
  std::string label = {};             ///< Human name; default: first words, "outliers" for -1.
  bool is_named = false;              ///< Somebody gave the label: it outlives other words.
  std::vector<TopicAspect> aspects = {};
  std::vector<std::int64_t> representative_rows = {};  ///< Rows of typical documents.

  /// "3_word_word_word_word" as the peers print it.
  [[nodiscard]] std::string name() const;
};

/// All topics in order of id; -1 first when it has documents.
struct TopicTable {
  std::vector<Topic> topics = {};

  [[nodiscard]] const Topic* find(std::int32_t id) const;
};

}  // namespace topograph

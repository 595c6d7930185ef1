#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/topics/describe_topics.hpp"
#include "topograph/topics/types.hpp"

namespace topograph {

/// A union of two topics or unions.
struct TopicMerge {
  std::int32_t id = 0;    ///< Number of topics + its place in the order of merges.
  std::int32_t left = 0;  ///< Id of a topic or of an earlier merge.
  std::int32_t right = 0;
  double distance = 0;
  std::vector<std::int32_t> topics = {};  ///< Under it, ascending.
  std::int64_t count = 0;                 ///< Documents under it.
  std::vector<TopicWord> words = {};      ///< Of the sum of their counts.

  /// Its first words, as the peer names parents: "word_word_word_word_word".
  [[nodiscard]] std::string name() const;
};

/// Tree over the topics, without -1.
struct TopicHierarchy {
  Linkage linkage = {};
  std::vector<TopicMerge> merges = {};  ///< Distances do not decrease.
};

/// Builds the tree by Ward's linkage of the distances and describes every merge by the sum of its
/// topics' counts, weighed with the idf of all topics.
///
/// @param distances  Of all pairs of topics, as `cosine_distances` gives them.
/// @determinism      Bit-identical for any thread count; equal distances by the smaller ids.
/// @cost             O(topics^2) and the counts once per level.
/// @peer             BERTopic 0.17.4 `hierarchical_topics`; children are not reordered, and equal
///                   distances stay equal (the peer jitters them).
[[nodiscard]] Result<TopicHierarchy> topic_hierarchy(std::vector<double> distances,
                                                     const TopicDescription& description,
                                                     const ClassTfidfOptions& tfidf,
                                                     std::size_t n_words, RunContext& run);

/// The tree as text, one line a node; topics end in "Topic: 3".
/// @param max_distance  Topics that join at this distance or above are shown as "O" (unset: none).
/// @peer                BERTopic 0.17.4 `get_topic_tree`.
[[nodiscard]] std::string tree_text(const TopicHierarchy& hierarchy, const TopicTable& topics,
                                    std::optional<double> max_distance);

/// The group of every topic when the tree is cut into `n_groups`, or below a distance.
[[nodiscard]] std::vector<std::int32_t> cut_hierarchy(const TopicHierarchy& hierarchy,
                                                      std::size_t n_groups);
[[nodiscard]] std::vector<std::int32_t> cut_hierarchy_at(const TopicHierarchy& hierarchy,
                                                         double distance);

}  // namespace topograph

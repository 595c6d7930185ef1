#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "text/corpus_counts.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph {

/// Counts of a term in a class.
struct ClassCount {
  std::int32_t class_id = 0;
  double count = 0;
};

/// The terms of one shard that are kept, in the order of their words.
struct ShardTerms {
  /// Terms that begin with the same word.
  struct Family {
    std::int32_t rank = 0;  ///< Of the word.
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::vector<std::int32_t> nodes = {};
  TextColumn names = {};  ///< The most frequent form of stemmed ones.
  std::vector<Family> families = {};
  std::vector<std::size_t> first_count = {0};  ///< Counts of term t from [t] to [t + 1], ...
  std::vector<ClassCount> counts = {};         ///< ... by class.
};

/// @param is_kept  Of every node.
/// @param rank     Place of every word in the order of their bytes.
[[nodiscard]] ShardTerms terms_of_shard(const NgramShard& shard,
                                        const std::vector<std::uint8_t>& is_kept,
                                        const TermTable& words,
                                        const std::vector<std::int32_t>& rank, bool is_stemmed);

/// Place of every word in the order of their bytes.
[[nodiscard]] std::vector<std::int32_t> ranks_of(const TermTable& words);

}  // namespace topograph

#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "topograph/core/matrix.hpp"
#include "topograph/topics/types.hpp"

namespace topograph {

/// Chooses n of the rows of `words` (m, d) by maximal marginal relevance: first the one most like
/// `topic` (cosine), then always the one with the largest
/// (1 - diversity) cos(word, topic) - diversity max cos(word, chosen); ties: the smaller row.
/// @return Rows in the order they were chosen.
/// @source Carbonell & Goldstein 1998. @peer BERTopic 0.17.4 `mmr` (golden test).
[[nodiscard]] std::vector<std::size_t> maximal_marginal_relevance(MatrixView<const float> words,
                                                                  std::span<const float> topic,
                                                                  double diversity, std::size_t n);

/// The n words whose vectors are most like `topic` (cosine), best first, weighted by it; ties: the
/// earlier word.
/// @param vectors  (words, d)
/// @peer BERTopic 0.17.4 `KeyBERTInspired`.
[[nodiscard]] std::vector<TopicWord> words_by_similarity(const std::vector<TopicWord>& words,
                                                         MatrixView<const float> vectors,
                                                         std::span<const float> topic,
                                                         std::size_t n);

}  // namespace topograph

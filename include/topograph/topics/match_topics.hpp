#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// What became of a topic from one fit to the next.
enum class TopicFate : std::uint8_t {
  kept,    ///< It is there in both.
  split,   ///< A new topic that was part of an old one, which went on as another.
  merged,  ///< An old topic that is now part of a new one, which another one went on as.
  born,    ///< A new topic unlike every old one.
  died     ///< An old topic unlike every new one.
};
template <>
struct EnumNames<TopicFate> {
  static constexpr std::array<std::string_view, 5> names{"kept", "split", "merged", "born", "died"};
};

struct TopicMatch {
  TopicFate fate = TopicFate::kept;
  std::int32_t old_id = -1;  ///< The old topic; of `split` the one it was part of; -1: born.
  std::int32_t new_id = -1;  ///< The new topic; of `merged` the one it is part of; -1: died.
  double similarity = 0;     ///< Of the two.
};

/// How much old topics (rows) and new ones (columns) have in common.
struct TopicAffinity {
  Matrix<double> similarity = {};    ///< In [0, 1].
  Matrix<double> share_of_old = {};  ///< Part of the old topic that the new one has.
  Matrix<double> share_of_new = {};  ///< Part of the new topic that the old one had.
  double least_similarity = 0;       ///< Less is another topic.
  double least_share = 0;            ///< Less is no part.
};

/// By documents that both fits know: |both| / |either| of the two topics' documents.
/// @param old_topics,new_topics  Of the same documents, -1: none. @param n_old,n_new Topics.
[[nodiscard]] TopicAffinity affinity_by_documents(std::span<const std::int32_t> old_topics,
                                                  std::span<const std::int32_t> new_topics,
                                                  std::size_t n_old, std::size_t n_new);

/// By cosines of topics' vectors, negative ones as 0; parts are what is similar enough.
[[nodiscard]] TopicAffinity affinity_by_vectors(MatrixView<const float> old_vectors,
                                                MatrixView<const float> new_vectors);

/// By cosines of class TF-IDF over the same terms.
[[nodiscard]] TopicAffinity affinity_by_words(CsrView<double> old_weights,
                                              CsrView<double> new_weights);

/// Pairs old topics with new ones: those that are each other's most similar, the others so that the
/// similarities of the pairs sum to the most; and says what happened to the rest: part of a topic
/// when at least `least_share` of it is there.
///
/// @return       Old topics in order, then new ones without a partner in order.
/// @error        cancelled.
/// @determinism  Ties go to the smaller ids.
[[nodiscard]] Result<std::vector<TopicMatch>> match_topics(const TopicAffinity& affinity,
                                                           RunContext& run);

/// Numbers for the new topics (dense): those that were kept get the old number, as far as there
/// are so many topics now; the others take the numbers that are free, in their order.
[[nodiscard]] std::vector<std::int32_t> stable_numbers(std::span<const TopicMatch> matches,
                                                       std::size_t n_new);

}  // namespace topograph

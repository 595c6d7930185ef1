#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/topics/describe_topics.hpp"
#include "topograph/topics/types.hpp"

namespace topograph {

struct SliceOptions {
  bool global_tuning = true;
  bool evolution_tuning = true;
  int top_n_words = 5;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("global_tuning", s.global_tuning, any_value(),
      "Average the weights of a slice with those of the topic as a whole.");
    v("evolution_tuning", s.evolution_tuning, any_value(),
      "Average them with those of the slice before, where the topic was in it.");
    v("top_n_words", s.top_n_words, between(1, 1000), "Words shown per topic and slice.");
  }
};

/// A topic inside of one slice of the collection: a span of time, or a class.
struct TopicInSlice {
  std::int32_t slice = 0;
  std::int32_t topic = 0;
  std::int64_t count = 0;  ///< Documents of the topic in the slice.
  std::vector<TopicWord> words = {};
};

/// Describes the topics, -1 among them, in every slice: their documents' terms, weighed with the
/// idf of the whole collection. Slices without documents of a topic have no entry for it.
///
/// @param topics  Topic of each document. @param slices  Slice of each document, in the order that
///                tuning follows; -1 leaves it out.
/// @return        Ascending by slice, then topic.
/// @determinism   Bit-identical for any thread count. A slice sees slices before it only.
/// @peer          BERTopic 0.17.4 `topics_over_time`, with evolution as it is documented (the
///                peer's has no effect), and `topics_per_class`.
[[nodiscard]] Result<std::vector<TopicInSlice>> topic_slices(
    const TextColumn& texts, std::span<const std::int32_t> topics,
    std::span<const std::int32_t> slices, const TopicDescription& description,
    const ClassTfidfOptions& tfidf, const SliceOptions& options, RunContext& run);

}  // namespace topograph

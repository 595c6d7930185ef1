#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/text/words.hpp"
#include "topograph/topics/class_tfidf.hpp"

namespace topograph {

struct DistributionOptions {
  int window = 4;
  int stride = 1;
  double min_similarity = 0.1;
  bool padding = false;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("window", s.window, at_least(1), "Words that are looked at together.");
    v("stride", s.stride, at_least(1), "Words from one window to the next.");
    v("min_similarity", s.min_similarity, between(0, 1),
      "Windows less similar to a topic than this tell nothing about it.");
    v("padding", s.padding, any_value(), "Also take the shorter windows at both ends of a text.");
  }
};

/// How much every document is about every topic.
struct TopicDistribution {
  Csr<double> documents = {};  ///< (documents, topics); rows sum to 1, or are empty.
};

/// How much every word of every document is about every topic: the sum over the windows it is in.
struct TokenDistribution {
  TopicDistribution all = {};
  std::vector<std::int64_t> first_token = {0};  ///< Tokens of document i: [i], [i + 1].
  std::vector<TokenSpan> tokens = {};           ///< Bytes of the document's text.
  Csr<double> topics = {};                      ///< (tokens, topics)
};

/// Slides a window over the words of every text and compares each with the topics: cosine of their
/// class TF-IDF. A document is the sum of its windows.
///
/// @param weights  (topics, terms) class TF-IDF of the topics, without -1.
/// @error          invalid_argument: options out of range; cancelled.
/// @determinism    Bit-identical for any thread count.
/// @cost           O(words x window x topics that have the word).
/// @peer           BERTopic 0.17.4 `approximate_distribution`, to 1e-6 with token_rule=sklearn.
[[nodiscard]] Result<TopicDistribution> topic_distribution(
    const TextColumn& texts, const Vocabulary& vocabulary, const CountPlan& plan,
    CsrView<double> weights, std::span<const double> idf, const ClassTfidfOptions& tfidf,
    const DistributionOptions& options, RunContext& run);

/// The same with the share of every word. @peer `calculate_tokens=True`: a document is the sum of
/// its words, so that words in many windows count more often.
[[nodiscard]] Result<TokenDistribution> token_distribution(
    const TextColumn& texts, const Vocabulary& vocabulary, const CountPlan& plan,
    CsrView<double> weights, std::span<const double> idf, const ClassTfidfOptions& tfidf,
    const DistributionOptions& options, RunContext& run);

}  // namespace topograph

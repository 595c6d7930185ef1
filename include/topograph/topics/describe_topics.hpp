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
#include "topograph/topics/class_tfidf.hpp"
#include "topograph/topics/types.hpp"

namespace topograph {

struct TopicOptions {
  int top_n_words = 10;
  int n_representative = 3;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("top_n_words", s.top_n_words, between(1, 1000), "Words kept per topic.");
    v("n_representative", s.n_representative, between(0, 1000),
      "Typical documents kept per topic.");
  }
};

/// The n largest weights of one class TF-IDF row: weight descending, then term id; weights <= 0 are
/// left out.
[[nodiscard]] std::vector<TopicWord> top_words(CsrView<double> weights, std::size_t row,
                                               const Vocabulary& vocabulary, std::size_t n);

/// Rows of the documents of each class whose class TF-IDF is closest (cosine) to the class's own
/// row: best first, distinct texts that are not blank, up to n, ties by row. Classes larger than
/// 500 documents are sampled without replacement.
[[nodiscard]] Result<std::vector<std::vector<std::int64_t>>> representative_documents(
    const TextColumn& texts, std::span<const std::int32_t> classes, const TermCounts& counts,
    CsrView<double> weights, std::span<const double> idf, const ClassTfidfOptions& tfidf,
    std::size_t n, RunContext& run);

/// Topics of a clustering: counts, words, labels, representative documents.
///
/// @param texts   One per point (folded duplicates once), @param labels >= -1 per point,
/// @param weights Documents per point (empty: 1), @param rows document row of each point's first
/// copy.
struct TopicDescription {
  TopicTable table = {};
  TermCounts counts = {};  ///< Row 0 is topic -1 when `has_outliers`.
  std::vector<double> idf = {};
  Csr<double> weights = {};  ///< Class TF-IDF, rows as in counts.
  bool has_outliers = false;
};
[[nodiscard]] Result<TopicDescription> describe_topics(
    const TextColumn& texts, std::span<const std::int32_t> labels,
    std::span<const std::int32_t> weights, std::span<const std::int64_t> rows,
    std::int32_t n_topics, const CountPlan& plan, const ClassTfidfOptions& tfidf,
    const TopicOptions& options, RunContext& run);

}  // namespace topograph

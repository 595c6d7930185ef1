#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
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

/// Which documents may stand for a large topic.
enum class DocumentSampling : std::uint8_t { distinct, bertopic };
template <>
struct EnumNames<DocumentSampling> {
  static constexpr std::array<std::string_view, 2> names{"distinct", "bertopic"};
};

struct TopicOptions {
  int top_n_words = 10;
  int n_representative = 3;
  DocumentSampling sampling = DocumentSampling::distinct;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("top_n_words", s.top_n_words, between(1, 1000), "Words kept per topic.");
    v("n_representative", s.n_representative, between(0, 1000),
      "Typical documents kept per topic.");
    v("sampling", s.sampling, any_value(),
      "Documents that are compared with their topic: distinct: up to 500 different texts; "
      "bertopic: "
      "500 draws with replacement, those of the peer.");
  }
};

/// The n largest weights of one class TF-IDF row: weight descending, then term id; weights <= 0 are
/// left out.
[[nodiscard]] std::vector<TopicWord> top_words(CsrView<double> weights, std::size_t row,
                                               const Vocabulary& vocabulary, std::size_t n);

/// Label of a topic that nobody named: its first words, "outliers" for -1.
[[nodiscard]] std::string default_label(const Topic& topic);

/// Rows of the documents of each class whose class TF-IDF is closest (cosine) to the class's own
/// row: best first, `options.n_representative` at most, ties by row. Of classes larger than 500
/// documents a sample of 500 is compared; texts are distinct and not blank. With sampling=bertopic
/// every class is sampled with replacement from numpy's RandomState(42), class after class, and a
/// text may be there twice.
/// @peer BERTopic 0.17.4 `_extract_representative_docs` with sampling=bertopic (golden test).
[[nodiscard]] Result<std::vector<std::vector<std::int64_t>>> representative_documents(
    const TextColumn& texts, std::span<const std::int32_t> classes, const TermCounts& counts,
    CsrView<double> weights, std::span<const double> idf, const ClassTfidfOptions& tfidf,
    const TopicOptions& options, RunContext& run);

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
/// Term counts of the classes -1 (when a label is -1), 0, 1 …, as `count_terms`.
[[nodiscard]] Result<TermCounts> count_topics(const TextColumn& texts,
                                              std::span<const std::int32_t> labels,
                                              std::span<const std::int32_t> weights,
                                              std::int32_t n_topics, const CountPlan& plan,
                                              RunContext& run);
/// @param counts  Of the classes -1 (when a label is -1), 0, 1 …
[[nodiscard]] Result<TopicDescription> describe_counts(
    TermCounts counts, const TextColumn& texts, std::span<const std::int32_t> labels,
    std::span<const std::int32_t> weights, std::span<const std::int64_t> rows,
    std::int32_t n_topics, const ClassTfidfOptions& tfidf, const TopicOptions& options,
    RunContext& run);
/// The same, counting first.
[[nodiscard]] Result<TopicDescription> describe_topics(
    const TextColumn& texts, std::span<const std::int32_t> labels,
    std::span<const std::int32_t> weights, std::span<const std::int64_t> rows,
    std::int32_t n_topics, const CountPlan& plan, const ClassTfidfOptions& tfidf,
    const TopicOptions& options, RunContext& run);

}  // namespace topograph

#pragma once

#include <span>
#include <string>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/options.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph {

struct ClassTfidfOptions {
  bool bm25_weighting = false;
  bool reduce_frequent_words = false;
  std::vector<std::string> seed_words = {};
  double seed_multiplier = 2;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("bm25_weighting", s.bm25_weighting, any_value(),
      "Class-based BM25 inverse frequency instead of ln(A / f + 1).");
    v("reduce_frequent_words", s.reduce_frequent_words, any_value(),
      "Square root of the normalised term frequency.");
    v("seed_words", s.seed_words, any_value(),
      "Terms that weigh more in every topic, each a term that was counted; TERM=FACTOR instead of "
      "`seed_multiplier`.");
    v("seed_multiplier", s.seed_multiplier, above(0), "How many times more seed words weigh.");
  }
};

/// Inverse frequency of every term: f = column sums, A = mean of the row sums, truncated to a whole
/// number. Default ln(A / f + 1), and 0 for a term that no class has; BM25
/// ln(1 + (A - f + 0.5) / (f + 0.5)).
/// @source Grootendorst 2022, arXiv:2203.05794. @peer BERTopic 0.17.4 `ClassTfidfTransformer`.
[[nodiscard]] std::vector<double> class_idf(CsrView<double> counts,
                                            const ClassTfidfOptions& options);

/// The same, times `seed_multiplier` (or the word's own factor) for the terms that are
/// `seed_words`; of a word that is there twice the last factor counts, as the peer's. Those that
/// are no term are named in `unknown_seeds`.
struct SeededIdf {
  std::vector<double> idf = {};
  std::vector<std::string> unknown_seeds = {};
};
[[nodiscard]] SeededIdf seeded_idf(const TermCounts& counts, const ClassTfidfOptions& options);

/// Rows of counts L1-normalised (square root with `reduce_frequent_words`) times idf. Products that
/// are 0 are not stored; negative ones (BM25) are.
[[nodiscard]] Csr<double> class_tfidf(CsrView<double> counts, std::span<const double> idf,
                                      const ClassTfidfOptions& options);

}  // namespace topograph

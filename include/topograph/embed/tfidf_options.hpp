#pragma once

#include "topograph/core/options.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph {

/// TF-IDF and truncated SVD (`embed.model` = tfidf).
struct TfidfOptions {
  CountOptions words = {.min_df = 2};
  bool sublinear_tf = true;
  int n_components = 100;
  int n_iterations = 5;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("words", s.words);
    v("sublinear_tf", s.sublinear_tf, any_value(), "Count a term 1 + ln(tf) times instead of tf.");
    v("n_components", s.n_components, at_least(1),
      "Columns kept by the truncated SVD; fewer when there are fewer documents or terms.");
    v("n_iterations", s.n_iterations, between(0, 100),
      "Power iterations of the SVD; more separates close singular values.");
  }
};

}  // namespace topograph

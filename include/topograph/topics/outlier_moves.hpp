#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/topics/class_tfidf.hpp"

namespace topograph {

/// Where a document without a topic would go, and how sure that is; -1: nowhere.
struct OutlierMove {
  std::int32_t topic = -1;
  double score = 0;
};

/// The largest value of every row (ties: the smaller topic), when it is positive and at least
/// `threshold`.
[[nodiscard]] std::vector<OutlierMove> moves_by_share(CsrView<double> shares, double threshold);

/// The topic whose class TF-IDF is most similar (cosine) to the document's.
/// @param counts  (documents, terms). @param weights (topics, terms), without -1.
/// @peer BERTopic 0.17.4 `reduce_outliers(strategy="c-tf-idf")`.
[[nodiscard]] Result<std::vector<OutlierMove>> moves_by_words(CsrView<double> counts,
                                                              CsrView<double> weights,
                                                              std::span<const double> idf,
                                                              const ClassTfidfOptions& tfidf,
                                                              double threshold, RunContext& run);

/// The topic whose vector is most similar (cosine) to the document's.
/// @peer BERTopic 0.17.4 `reduce_outliers(strategy="embeddings")`.
[[nodiscard]] Result<std::vector<OutlierMove>> moves_by_vectors(MatrixView<const float> vectors,
                                                                MatrixView<const float> topics,
                                                                double threshold, RunContext& run);

/// Takes back the least sure moves (ties: the later row) as long as the rest is enough: at most
/// `n_left` documents stay without a topic if the moves allow it.
/// @param weights  Documents per row; empty: 1.
void keep_surest(std::vector<OutlierMove>& moves, std::span<const std::int32_t> weights,
                 std::int64_t n_left);

}  // namespace topograph

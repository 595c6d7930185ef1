#include "topograph/topics/outlier_moves.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "topics/transposed.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGrain = 64;

OutlierMove best_of(std::span<const double> similarity, double threshold) {
  OutlierMove best;
  for (std::size_t k = 0; k < similarity.size(); ++k) {
    if (similarity[k] < threshold || similarity[k] <= best.score) continue;
    best = {narrow<std::int32_t>(k), similarity[k]};
  }
  return best;
}

}  // namespace

std::vector<OutlierMove> moves_by_share(CsrView<double> shares, double threshold) {
  std::vector<OutlierMove> moves(shares.rows());
  for (std::size_t row = 0; row < moves.size(); ++row) {
    const auto topics = shares.row_columns(row);
    const auto values = shares.row_values(row);
    for (std::size_t i = 0; i < topics.size(); ++i) {
      if (values[i] < threshold || values[i] <= moves[row].score) continue;
      moves[row] = {topics[i], values[i]};
    }
  }
  return moves;
}

Result<std::vector<OutlierMove>> moves_by_words(CsrView<double> counts, CsrView<double> weights,
                                                std::span<const double> idf,
                                                const ClassTfidfOptions& tfidf, double threshold,
                                                RunContext& run) {
  TG_EXPECTS(counts.cols() == weights.cols());
  const Csr<double> documents = class_tfidf(counts, idf, tfidf);
  const std::vector<double> lengths = detail::row_norms(documents.view());
  const std::vector<double> norms = detail::row_norms(weights);
  TG_TRY(const Csr<double> of_term, detail::transposed(weights, run));
  std::vector<OutlierMove> moves(counts.rows());
  TG_TRY(parallel_blocks(run, moves.size(), kGrain, [&](const Block& block) {
    std::vector<double> similarity(norms.size());
    for (std::size_t row = block.begin; row < block.end; ++row) {
      std::ranges::fill(similarity, 0.0);
      const auto terms = documents.view().row_columns(row);
      const auto values = documents.view().row_values(row);
      for (std::size_t i = 0; i < terms.size(); ++i) {
        const auto topics = of_term.view().row_columns(idx(terms[i]));
        const auto others = of_term.view().row_values(idx(terms[i]));
        for (std::size_t j = 0; j < topics.size(); ++j) {
          similarity[idx(topics[j])] += values[i] * others[j];
        }
      }
      for (std::size_t k = 0; k < norms.size(); ++k) {
        const double product = lengths[row] * norms[k];
        similarity[k] = product > 0 ? similarity[k] / product : 0;
      }
      moves[row] = best_of(similarity, threshold);
    }
  }));
  return moves;
}

Result<std::vector<OutlierMove>> moves_by_vectors(MatrixView<const float> vectors,
                                                  MatrixView<const float> topics, double threshold,
                                                  RunContext& run) {
  TG_EXPECTS(vectors.cols() == topics.cols() || topics.rows() == 0);
  const auto length = [](std::span<const float> row) {
    double squared = 0;
    for (const float v : row) squared += static_cast<double>(v) * static_cast<double>(v);
    return std::sqrt(squared);
  };
  std::vector<double> norms(topics.rows());
  for (std::size_t k = 0; k < norms.size(); ++k) norms[k] = length(topics.row(k));
  std::vector<OutlierMove> moves(vectors.rows());
  TG_TRY(parallel_blocks(run, moves.size(), kGrain, [&](const Block& block) {
    std::vector<double> similarity(norms.size());
    for (std::size_t row = block.begin; row < block.end; ++row) {
      const double own = length(vectors.row(row));
      for (std::size_t k = 0; k < norms.size(); ++k) {
        double dot = 0;
        for (std::size_t j = 0; j < vectors.cols(); ++j) {
          dot += static_cast<double>(vectors[row, j]) * static_cast<double>(topics[k, j]);
        }
        similarity[k] = own * norms[k] > 0 ? dot / (own * norms[k]) : 0;
      }
      moves[row] = best_of(similarity, threshold);
    }
  }));
  return moves;
}

void keep_surest(std::vector<OutlierMove>& moves, std::span<const std::int32_t> weights,
                 std::int64_t n_left) {
  const auto weight = [&](std::size_t row) -> std::int64_t {
    return weights.empty() ? 1 : weights[row];
  };
  std::int64_t left = 0;
  for (std::size_t row = 0; row < moves.size(); ++row) left += weight(row);
  std::vector<std::size_t> order(moves.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return moves[a].score > moves[b].score; });
  for (const std::size_t row : order) {
    if (moves[row].topic < 0) continue;
    if (left <= n_left) {
      moves[row] = {};
    } else {
      left -= weight(row);
    }
  }
}

}  // namespace topograph

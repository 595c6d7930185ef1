// p(j | i) ~ exp(-beta_i d_ij^2), beta_i so that the entropy of row i is log(perplexity).
#include "topograph/reduce/tsne_affinities.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "topograph/core/memory_budget.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/linalg/sparse_products.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGrain = 256;
constexpr int kSteps = 200;             // as the peer
constexpr double kEntropyError = 1e-8;  // as the peer: nats

/// Unnormalised weights exp(-beta (square - least)); returns the entropy of their distribution.
double entropy_of(std::span<const double> squares, double beta, std::span<double> weights) {
  double sum = 0;
  double mean = 0;
  for (std::size_t i = 0; i < squares.size(); ++i) {
    const double gap = squares[i] - squares[0];  // The first is the least: nothing overflows.
    weights[i] = std::exp(-beta * gap);
    sum += weights[i];
    mean += weights[i] * gap;
  }
  return std::log(sum) + beta * mean / sum;
}

void fit_row(std::span<const float> distances, double perplexity, std::span<float> out) {
  std::vector<double> squares(distances.size());
  std::vector<double> weights(distances.size());
  std::ranges::transform(distances, squares.begin(),
                         [](float d) { return static_cast<double>(d) * static_cast<double>(d); });
  const double target = std::log(perplexity);
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  // Starting at the scale of the row's own distances, so that units do not matter.
  const double spread = squares.back() - squares.front();
  double beta = spread > 0 ? 1 / spread : 1;
  for (int step = 0; step < kSteps && spread > 0; ++step) {
    const double excess = entropy_of(squares, beta, weights) - target;
    if (std::abs(excess) < kEntropyError) break;
    (excess > 0 ? low : high) = beta;
    beta = std::isinf(high) ? 2 * beta : (low + high) / 2;
  }
  entropy_of(squares, spread > 0 ? beta : 0.0, weights);
  double sum = 0;
  for (const double w : weights) sum += w;
  std::ranges::transform(weights, out.begin(),
                         [sum](double w) { return static_cast<float>(w / sum); });
}

Result<void> check(const KnnGraph& knn, double perplexity) {
  if (knn.k() < 1) {
    return input_error(ErrorCode::invalid_argument, "knn", "expected at least one neighbour a row");
  }
  if (!(perplexity >= 1) || perplexity > static_cast<double>(knn.k())) {
    return option_error("perplexity",
                        "expected 1 to " + std::to_string(knn.k()) +
                            " (the neighbours of a row), found " + detail::number_text(perplexity),
                        "three neighbours for each unit of perplexity are usual");
  }
  for (std::size_t i = 0; i < knn.distances.size(); ++i) {
    const float d = knn.distances.data()[i];
    const bool is_sorted = i % knn.k() == 0 || d >= knn.distances.data()[i - 1];
    if (std::isfinite(d) && d >= 0 && is_sorted) continue;
    return input_error(ErrorCode::invalid_argument, "row " + std::to_string(i / knn.k()),
                       "expected ascending distances from 0, found " +
                           detail::number_text(static_cast<double>(d)));
  }
  return {};
}

/// The weights above 0 as a matrix, columns in order.
Result<Csr<float>> directed(const KnnGraph& knn, const Matrix<float>& weights, RunContext& run) {
  Csr<float> out;
  out.n_cols = knn.rows();
  for (std::size_t r = 0; r < knn.rows(); ++r) {
    const auto n_kept = std::ranges::count_if(weights.row(r), [](float w) { return w > 0; });
    out.offsets.push_back(out.offsets.back() + n_kept);
  }
  out.columns.resize(idx(out.offsets.back()));
  out.values.resize(out.columns.size());
  TG_TRY(parallel_blocks(run, knn.rows(), kGrain, [&](const Block& block) {
    std::vector<std::pair<std::int32_t, float>> row(knn.k());
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t i = 0; i < knn.k(); ++i) row[i] = {knn.ids[r, i], weights[r, i]};
      std::ranges::sort(row);
      auto at = idx(out.offsets[r]);
      for (const auto& [column, weight] : row) {
        if (!(weight > 0)) continue;
        out.columns[at] = column;
        out.values[at++] = weight;
      }
    }
  }));
  return out;
}

/// Calls put(column, value) for the sum of two sparse rows, by rising column.
template <class Put>
void merge_rows(const CsrView<float>& a, const CsrView<float>& b, std::size_t r, Put&& put) {
  std::size_t i = a.begin(r);
  std::size_t j = b.begin(r);
  while (i < a.end(r) || j < b.end(r)) {
    const bool is_a = j == b.end(r) || (i < a.end(r) && a.columns[i] <= b.columns[j]);
    const bool is_b = i == a.end(r) || (j < b.end(r) && b.columns[j] <= a.columns[i]);
    const float value = (is_a ? a.values[i] : 0.0F) + (is_b ? b.values[j] : 0.0F);
    put(is_a ? a.columns[i] : b.columns[j], value);
    i += is_a ? 1 : 0;
    j += is_b ? 1 : 0;
  }
}

}  // namespace

Result<Matrix<float>> perplexity_weights(const KnnGraph& knn, double perplexity, RunContext& run) {
  TG_TRY(check(knn, perplexity));
  Matrix<float> weights(knn.rows(), knn.k());
  TG_TRY(parallel_blocks(run, knn.rows(), kGrain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      fit_row(knn.distances.row(r), perplexity, weights.row(r));
    }
  }));
  return weights;
}

Result<Csr<float>> tsne_affinities(const KnnGraph& knn, double perplexity, RunContext& run) {
  // Weights, both directions and, at most, twice as many joint entries.
  constexpr std::size_t per_neighbor = 4 + 8 + 8 + 16;
  TG_TRY(require_memory(knn.rows() * knn.k() * per_neighbor,
                        "tsne of " + std::to_string(knn.rows()) + " rows",
                        "use fewer rows or a smaller perplexity", run));
  TG_TRY(const Matrix<float> weights, perplexity_weights(knn, perplexity, run));
  for (std::size_t i = 0; i < knn.ids.size(); ++i) {
    const std::int32_t id = knn.ids.data()[i];
    if (id >= 0 && idx(id) < knn.rows() && idx(id) != i / knn.k()) continue;
    return input_error(ErrorCode::invalid_argument, "row " + std::to_string(i / knn.k()),
                       "expected other rows below " + std::to_string(knn.rows()) + ", found " +
                           std::to_string(id));
  }
  TG_TRY(const Csr<float> one_way, directed(knn, weights, run));
  const Csr<float> other_way = transpose(one_way.view());
  const CsrView<float> a = one_way.view();
  const CsrView<float> b = other_way.view();
  Csr<float> joint;
  joint.n_cols = knn.rows();
  joint.offsets.assign(knn.rows() + 1, 0);
  TG_TRY(parallel_blocks(run, knn.rows(), kGrain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      merge_rows(a, b, r, [&](std::int32_t, float) { ++joint.offsets[r + 1]; });
    }
  }));
  for (std::size_t r = 0; r < knn.rows(); ++r) joint.offsets[r + 1] += joint.offsets[r];
  joint.columns.resize(idx(joint.offsets.back()));
  joint.values.resize(joint.columns.size());
  // Every row of P sums to 1, so the whole sums to n and no second pass is needed.
  const double scale = 1.0 / (2.0 * static_cast<double>(knn.rows()));
  TG_TRY(parallel_blocks(run, knn.rows(), kGrain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      std::size_t at = idx(joint.offsets[r]);
      merge_rows(a, b, r, [&](std::int32_t column, float value) {
        joint.columns[at] = column;
        joint.values[at++] = static_cast<float>(scale * static_cast<double>(value));
      });
    }
  }));
  return joint;
}

}  // namespace topograph

#include "reduce/normalized_graph.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t grain = 512;
/// Edges between asking for a row and using it: the rows lie all over the memory.
constexpr std::size_t edges_ahead = 24;

/// Widths are fixed at compile time, so that a row of the block stays in registers.
template <std::size_t Width, class Real>
void multiply_rows(const NormalizedGraph& a, const Matrix<Real>& x, const BlockStep& step,
                   const Matrix<Real>& previous, Matrix<Real>& out, const Block& block,
                   std::size_t first) {
  const auto scale = static_cast<Real>(step.scale);
  const auto shift = static_cast<Real>(step.shift);
  const auto previous_scale = static_cast<Real>(step.previous_scale);
  const CsrView<float> edges = a.matrix.view();
  const std::size_t last_edge = std::max<std::size_t>(edges.nnz(), 1) - 1;
  for (std::size_t r = block.begin; r < block.end; ++r) {
    Real sum[Width] = {};
    for (std::size_t e = edges.begin(r); e < edges.end(r); ++e) {
      __builtin_prefetch(&x[idx(edges.columns[std::min(e + edges_ahead, last_edge)]), first]);
      const auto w = static_cast<Real>(edges.values[e]);
      const Real* other = &x[idx(edges.columns[e]), first];
      for (std::size_t c = 0; c < Width; ++c) sum[c] += w * other[c];
    }
    const Real* own = &x[r, first];
    const Real* before = &previous[r, first];
    Real* result = &out[r, first];
    for (std::size_t c = 0; c < Width; ++c) {
      result[c] = scale * (sum[c] - shift * own[c]) + previous_scale * before[c];
    }
  }
}

template <class Real>
Result<void> multiply_block(const NormalizedGraph& a, const Matrix<Real>& x, const BlockStep& step,
                            const Matrix<Real>& previous, Matrix<Real>& out, RunContext& run) {
  TG_EXPECTS(x.cols() % 8 == 0);
  return parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    std::size_t first = 0;
    for (; first + 16 <= x.cols(); first += 16) {
      multiply_rows<16>(a, x, step, previous, out, block, first);
    }
    if (first < x.cols()) multiply_rows<8>(a, x, step, previous, out, block, first);
  });
}

}  // namespace

Result<NormalizedGraph> normalize(Csr<float> graph, RunContext& run) {
  const std::size_t n = graph.rows();
  NormalizedGraph a{std::move(graph), std::vector<double>(n)};
  const CsrView<float> weights = a.matrix.view();
  std::vector<double> inverse_root(n);
  TG_TRY(parallel_blocks(run, n, grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      double degree = 0;
      for (const float w : weights.row_values(r)) degree += static_cast<double>(w);
      a.trivial[r] = degree;
      inverse_root[r] = degree > 0 ? 1.0 / std::sqrt(degree) : 0.0;
    }
  }));
  double total = 0;
  for (const double degree : a.trivial) total += degree;
  for (double& t : a.trivial) t = std::sqrt(t) / std::sqrt(total);
  TG_TRY(parallel_blocks(run, n, grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t e = weights.begin(r); e < weights.end(r); ++e) {
        float& value = a.matrix.values[e];
        value = static_cast<float>(static_cast<double>(value) * inverse_root[r] *
                                   inverse_root[idx(weights.columns[e])]);
      }
    }
  }));
  return a;
}

Result<void> multiply(const NormalizedGraph& a, const Matrix<float>& x, const BlockStep& step,
                      const Matrix<float>& previous, Matrix<float>& out, RunContext& run) {
  return multiply_block(a, x, step, previous, out, run);
}

Result<void> multiply(const NormalizedGraph& a, const Matrix<double>& x, const BlockStep& step,
                      const Matrix<double>& previous, Matrix<double>& out, RunContext& run) {
  return multiply_block(a, x, step, previous, out, run);
}

}  // namespace topograph::detail

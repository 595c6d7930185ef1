// Chebyshev-filtered subspace iteration (Zhou & Saad 2006) on A = D^-1/2 W D^-1/2, whose largest
// eigenvalues belong to the smallest of the Laplacian I - A. Each round multiplies a small block of
// vectors by a polynomial of A that is bounded by 1 on [-1, cut] and grows steeply above, then
// solves the projected problem. Why not Lanczos: neighbour graphs have crowded spectra, so Lanczos
// needs hundreds of basis vectors and its time goes into orthogonalising them on one thread; here
// nearly all time is a sparse product that runs on every thread. No inverse is needed.
//
// A large graph starts from the eigenvectors of a smaller one whose vertices are groups of its own
// (as multigrid methods do), and is worked on in an order in which groups are neighbours in memory,
// for the products wait for nothing but memory.
#include "reduce/smooth_eigenvectors.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <utility>

#include "reduce/coarsen_graph.hpp"
#include "reduce/graph_levels.hpp"
#include "reduce/normalized_graph.hpp"
#include "reduce/ritz_block.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t dense_limit = 256;  // below, all eigenvectors of the dense matrix are cheaper
constexpr std::size_t n_coarsest = 4096;
constexpr double coarse_tolerance = 1e-2;  // the groups leave out more than that
constexpr double safety = 0.1;             // of the tolerance is aimed at
constexpr std::size_t grain = 512;
constexpr int max_rounds = 40;
constexpr double max_degree = 60;
constexpr double max_growth = 1e6;  // keeps the filtered block well conditioned

using Dense = Eigen::MatrixXd;
Eigen::Index ei(std::size_t i) { return static_cast<Eigen::Index>(i); }

/// More vectors than wanted, so that the last one wanted is told apart from what is beyond; whole
/// lines of the cache.
std::size_t block_width(std::size_t k) {
  const std::size_t least = k + std::max<std::size_t>(4, k / 2);
  return least <= 8 ? 8 : (least + 15) / 16 * 16;
}

template <class To, class From>
Result<void> convert(const Matrix<From>& from, Matrix<To>& to, RunContext& run) {
  return parallel_blocks(run, from.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < from.cols(); ++c) to[r, c] = static_cast<To>(from[r, c]);
    }
  });
}

/// Float32 blocks for the filter. It only turns the block towards the wanted vectors: what it
/// rounds off, the next round's float64 projection measures and the next filter repairs, while its
/// products, nearly all of the work, read half the memory.
struct FilterBlocks {
  Matrix<float> x = {};
  Matrix<float> scratch = {};
  Matrix<float> other = {};
};

/// What a filter damps and how much.
struct Damping {
  double cut = 0;         ///< Eigenvalues in [-1, cut] are damped,
  double wanted = 1;      ///< this one grows, in comparison,
  double growth = kEver;  ///< that much, if the degree allows.
  static constexpr double kEver = 1e30;
};

/// Applies the Chebyshev polynomial that damps [-1, cut] to x, scaled to 1 at 1, the end of the
/// spectrum, so that nothing overflows.
Result<void> filter(const NormalizedGraph& a, Matrix<double>& x, const Damping& damping,
                    FilterBlocks& blocks, RunContext& run) {
  const double cut = std::max(damping.cut, -0.9);
  const double half = (cut + 1.0) / 2.0;
  const double center = (cut - 1.0) / 2.0;
  // T_d grows as cosh(d acosh x) outside of [-1, 1].
  const auto degree_for = [&](double growth, double value) {
    return std::acosh(growth) / std::acosh(std::max((value - center) / half, 1.0 + 1e-9));
  };
  const double degree_bound =
      std::min(degree_for(max_growth, 1.0), degree_for(damping.growth, damping.wanted));
  const int degree = static_cast<int>(std::clamp(degree_bound, 4.0, max_degree));
  const double sigma_first = half / (1.0 - center);
  double sigma = sigma_first;
  TG_TRY(convert(x, blocks.x, run));
  TG_TRY(multiply(a, blocks.x, {sigma_first / half, center, 0.0}, blocks.x, blocks.scratch, run));
  for (int d = 2; d <= degree; ++d) {
    const double sigma_next = 1.0 / (2.0 / sigma_first - sigma);
    TG_TRY(multiply(a, blocks.scratch, {2.0 * sigma_next / half, center, -sigma * sigma_next},
                    blocks.x, blocks.other, run));
    std::swap(blocks.x, blocks.scratch);
    std::swap(blocks.scratch, blocks.other);
    sigma = sigma_next;
  }
  return convert(blocks.scratch, x, run);
}

/// Copies unit columns out and makes the largest entry of each positive (first of equals).
Matrix<float> signed_columns(std::size_t n, std::size_t k, const auto& entry) {
  Matrix<float> vectors(n, k);
  for (std::size_t c = 0; c < k; ++c) {
    std::size_t largest = 0;
    for (std::size_t r = 1; r < n; ++r) {
      if (std::abs(entry(r, c)) > std::abs(entry(largest, c)) * (1.0 + 1e-9)) largest = r;
    }
    const double sign = entry(largest, c) < 0 ? -1.0 : 1.0;
    for (std::size_t r = 0; r < n; ++r) vectors[r, c] = static_cast<float>(sign * entry(r, c));
  }
  return vectors;
}

SmoothEigenvectors dense_eigenvectors(const NormalizedGraph& a, std::size_t k) {
  const CsrView<float> edges = a.matrix.view();
  const std::size_t n = edges.rows();
  Dense laplacian = Dense::Identity(ei(n), ei(n));
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t e = edges.begin(r); e < edges.end(r); ++e) {
      laplacian(ei(r), ei(idx(edges.columns[e]))) -= static_cast<double>(edges.values[e]);
    }
  }
  const Eigen::SelfAdjointEigenSolver<Dense> solver(laplacian);
  SmoothEigenvectors found;
  found.converged = solver.info() == Eigen::Success;
  for (std::size_t c = 0; c < k; ++c) found.eigenvalues.push_back(solver.eigenvalues()(ei(c + 1)));
  found.vectors = signed_columns(
      n, k, [&](std::size_t r, std::size_t c) { return solver.eigenvectors()(ei(r), ei(c + 1)); });
  return found;
}

/// Vectors that turn towards the smoothest eigenvectors.
struct Subspace {
  Matrix<double> x = {};
  std::vector<double> values = {};  ///< Of A, falling.
  double residual = 0;
  bool converged = false;
};

Result<Matrix<double>> random_start(const NormalizedGraph& a, std::size_t width, RunContext& run) {
  const RandomKey key = random_key(run.seed(), "umap.spectral");
  Matrix<double> x(a.trivial.size(), width);
  TG_TRY(parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < width; ++c) x[r, c] = normal(key, r, c) * a.trivial[r];
    }
  }));
  return x;
}

/// Every vertex where its group is; both in the units of D^-1/2 x.
Result<Matrix<double>> spread_to_members(const Matrix<double>& coarse,
                                         const std::vector<double>& coarse_trivial,
                                         const std::vector<std::int32_t>& group_of,
                                         const NormalizedGraph& a, RunContext& run) {
  Matrix<double> x(a.trivial.size(), coarse.cols());
  TG_TRY(parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      const std::size_t group = idx(group_of[r]);
      const double factor = coarse_trivial[group] > 0 ? a.trivial[r] / coarse_trivial[group] : 0.0;
      for (std::size_t c = 0; c < x.cols(); ++c) x[r, c] = factor * coarse[group, c];
    }
  }));
  return x;
}

/// Rounds of filter and projection until the first k vectors are within the tolerance.
Result<void> turn_smooth(const NormalizedGraph& a, Subspace& space, std::size_t k, double tolerance,
                         RunContext& run) {
  const std::size_t n = space.x.rows();
  const std::size_t width = space.x.cols();
  Matrix<double> ax(n, width);
  FilterBlocks blocks{Matrix<float>(n, width), Matrix<float>(n, width), Matrix<float>(n, width)};
  // The groups' values are known not to be above the true ones.
  if (!space.values.empty()) {
    TG_TRY(filter(a, space.x, {.cut = space.values.back()}, blocks, run));
  }
  for (int round = 0; round < max_rounds; ++round) {
    TG_TRY(orthonormalize(space.x, a.trivial, run));
    TG_TRY(multiply(a, space.x, {}, space.x, ax, run));
    TG_TRY(space.values, ritz_vectors(space.x, ax, run));
    TG_TRY(space.residual, largest_residual(space.x, ax, space.values, k, run));
    space.converged = space.residual <= tolerance;
    if (space.converged || round + 1 == max_rounds) break;
    const Damping damping{.cut = space.values.back(),
                          .wanted = space.values[k - 1],
                          .growth = space.residual / (safety * tolerance)};
    TG_TRY(filter(a, space.x, damping, blocks, run));
  }
  return {};
}

/// From the coarsest level to the finest.
Result<Subspace> smooth_subspace(GraphLevels& graphs, std::size_t k, double tolerance,
                                 RunContext& run) {
  Subspace space;
  std::vector<double> coarse_trivial;
  for (std::size_t l = graphs.levels.size(); l-- > 0;) {
    TG_TRY(const NormalizedGraph a, normalize(std::exchange(graphs.levels[l].graph, {}), run));
    if (coarse_trivial.empty()) {
      TG_TRY(space.x, random_start(a, block_width(k), run));
    } else {
      TG_TRY(space.x,
             spread_to_members(space.x, coarse_trivial, graphs.levels[l].group_of, a, run));
    }
    TG_TRY(
        turn_smooth(a, space, k, l == 0 ? tolerance : std::max(tolerance, coarse_tolerance), run));
    coarse_trivial = a.trivial;
  }
  return space;
}

}  // namespace

Result<SmoothEigenvectors> smooth_eigenvectors(CsrView<float> graph, std::size_t k,
                                               double tolerance, RunContext& run) {
  const std::size_t n = graph.rows();
  TG_EXPECTS(k >= 1 && k + 1 <= n);
  TG_TRY(GraphLevels graphs, graph_levels(graph, n_coarsest, run));
  if (n <= dense_limit || n <= 4 * block_width(k)) {
    TG_TRY(const NormalizedGraph a, normalize(std::move(graphs.levels[0].graph), run));
    return dense_eigenvectors(a, k);
  }
  TG_TRY(const Subspace space, smooth_subspace(graphs, k, tolerance, run));
  SmoothEigenvectors found;
  found.residual = space.residual;
  found.converged = space.converged;
  for (std::size_t c = 0; c < k; ++c) found.eigenvalues.push_back(1.0 - space.values[c]);
  std::vector<std::int32_t> place = places_in(graphs.order);
  found.vectors =
      signed_columns(n, k, [&](std::size_t r, std::size_t c) { return space.x[idx(place[r]), c]; });
  return found;
}

std::size_t smooth_eigenvectors_bytes(std::size_t n_vertices, std::size_t n_edges, std::size_t k) {
  constexpr std::size_t per_edge = 2 * 8;           // in another order, and all coarser graphs
  constexpr std::size_t per_entry = 2 * 8 + 3 * 4;  // of the blocks
  return n_edges * per_edge + n_vertices * per_entry * block_width(k);
}

}  // namespace topograph::detail

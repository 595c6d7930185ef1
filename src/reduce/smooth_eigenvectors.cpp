// Chebyshev-filtered subspace iteration (Zhou & Saad 2006) on A = D^-1/2 W D^-1/2, whose largest
// eigenvalues belong to the smallest of the Laplacian I - A. Each round multiplies a small block of
// vectors by a polynomial of A that is bounded by 1 on [-1, cut] and grows steeply above, then
// solves the projected problem. Why not Lanczos: neighbour graphs have crowded spectra, so Lanczos
// needs hundreds of basis vectors and its time goes into orthogonalising them on one thread; here
// nearly all time is a sparse product that runs on every thread. No inverse is needed.
#include "reduce/smooth_eigenvectors.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t dense_limit = 256;  // below, all eigenvectors of the dense matrix are cheaper
constexpr std::size_t grain = 512;
constexpr int max_rounds = 40;
constexpr int max_degree = 80;
constexpr double max_growth = 1e6;  // keeps the filtered block well conditioned

using Dense = Eigen::MatrixXd;
Eigen::Index ei(std::size_t i) { return static_cast<Eigen::Index>(i); }

/// A with its trivial eigenvector sqrt(degree), for eigenvalue 1.
struct NormalizedGraph {
  CsrView<float> graph = {};
  std::vector<float> values = {};
  std::vector<double> trivial = {};
};

Result<NormalizedGraph> normalize(CsrView<float> graph, RunContext& run) {
  NormalizedGraph a{graph, std::vector<float>(graph.nnz()), std::vector<double>(graph.rows())};
  std::vector<double> inverse_root(graph.rows());
  TG_TRY(parallel_blocks(run, graph.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      double degree = 0;
      for (const float w : graph.row_values(r)) degree += static_cast<double>(w);
      a.trivial[r] = degree;
      inverse_root[r] = degree > 0 ? 1.0 / std::sqrt(degree) : 0.0;
    }
  }));
  double total = 0;
  for (const double degree : a.trivial) total += degree;
  for (double& t : a.trivial) t = std::sqrt(t) / std::sqrt(total);
  TG_TRY(parallel_blocks(run, graph.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t e = graph.begin(r); e < graph.end(r); ++e) {
        a.values[e] = static_cast<float>(static_cast<double>(graph.values[e]) * inverse_root[r] *
                                         inverse_root[idx(graph.columns[e])]);
      }
    }
  }));
  return a;
}

/// out = scale * (A - shift) x + previous_scale * previous, row by row.
struct BlockStep {
  double scale = 1;
  double shift = 0;
  double previous_scale = 0;
};

/// Column counts are padded to a multiple of 4 and fixed at compile time, so that a row of the
/// block stays in registers.
template <std::size_t Width, class Real>
void multiply_rows(const NormalizedGraph& a, const Matrix<Real>& x, const BlockStep& step,
                   const Matrix<Real>& previous, Matrix<Real>& out, const Block& block,
                   std::size_t first) {
  const auto scale = static_cast<Real>(step.scale);
  const auto shift = static_cast<Real>(step.shift);
  const auto previous_scale = static_cast<Real>(step.previous_scale);
  for (std::size_t r = block.begin; r < block.end; ++r) {
    Real sum[Width] = {};
    for (std::size_t e = a.graph.begin(r); e < a.graph.end(r); ++e) {
      const auto w = static_cast<Real>(a.values[e]);
      const Real* other = &x[idx(a.graph.columns[e]), first];
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
Result<void> multiply(const NormalizedGraph& a, const Matrix<Real>& x, const BlockStep& step,
                      const Matrix<Real>& previous, Matrix<Real>& out, RunContext& run) {
  return parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    std::size_t first = 0;
    for (; first + 8 <= x.cols(); first += 8) {
      multiply_rows<8>(a, x, step, previous, out, block, first);
    }
    if (first < x.cols()) multiply_rows<4>(a, x, step, previous, out, block, first);
  });
}

/// x' y over fixed row blocks, partials added in order.
Result<Dense> inner_products(const Matrix<double>& x, const Matrix<double>& y, RunContext& run) {
  const std::size_t m = x.cols();
  const std::size_t rows = std::max(grain, (x.rows() + 63) / 64);
  Matrix<double> partial(block_count(x.rows(), rows), m * m);
  TG_TRY(parallel_blocks(run, x.rows(), rows, [&](const Block& block) {
    double* sum = partial.row(block.index).data();
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t i = 0; i < m; ++i) {
        const double left = x[r, i];
        for (std::size_t j = 0; j < m; ++j) sum[i * m + j] += left * y[r, j];
      }
    }
  }));
  Dense total = Dense::Zero(ei(m), ei(m));
  for (std::size_t b = 0; b < partial.rows(); ++b) {
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < m; ++j) total(ei(i), ei(j)) += partial[b, i * m + j];
    }
  }
  return total;
}

/// x <- x rotation, in place.
Result<void> rotate(Matrix<double>& x, const Dense& rotation, RunContext& run) {
  const std::size_t m = x.cols();
  return parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    std::vector<double> mixed(m);
    for (std::size_t r = block.begin; r < block.end; ++r) {
      std::fill(mixed.begin(), mixed.end(), 0.0);
      for (std::size_t i = 0; i < m; ++i) {
        const double left = x[r, i];
        for (std::size_t j = 0; j < m; ++j) mixed[j] += left * rotation(ei(i), ei(j));
      }
      std::copy(mixed.begin(), mixed.end(), x.row(r).begin());
    }
  });
}

Result<void> project_out(Matrix<double>& x, const std::vector<double>& direction, RunContext& run) {
  const std::size_t m = x.cols();
  const std::size_t rows = std::max(grain, (x.rows() + 63) / 64);
  Matrix<double> partial(block_count(x.rows(), rows), m);
  TG_TRY(parallel_blocks(run, x.rows(), rows, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < m; ++c) partial[block.index, c] += direction[r] * x[r, c];
    }
  }));
  std::vector<double> dot(m, 0.0);
  for (std::size_t b = 0; b < partial.rows(); ++b) {
    for (std::size_t c = 0; c < m; ++c) dot[c] += partial[b, c];
  }
  return parallel_blocks(run, x.rows(), grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < m; ++c) x[r, c] -= dot[c] * direction[r];
    }
  });
}

/// Orthonormal basis of the columns through the eigenvectors of their Gram matrix, done twice for
/// accuracy. Directions that vanish are left at zero length and return with the next filter.
Result<void> orthonormalize(Matrix<double>& x, const std::vector<double>& trivial,
                            RunContext& run) {
  for (int pass = 0; pass < 2; ++pass) {
    TG_TRY(project_out(x, trivial, run));
    TG_TRY(const Dense gram, inner_products(x, x, run));
    const Eigen::SelfAdjointEigenSolver<Dense> solver(gram);
    const double largest = std::max(solver.eigenvalues().maxCoeff(), 1e-300);
    Dense rotation = solver.eigenvectors();
    for (Eigen::Index c = 0; c < rotation.cols(); ++c) {
      const double value = solver.eigenvalues()(c);
      rotation.col(c) *= value > 1e-15 * largest ? 1.0 / std::sqrt(value) : 0.0;
    }
    TG_TRY(rotate(x, rotation, run));
  }
  return {};
}

/// Ritz values in falling order; rotates x and ax = A x to the Ritz vectors.
Result<std::vector<double>> ritz_vectors(Matrix<double>& x, Matrix<double>& ax, RunContext& run) {
  TG_TRY(Dense projected, inner_products(x, ax, run));
  projected = (0.5 * (projected + projected.transpose())).eval();
  const Eigen::SelfAdjointEigenSolver<Dense> solver(projected);
  const Dense rotation = solver.eigenvectors().rowwise().reverse();
  TG_TRY(rotate(x, rotation, run));
  TG_TRY(rotate(ax, rotation, run));
  std::vector<double> values(x.cols());
  for (std::size_t c = 0; c < values.size(); ++c) {
    values[c] = solver.eigenvalues()(ei(values.size() - 1 - c));
  }
  return values;
}

double largest_residual(const Matrix<double>& x, const Matrix<double>& ax,
                        const std::vector<double>& values, std::size_t k) {
  double largest = 0;
  for (std::size_t c = 0; c < k; ++c) {
    double sum = 0;
    for (std::size_t r = 0; r < x.rows(); ++r) {
      const double difference = ax[r, c] - values[c] * x[r, c];
      sum += difference * difference;
    }
    largest = std::max(largest, std::sqrt(sum));
  }
  return largest;
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

/// Applies the Chebyshev polynomial that damps [-1, cut] to x, scaled to 1 at 1, the end of the
/// spectrum, so that nothing overflows.
Result<void> filter(const NormalizedGraph& a, Matrix<double>& x, double cut, FilterBlocks& blocks,
                    RunContext& run) {
  cut = std::max(cut, -0.9);
  const double half = (cut + 1.0) / 2.0;
  const double center = (cut - 1.0) / 2.0;
  const double reach = (1.0 - center) / half;
  const double degree_bound = std::log(2.0 * max_growth) / std::acosh(std::max(reach, 1.0 + 1e-9));
  const int degree = std::clamp(static_cast<int>(degree_bound), 4, max_degree);
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
  const std::size_t n = a.trivial.size();
  Dense laplacian = Dense::Identity(ei(n), ei(n));
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t e = a.graph.begin(r); e < a.graph.end(r); ++e) {
      laplacian(ei(r), ei(idx(a.graph.columns[e]))) -= static_cast<double>(a.values[e]);
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

}  // namespace

Result<SmoothEigenvectors> smooth_eigenvectors(CsrView<float> graph, std::size_t k,
                                               double tolerance, RunContext& run) {
  const std::size_t n = graph.rows();
  TG_EXPECTS(k >= 1 && k + 1 <= n);
  TG_TRY(const NormalizedGraph a, normalize(graph, run));
  const std::size_t guard = std::max<std::size_t>(4, k / 2);
  const std::size_t width = (k + guard + 3) / 4 * 4;
  if (n <= dense_limit || n <= 4 * width) return dense_eigenvectors(a, k);

  const RandomKey key = random_key(run.seed(), "umap.spectral");
  Matrix<double> x(n, width);
  Matrix<double> ax(n, width);
  FilterBlocks blocks{Matrix<float>(n, width), Matrix<float>(n, width), Matrix<float>(n, width)};
  TG_TRY(parallel_blocks(run, n, grain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < width; ++c) x[r, c] = normal(key, r, c) * a.trivial[r];
    }
  }));
  SmoothEigenvectors found;
  std::vector<double> values;
  for (int round = 0; round < max_rounds; ++round) {
    TG_TRY(orthonormalize(x, a.trivial, run));
    TG_TRY(multiply(a, x, {}, x, ax, run));
    TG_TRY(values, ritz_vectors(x, ax, run));
    found.residual = largest_residual(x, ax, values, k);
    found.converged = found.residual <= tolerance;
    if (found.converged || round + 1 == max_rounds) break;
    TG_TRY(filter(a, x, values.back(), blocks, run));
  }
  for (std::size_t c = 0; c < k; ++c) found.eigenvalues.push_back(1.0 - values[c]);
  found.vectors = signed_columns(n, k, [&](std::size_t r, std::size_t c) { return x[r, c]; });
  return found;
}

}  // namespace topograph::detail

// Gradient descent on the Kullback-Leibler divergence of the similarities q_ij / Z of the layout,
// q_ij = 1 / (1 + |y_i - y_j|^2), from the affinities p_ij:
//   gradient_i = exaggeration * sum_j p_ij q_ij (y_i - y_j)  -  sum_j q_ij^2 (y_i - y_j) / Z
// with momentum and a gain for every coordinate, as the peer does (the usual factor 4 is in the
// learning rate).
#include "topograph/reduce/tsne.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "kernels/lanes.hpp"
#include "reduce/grid_repulsion.hpp"
#include "reduce/tree_repulsion.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"
#include "topograph/reduce/pca.hpp"
#include "topograph/reduce/tsne_affinities.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGrain = 512;
constexpr std::size_t kExactRows = 1000;  // up to here the exact sum is as fast as any other
constexpr double kStartDeviation = 1e-4;  // of the first axis, as the peer
constexpr double kJitterDeviation = 1e-6;
constexpr float kGainStep = 0.2F;
constexpr float kGainDecay = 0.8F;
constexpr float kLeastGain = 0.01F;

struct Phase {
  int n_iter = 0;
  double exaggeration = 1;
  float learning_rate = 0;
  float momentum = 0;
};

/// The state of the descent.
struct Descent {
  CsrView<float> affinities = {};
  TsneGradient gradient = TsneGradient::exact;
  float theta = 0;
  float max_step = 0;
  Matrix<float> coords = {};
  Matrix<float> update = {};
  Matrix<float> gains = {};
  Matrix<float> repulsion = {};
  detail::GridRepulsion grid = {};
};

Result<double> repulsive_forces(Descent& descent, RunContext& run) {
  if (descent.gradient == TsneGradient::fft) {
    return descent.grid.forces(descent.coords.view(), descent.repulsion, run);
  }
  const bool is_exact = descent.gradient == TsneGradient::exact;
  return detail::tree_forces(descent.coords.view(),
                             is_exact ? 0.0 : static_cast<double>(descent.theta), descent.repulsion,
                             run);
}

void attraction(const Descent& descent, std::size_t r, std::span<float> out) {
  const Matrix<float>& coords = descent.coords;
  const auto ids = descent.affinities.row_columns(r);
  const auto weights = descent.affinities.row_values(r);
  if (out.size() == 2) {
    kernels::lane_kernels().attract({.coords = coords.data(),
                                     .ids = ids.data(),
                                     .weights = weights.data(),
                                     .n = ids.size(),
                                     .x = coords[r, 0],
                                     .y = coords[r, 1]},
                                    out.data());
    return;
  }
  std::ranges::fill(out, 0.0F);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    float square = 0;
    for (std::size_t c = 0; c < out.size(); ++c) {
      const float gap = coords[r, c] - coords[idx(ids[i]), c];
      square += gap * gap;
    }
    const float weight = weights[i] / (1.0F + square);
    for (std::size_t c = 0; c < out.size(); ++c) {
      out[c] += weight * (coords[r, c] - coords[idx(ids[i]), c]);
    }
  }
}

int sign(float value) { return (value > 0 ? 1 : 0) - (value < 0 ? 1 : 0); }

/// The next update of one point, from its gradient.
void turn_update(Descent& descent, const Phase& phase, std::size_t r,
                 std::span<const float> gradient) {
  float square = 0;
  for (std::size_t c = 0; c < gradient.size(); ++c) {
    float& gain = descent.gains[r, c];
    float& update = descent.update[r, c];
    const bool keeps_on = sign(update) != sign(gradient[c]);
    gain = keeps_on ? gain + kGainStep : gain * kGainDecay + kLeastGain;
    update = phase.momentum * update - phase.learning_rate * gain * gradient[c];
    square += update * update;
  }
  if (!(square > descent.max_step * descent.max_step)) return;
  const float scale = descent.max_step / std::sqrt(square);
  for (std::size_t c = 0; c < gradient.size(); ++c) descent.update[r, c] *= scale;
}

Result<void> step(Descent& descent, const Phase& phase, RunContext& run) {
  TG_TRY(const double similarity, repulsive_forces(descent, run));
  const auto dim = descent.coords.cols();
  const auto share = static_cast<float>(1 / std::max(similarity, 1e-300));
  const auto exaggeration = static_cast<float>(phase.exaggeration);
  TG_TRY(parallel_blocks(run, descent.coords.rows(), kGrain, [&](const Block& block) {
    std::array<float, detail::max_tsne_dim> buffer = {};
    const std::span<float> gradient(buffer.data(), dim);
    for (std::size_t r = block.begin; r < block.end; ++r) {
      attraction(descent, r, gradient);
      for (std::size_t c = 0; c < dim; ++c) {
        gradient[c] = exaggeration * gradient[c] - share * descent.repulsion[r, c];
      }
      turn_update(descent, phase, r, gradient);
    }
  }));
  Matrix<double> partial(block_count(descent.coords.rows(), kGrain), dim);
  TG_TRY(parallel_blocks(run, descent.coords.rows(), kGrain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t c = 0; c < dim; ++c) {
        descent.coords[r, c] += descent.update[r, c];
        partial[block.index, c] += static_cast<double>(descent.coords[r, c]);
      }
    }
  }));
  std::array<float, detail::max_tsne_dim> mean = {};
  for (std::size_t c = 0; c < dim; ++c) {
    double sum = 0;
    for (std::size_t b = 0; b < partial.rows(); ++b) sum += partial[b, c];
    mean[c] = static_cast<float>(sum / static_cast<double>(descent.coords.rows()));
  }
  for (std::size_t r = 0; r < descent.coords.rows(); ++r) {
    for (std::size_t c = 0; c < dim; ++c) descent.coords[r, c] -= mean[c];
  }
  return {};
}

/// sum p log(p / (q / Z)) = sum p (log p + log(1 + d^2)) + log Z, for affinities that sum to 1.
Result<double> divergence(Descent& descent, RunContext& run) {
  TG_TRY(const double similarity, repulsive_forces(descent, run));
  const CsrView<float>& p = descent.affinities;
  std::vector<double> partial(block_count(p.rows(), kGrain), 0.0);
  TG_TRY(parallel_blocks(run, p.rows(), kGrain, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      for (std::size_t i = p.begin(r); i < p.end(r); ++i) {
        double square = 0;
        for (std::size_t c = 0; c < descent.coords.cols(); ++c) {
          const double gap = static_cast<double>(descent.coords[r, c]) -
                             static_cast<double>(descent.coords[idx(p.columns[i]), c]);
          square += gap * gap;
        }
        const auto value = static_cast<double>(p.values[i]);
        partial[block.index] += value * (std::log(value) + std::log1p(square));
      }
    }
  }));
  double sum = std::log(std::max(similarity, 1e-300));
  for (const double value : partial) sum += value;
  return sum;
}

/// Scales so that the first axis deviates by 1e-4; false when all rows are equal.
bool scale_start(Matrix<float>& coords) {
  double mean = 0;
  for (std::size_t r = 0; r < coords.rows(); ++r) mean += static_cast<double>(coords[r, 0]);
  mean /= static_cast<double>(coords.rows());
  double square = 0;
  for (std::size_t r = 0; r < coords.rows(); ++r) {
    square += std::pow(static_cast<double>(coords[r, 0]) - mean, 2);
  }
  const double deviation = std::sqrt(square / static_cast<double>(coords.rows()));
  if (!(deviation > 1e-30)) return false;
  for (std::size_t i = 0; i < coords.size(); ++i) {
    coords.data()[i] =
        static_cast<float>(static_cast<double>(coords.data()[i]) * kStartDeviation / deviation);
  }
  return true;
}

void add_noise(Matrix<float>& coords, double deviation, RunContext& run) {
  const RandomKey key = random_key(run.seed(), "tsne.start");
  for (std::size_t r = 0; r < coords.rows(); ++r) {
    for (std::size_t c = 0; c < coords.cols(); ++c) {
      coords[r, c] += static_cast<float>(deviation * normal(key, r, c));
    }
  }
}

Result<Matrix<float>> start(MatrixView<const float> x, std::size_t n, const TsneOptions& options,
                            std::vector<std::string>& warnings, RunContext& run) {
  const auto dim = idx(options.n_components);
  Matrix<float> coords(n, dim);
  if (options.init == TsneInit::pca && dim <= std::min(x.rows(), x.cols())) {
    TG_TRY(const Pca pca, fit_pca(x, dim, run));
    TG_TRY(coords, apply_pca(pca, x, run));
    if (scale_start(coords)) {
      add_noise(coords, kJitterDeviation, run);
      return coords;
    }
    coords = Matrix<float>(n, dim);
  }
  if (options.init == TsneInit::pca) {
    warnings.emplace_back("no principal components of these rows: started at random");
  }
  add_noise(coords, kStartDeviation, run);
  return coords;
}

Result<void> check(const TsneOptions& options) {
  TG_TRY(validate_options(options));
  if (options.gradient != TsneGradient::fft || options.n_components == 2) return {};
  return option_error("gradient", "expected barnes_hut or exact for " +
                                      std::to_string(options.n_components) +
                                      " dimensions, found fft");
}

TsneGradient gradient_for(const TsneOptions& options, std::size_t n) {
  if (options.gradient != TsneGradient::automatic) return options.gradient;
  if (n <= kExactRows) return TsneGradient::exact;
  return options.n_components == 2 ? TsneGradient::fft : TsneGradient::barnes_hut;
}

double usable_perplexity(const TsneOptions& options, std::size_t k,
                         std::vector<std::string>& warnings) {
  const auto wanted = static_cast<double>(options.perplexity);
  if (std::floor(3 * wanted) <= static_cast<double>(k)) return wanted;
  const double usable = std::max(1.0, static_cast<double>(k) / 3);
  warnings.push_back("perplexity " + detail::number_text(wanted) + " needs more than " +
                     std::to_string(k) + " neighbours: lowered to " + detail::number_text(usable));
  return usable;
}

}  // namespace

std::size_t tsne_neighbors(const TsneOptions& options, std::size_t n_rows) {
  const auto wanted = static_cast<std::size_t>(3.0F * options.perplexity);
  return std::min(wanted, std::max<std::size_t>(n_rows, 1) - 1);
}

Result<TsneResult> tsne(const KnnGraph& knn, MatrixView<const float> x, const TsneOptions& options,
                        RunContext& run) {
  TG_TRY(check(options));
  if (!x.empty() && x.rows() != knn.rows()) {
    return input_error(ErrorCode::invalid_argument, "x",
                       "expected one row for each of the " + std::to_string(knn.rows()) +
                           " points, found " + std::to_string(x.rows()));
  }
  const std::size_t n = knn.rows();
  TsneResult result;
  result.coords = Matrix<float>(n, idx(options.n_components));
  if (n < 2) return result;
  result.perplexity = usable_perplexity(options, knn.k(), result.warnings);
  const std::array<Phase, 2> phases{
      Phase{options.early_exaggeration_iter, static_cast<double>(options.early_exaggeration),
            options.learning_rate.value_or(static_cast<float>(n) / options.early_exaggeration),
            options.initial_momentum},
      Phase{options.n_iter, static_cast<double>(options.exaggeration),
            options.learning_rate.value_or(static_cast<float>(n) / options.exaggeration),
            options.final_momentum}};
  Csr<float> affinities;
  {
    const Stage stage(run, "affinities");
    TG_TRY(affinities, tsne_affinities(knn, result.perplexity, run));
  }
  Descent descent{.affinities = affinities.view(),
                  .gradient = gradient_for(options, n),
                  .theta = options.theta,
                  .max_step = options.max_step_norm};
  {
    const Stage stage(run, "start");
    TG_TRY(descent.coords, start(x, n, options, result.warnings, run));
  }
  descent.repulsion = Matrix<float>(n, descent.coords.cols());
  descent.update = descent.repulsion;
  descent.gains = descent.repulsion;
  std::fill_n(descent.gains.data(), descent.gains.size(), 1.0F);
  Stage stage(run, "layout", idx(options.early_exaggeration_iter) + idx(options.n_iter));
  for (const Phase& phase : phases) {
    for (int i = 0; i < phase.n_iter; ++i) {
      TG_TRY(step(descent, phase, run));
      stage.advance();
    }
  }
  TG_TRY(result.kl_divergence, divergence(descent, run));
  result.coords = std::move(descent.coords);
  for (const std::string& warning : result.warnings) run.warn("tsne: " + warning);
  return result;
}

Result<TsneResult> tsne(MatrixView<const float> x, const TsneOptions& options, RunContext& run,
                        const NeighborOptions& search) {
  TG_TRY(check(options));
  TG_TRY(validate_options(search, "neighbors"));
  if (x.rows() < 2) {
    TsneResult result;
    result.coords = Matrix<float>(x.rows(), idx(options.n_components));
    return result;
  }
  TG_TRY(const FoundNeighbors found,
         find_neighbors(x, tsne_neighbors(options, x.rows()), options.metric, search, run));
  TG_TRY(auto result, tsne(found.graph, x, options, run));
  result.search = found.report;
  return result;
}

}  // namespace topograph

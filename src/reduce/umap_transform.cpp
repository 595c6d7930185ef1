// Every new point is laid out on its own: its random draws are keyed by its neighbours, its edge
// rates by its strongest edge, and the training points never move.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "kernels/kernels.hpp"
#include "kernels/layout.hpp"
#include "reduce/layout.hpp"
#include "reduce/transform_checks.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

/// Distance below which memberships are 1: that of the neighbour number `connectivity`, fractions
/// interpolated; 0 for none.
double membership_offset(std::span<const float> distances, double connectivity) {
  std::vector<double> positive;
  for (const float d : distances) {
    if (d > 0) positive.push_back(static_cast<double>(d));
  }
  if (positive.empty()) return 0;
  const auto whole = static_cast<std::size_t>(connectivity);
  const double fraction = connectivity - static_cast<double>(whole);
  if (whole >= positive.size()) return positive.back();
  const double below = whole == 0 ? 0.0 : positive[whole - 1];
  return below + fraction * (positive[whole] - below);
}

double membership_sum(std::span<const float> distances, double rho, double sigma) {
  double sum = 0;
  for (const float distance : distances.subspan(1)) {
    const double excess = static_cast<double>(distance) - rho;
    sum += excess > 0 ? std::exp(-excess / sigma) : 1.0;
  }
  return sum;
}

/// Bisection for the scale at which the memberships of all but the nearest neighbour sum to
/// log2(k), as the peer; not below a thousandth of the row's mean distance.
double membership_scale(std::span<const float> distances, double rho) {
  const double target = std::log2(static_cast<double>(distances.size()));
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  double sigma = 1;
  for (int step = 0; step < 64; ++step) {
    const double sum = membership_sum(distances, rho, sigma);
    if (std::abs(sum - target) < 1e-5) break;
    (sum > target ? high : low) = sigma;
    sigma = std::isinf(high) ? 2 * sigma : (low + high) / 2;
  }
  double mean = 0;
  for (const float distance : distances) mean += static_cast<double>(distance);
  return std::max(sigma, 1e-3 * mean / static_cast<double>(distances.size()));
}

std::vector<double> memberships(std::span<const float> distances, double connectivity) {
  const double rho = membership_offset(distances, connectivity);
  const double sigma = membership_scale(distances, rho);
  std::vector<double> weights(distances.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double excess = static_cast<double>(distances[i]) - rho;
    weights[i] = excess > 0 && sigma > 0 ? std::exp(-excess / sigma) : 1.0;
  }
  return weights;
}

/// What all rows share.
struct Fitted {
  MatrixView<const float> coords = {};
  const UmapOptions& options;
  kernels::EpochForces forces = {};
  RandomKey key = {};
  std::uint32_t n_epochs = 0;
};

/// A new point's edges to its neighbours, nearest first; none for one that already has its place.
struct NewPoint {
  std::vector<std::uint32_t> rates = {};  ///< 0: too weak to be used.
  std::uint64_t identity = 0;             ///< A hash of its neighbours: what its draws depend on.
};

NewPoint start_row(const Fitted& fitted, std::span<const std::int32_t> ids,
                   std::span<const float> distances, std::span<float> point) {
  if (distances[0] <= 0) {
    std::ranges::copy(fitted.coords.row(idx(ids[0])), point.begin());
    return {};
  }
  const double connectivity =
      std::max(0.0, static_cast<double>(fitted.options.local_connectivity) - 1.0);
  const std::vector<double> weights = memberships(distances, connectivity);
  const double strongest = *std::max_element(weights.begin(), weights.end());
  double total = 0;
  for (const double w : weights) total += w;
  NewPoint made{std::vector<std::uint32_t>(ids.size(), 0)};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto target = fitted.coords.row(idx(ids[i]));
    for (std::size_t d = 0; d < point.size(); ++d) {
      point[d] += static_cast<float>(weights[i] / total * static_cast<double>(target[d]));
    }
    made.identity = detail::mix64(made.identity ^ std::bit_cast<std::uint32_t>(distances[i]) ^
                                  (std::uint64_t{std::bit_cast<std::uint32_t>(ids[i])} << 32U));
    const double share = weights[i] / strongest;
    if (share * fitted.n_epochs < 1.0) continue;
    made.rates[i] = static_cast<std::uint32_t>(std::lround(share * kernels::edge_rate_one));
  }
  return made;
}

/// Edges of a few rows, the nearest neighbour of every row first, so that neighbouring edges have
/// different heads. Each draws by what its row is, not by where it stands.
struct RowEdges {
  std::vector<kernels::LayoutEdge> edges = {};
  std::vector<std::uint64_t> items = {};
};

void place_rows(const Fitted& fitted, const KnnGraph& neighbors, const Block& block,
                Matrix<float>& placed) {
  std::vector<NewPoint> points;
  for (std::size_t r = block.begin; r < block.end; ++r) {
    points.push_back(
        start_row(fitted, neighbors.ids.row(r), neighbors.distances.row(r), placed.row(r)));
  }
  RowEdges list;
  for (std::size_t c = 0; c < neighbors.k(); ++c) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (c >= points[i].rates.size() || points[i].rates[c] == 0) continue;
      list.edges.push_back(
          {narrow<std::int32_t>(i), neighbors.ids[block.begin + i, c], points[i].rates[c]});
      list.items.push_back(random_bits(fitted.key, points[i].identity, c));
    }
  }
  const kernels::EdgeMoves moves{.edges = list.edges.data(),
                                 .n_edges = list.edges.size(),
                                 .heads = placed.row(block.begin).data(),
                                 .fixed_tails = fitted.coords.data(),
                                 .others = fitted.coords.data(),
                                 .n_others = narrow<std::uint32_t>(fitted.coords.rows()),
                                 .dim = fitted.coords.cols(),
                                 .key = fitted.key.value,
                                 .items = list.items.data()};
  kernels::EpochForces forces = fitted.forces;
  for (std::uint32_t epoch = 0; epoch < fitted.n_epochs; ++epoch) {
    const double left = 1.0 - static_cast<double>(epoch) / static_cast<double>(fitted.n_epochs);
    forces.alpha = static_cast<float>(left * static_cast<double>(fitted.forces.alpha));
    forces.epoch = epoch + 1;
    kernels::active().layout->move_edges(moves, forces);
  }
}

Result<void> check_inputs(const KnnGraph& neighbors, MatrixView<const float> coords,
                          const UmapOptions& options) {
  TG_TRY(validate_options(options));
  if (coords.cols() != idx(options.n_components)) {
    return input_error(ErrorCode::invalid_argument, "coords",
                       "expected " + std::to_string(options.n_components) + " columns, found " +
                           std::to_string(coords.cols()));
  }
  return detail::check_fitted_neighbors(neighbors, coords);
}

}  // namespace

Result<Matrix<float>> umap_transform(const KnnGraph& neighbors, MatrixView<const float> coords,
                                     const CurveAb& curve, const UmapOptions& options,
                                     RunContext& run) {
  return detail::place_new_points(neighbors, coords, curve, options, run.seed(), run);
}

Result<Matrix<float>> detail::place_new_points(const KnnGraph& neighbors,
                                               MatrixView<const float> coords, const CurveAb& curve,
                                               const UmapOptions& options, std::uint64_t seed,
                                               RunContext& run) {
  TG_TRY(check_inputs(neighbors, coords, options));
  Matrix<float> tight;
  if (coords.stride() != coords.cols()) {
    tight = Matrix<float>(coords.rows(), coords.cols());
    for (std::size_t r = 0; r < coords.rows(); ++r) {
      std::ranges::copy(coords.row(r), tight.row(r).begin());
    }
    coords = tight.view();
  }
  const int fit_epochs = options.n_epochs.value_or(detail::default_epochs(coords.rows()));
  const Fitted fitted{.coords = coords,
                      .options = options,
                      .forces = {.a = static_cast<float>(curve.a),
                                 .b = static_cast<float>(curve.b),
                                 .repulsion = options.repulsion_strength,
                                 .alpha = options.learning_rate / 4.0F,
                                 .negatives = options.negative_sample_rate},
                      .key = random_key(seed, "umap.transform"),
                      .n_epochs = narrow<std::uint32_t>(fit_epochs / 3)};
  Stage stage(run, "layout", neighbors.rows());
  Matrix<float> placed(neighbors.rows(), coords.cols());
  TG_TRY(parallel_blocks(run, neighbors.rows(), 64, [&](const Block& block) {
    place_rows(fitted, neighbors, block, placed);
    stage.advance(block.end - block.begin);
  }));
  return placed;
}

}  // namespace topograph

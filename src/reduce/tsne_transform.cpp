// Every new point is attracted by its own neighbours and repelled by all fitted points; new points
// do not see each other. Its similarities are divided by their own sum, not the batch's.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "reduce/grid_repulsion.hpp"
#include "reduce/transform_checks.hpp"
#include "reduce/tree_repulsion.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/reduce/tsne.hpp"
#include "topograph/reduce/tsne_affinities.hpp"

namespace topograph {
namespace {

constexpr double kTheta = 0.5;
constexpr std::size_t kExactRows = 1000;

/// The repulsion of the fitted points, by grid in the plane, else by tree.
class Field {
 public:
  static Result<Field> make(MatrixView<const float> coords, RunContext& run) {
    Field field;
    if (coords.cols() == 2 && coords.rows() > kExactRows) {
      TG_TRY(field.grid_, detail::GridField::make(coords, run));
    } else {
      field.tree_.emplace(coords, coords.rows() > kExactRows ? kTheta : 0.0);
    }
    return field;
  }
  /// Force over the sum of similarities.
  void at(std::span<float> point, std::span<float> out) const {
    if (grid_) {
      const auto found = grid_->at(point[0], point[1]);
      for (std::size_t c = 0; c < 2; ++c) out[c] = found[c] / std::max(found[2], 1e-12F);
      return;
    }
    const detail::Repulsion found = tree_->at(point, -1);
    for (std::size_t c = 0; c < out.size(); ++c) {
      out[c] = static_cast<float>(found.force[c] / std::max(found.similarity, 1e-300));
    }
  }

 private:
  std::optional<detail::GridField> grid_ = {};
  std::optional<detail::RepulsionTree> tree_ = {};
};

/// Per axis, the middle of the first neighbours' coordinates.
void start_at_median(MatrixView<const float> coords, std::span<const std::int32_t> ids,
                     std::span<float> point) {
  std::vector<float> values(ids.size());
  for (std::size_t c = 0; c < point.size(); ++c) {
    for (std::size_t i = 0; i < ids.size(); ++i) values[i] = coords[idx(ids[i]), c];
    std::ranges::sort(values);
    const std::size_t half = values.size() / 2;
    point[c] = values.size() % 2 == 1 ? values[half] : 0.5F * (values[half - 1] + values[half]);
  }
}

void place_row(MatrixView<const float> coords, const Field& field,
               std::span<const std::int32_t> ids, std::span<const float> weights,
               const TsneTransformOptions& options, std::span<float> point) {
  const std::size_t dim = point.size();
  std::array<float, detail::max_tsne_dim> gradient = {};
  std::array<float, detail::max_tsne_dim> update = {};
  std::array<float, detail::max_tsne_dim> gains = {1, 1, 1};
  for (int step = 0; step < options.n_iter; ++step) {
    std::array<float, detail::max_tsne_dim> pull = {};
    field.at(point, std::span<float>(gradient.data(), dim));
    for (std::size_t i = 0; i < weights.size(); ++i) {
      float square = 0;
      for (std::size_t c = 0; c < dim; ++c) {
        const float gap = point[c] - coords[idx(ids[i]), c];
        square += gap * gap;
      }
      const float weight = weights[i] / (1.0F + square);
      for (std::size_t c = 0; c < dim; ++c) pull[c] += weight * (point[c] - coords[idx(ids[i]), c]);
    }
    float square = 0;
    for (std::size_t c = 0; c < dim; ++c) {
      gradient[c] = options.exaggeration * pull[c] - gradient[c];
      square += gradient[c] * gradient[c];
    }
    const float norm = std::sqrt(square);
    const float cut = norm > options.max_gradient_norm ? options.max_gradient_norm / norm : 1.0F;
    for (std::size_t c = 0; c < dim; ++c) {
      const float slope = cut * gradient[c];
      const bool turns = (update[c] > 0) == (slope > 0) && (update[c] < 0) == (slope < 0);
      gains[c] = turns ? gains[c] * 0.8F + 0.01F : gains[c] + 0.2F;
      update[c] = options.momentum * update[c] - options.learning_rate * gains[c] * slope;
      point[c] += update[c];
    }
  }
}

Result<void> check_inputs(const KnnGraph& neighbors, MatrixView<const float> coords,
                          const TsneTransformOptions& options) {
  TG_TRY(validate_options(options));
  if (coords.cols() < 1 || coords.cols() > detail::max_tsne_dim) {
    return input_error(ErrorCode::invalid_argument, "coords",
                       "expected 1 to 3 columns, found " + std::to_string(coords.cols()));
  }
  return detail::check_fitted_neighbors(neighbors, coords);
}

/// The first k neighbours of every row.
KnnGraph nearest_of(const KnnGraph& neighbors, std::size_t k) {
  KnnGraph nearest{Matrix<std::int32_t>(neighbors.rows(), k), Matrix<float>(neighbors.rows(), k)};
  for (std::size_t r = 0; r < neighbors.rows(); ++r) {
    std::copy_n(neighbors.ids.row(r).begin(), k, nearest.ids.row(r).begin());
    std::copy_n(neighbors.distances.row(r).begin(), k, nearest.distances.row(r).begin());
  }
  return nearest;
}

}  // namespace

Result<Matrix<float>> tsne_transform(const KnnGraph& neighbors, MatrixView<const float> coords,
                                     const TsneTransformOptions& options, RunContext& run) {
  TG_TRY(check_inputs(neighbors, coords, options));
  Matrix<float> placed(neighbors.rows(), coords.cols());
  if (placed.empty()) return placed;
  const auto wanted = static_cast<std::size_t>(3.0F * options.perplexity);
  const KnnGraph near = nearest_of(neighbors, std::min(wanted, neighbors.k()));
  const double perplexity = std::min(static_cast<double>(options.perplexity),
                                     std::max(1.0, static_cast<double>(near.k()) / 3));
  TG_TRY(const Matrix<float> weights, perplexity_weights(near, perplexity, run));
  TG_TRY(const Field field, Field::make(coords, run));
  const std::size_t n_start = std::min(idx(options.start_neighbors), neighbors.k());
  Stage stage(run, "layout", neighbors.rows());
  TG_TRY(parallel_blocks(run, neighbors.rows(), 16, [&](const Block& block) {
    for (std::size_t r = block.begin; r < block.end; ++r) {
      if (neighbors.distances[r, 0] <= 0) {
        std::ranges::copy(coords.row(idx(neighbors.ids[r, 0])), placed.row(r).begin());
        continue;
      }
      start_at_median(coords, neighbors.ids.row(r).first(n_start), placed.row(r));
      place_row(coords, field, near.ids.row(r), weights.row(r), options, placed.row(r));
    }
    stage.advance(block.end - block.begin);
  }));
  return placed;
}

}  // namespace topograph

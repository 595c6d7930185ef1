#include "topograph/reduce/umap.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "reduce/curve_fit.hpp"
#include "reduce/layout.hpp"
#include "reduce/start_positions.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

Result<void> check(const UmapOptions& options) {
  TG_TRY(validate_options(options));
  if (options.min_dist > options.spread) {
    return option_error("min_dist", "expected at most spread (" +
                                        detail::number_text(options.spread) + "), found " +
                                        detail::number_text(options.min_dist));
  }
  return {};
}

CurveAb curve_of(const UmapOptions& options) {
  detail::FixedAb fixed;
  if (options.a) fixed.a = static_cast<double>(*options.a);
  if (options.b) fixed.b = static_cast<double>(*options.b);
  if (fixed.a && fixed.b) return {*fixed.a, *fixed.b};
  return detail::fit_free_ab(static_cast<double>(options.spread),
                             static_cast<double>(options.min_dist), fixed);
}

/// All but the positions.
UmapResult prepared(const FuzzyGraph& graph, const UmapOptions& options) {
  UmapResult result;
  result.curve = curve_of(options);
  result.n_epochs = options.n_epochs.value_or(detail::default_epochs(graph.rows()));
  result.coords = Matrix<float>(graph.rows(), idx(options.n_components));
  return result;
}

Result<void> move_points(const FuzzyGraph& strong, const UmapOptions& options, UmapResult& result,
                         RunContext& run) {
  const detail::LayoutForces forces{.curve = result.curve,
                                    .repulsion = options.repulsion_strength,
                                    .negatives = options.negative_sample_rate,
                                    .learning_rate = options.learning_rate};
  return detail::optimize_layout(strong, forces, result.n_epochs, result.coords.view(), run);
}

Result<void> check_start(MatrixView<const float> start, std::size_t n_rows, std::size_t dim) {
  if (start.rows() != n_rows || start.cols() != dim) {
    return input_error(ErrorCode::invalid_argument, "start",
                       "expected " + std::to_string(n_rows) + " x " + std::to_string(dim) +
                           " positions, found " + std::to_string(start.rows()) + " x " +
                           std::to_string(start.cols()));
  }
  for (std::size_t r = 0; r < n_rows; ++r) {
    for (const float value : start.row(r)) {
      if (std::isfinite(value)) continue;
      return input_error(ErrorCode::invalid_argument, "start row " + std::to_string(r),
                         "expected finite positions, found " + std::to_string(value));
    }
  }
  return {};
}

}  // namespace

Result<UmapResult> umap(const FuzzyGraph& graph, MatrixView<const float> x,
                        const UmapOptions& options, RunContext& run) {
  TG_TRY(check(options));
  if (!x.empty() && x.rows() != graph.rows()) {
    return input_error(ErrorCode::invalid_argument, "x",
                       "expected one row for each of the " + std::to_string(graph.rows()) +
                           " points of the graph, found " + std::to_string(x.rows()));
  }
  UmapResult result = prepared(graph, options);
  if (graph.rows() <= 1) return result;
  const FuzzyGraph strong = detail::drop_weak_edges(graph, result.n_epochs);
  TG_TRY(auto start,
         detail::start_positions(strong, x, options.init, idx(options.n_components), run));
  result.coords = std::move(start.coords);
  result.is_spectral = start.is_spectral;
  result.warnings = std::move(start.warnings);
  for (const std::string& warning : result.warnings) run.warn("umap: " + warning);
  TG_TRY(move_points(strong, options, result, run));
  return result;
}

Result<UmapResult> umap_from(const FuzzyGraph& graph, MatrixView<const float> start,
                             const UmapOptions& options, RunContext& run) {
  TG_TRY(check(options));
  TG_TRY(check_start(start, graph.rows(), idx(options.n_components)));
  UmapResult result = prepared(graph, options);
  for (std::size_t r = 0; r < start.rows(); ++r) {
    std::ranges::copy(start.row(r), result.coords.row(r).begin());
  }
  if (graph.rows() <= 1) return result;
  TG_TRY(move_points(detail::drop_weak_edges(graph, result.n_epochs), options, result, run));
  return result;
}

}  // namespace topograph

#include "topograph/reduce/umap.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "reduce/curve_fit.hpp"
#include "reduce/layout.hpp"
#include "reduce/local_radii.hpp"
#include "reduce/smooth_eigenvectors.hpp"
#include "reduce/start_positions.hpp"
#include "topograph/core/memory_budget.hpp"
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

/// The kept edges, and the larger of what the start needs and the layout's schedule (twice, while
/// it is sorted) with its positions.
Result<void> check_memory(const FuzzyGraph& graph, std::size_t dim, RunContext& run) {
  const std::size_t n = graph.rows();
  const std::size_t n_edges = graph.edges.nnz();
  const std::size_t layout = n_edges * 2 * 12 + n * 8 * (dim + 1);
  const std::size_t start = detail::smooth_eigenvectors_bytes(n, n_edges, dim);
  return require_memory(n_edges * 8 + std::max(layout, start) + n * 64,
                        "umap of " + std::to_string(n) + " rows", "use fewer rows or neighbors",
                        run);
}

Result<void> check_input(const detail::GraphLayout& input, const UmapOptions& options) {
  TG_TRY(check(options));
  const std::size_t n = input.graph.rows();
  if (!input.x.empty() && input.x.rows() != n) {
    return input_error(ErrorCode::invalid_argument, "x",
                       "expected one row for each of the " + std::to_string(n) +
                           " points of the graph, found " + std::to_string(input.x.rows()));
  }
  if ((options.densmap || options.output_dens) && input.x.empty() && n > 1) {
    return input_error(
        ErrorCode::invalid_argument, "x",
        "expected the rows, whose distances densmap and output_dens need, found none",
        "give the rows beside the graph or neighbours");
  }
  if (input.start.empty()) return {};
  return check_start(input.start, n, idx(options.n_components));
}

Result<void> place_at_start(const FuzzyGraph& strong, const detail::GraphLayout& input,
                            const UmapOptions& options, UmapResult& result, RunContext& run) {
  if (!input.start.empty()) {
    for (std::size_t r = 0; r < input.start.rows(); ++r) {
      std::ranges::copy(input.start.row(r), result.coords.row(r).begin());
    }
    return {};
  }
  TG_TRY(auto start,
         detail::start_positions(strong, input.x, options.init, idx(options.n_components), run));
  result.coords = std::move(start.coords);
  result.is_spectral = start.is_spectral;
  result.warnings = std::move(start.warnings);
  for (const std::string& warning : result.warnings) run.warn("umap: " + warning);
  return {};
}

Result<void> move_points(const FuzzyGraph& strong, const detail::GraphLayout& input,
                         const UmapOptions& options, UmapResult& result, RunContext& run) {
  const detail::LayoutForces forces{.curve = result.curve,
                                    .repulsion = options.repulsion_strength,
                                    .negatives = options.negative_sample_rate,
                                    .learning_rate = options.learning_rate};
  const detail::DensityGoal goal{.log_radii = result.log_radii,
                                 .lambda = static_cast<double>(options.dens_lambda),
                                 .frac = static_cast<double>(options.dens_frac),
                                 .var_shift = static_cast<double>(options.dens_var_shift)};
  return detail::optimize_layout(
      strong, {.copies = input.copies, .density = options.densmap ? &goal : nullptr}, forces,
      result.n_epochs, result.coords.view(), run);
}

}  // namespace

Result<UmapResult> detail::lay_out(const GraphLayout& input, const UmapOptions& options,
                                   RunContext& run) {
  TG_TRY(check_input(input, options));
  TG_TRY(check_memory(input.graph, idx(options.n_components), run));
  const FuzzyGraph& graph = input.graph;
  UmapResult result;
  result.curve = curve_of(options);
  result.n_epochs =
      options.n_epochs.value_or(detail::default_epochs(graph.rows(), options.densmap));
  result.coords = Matrix<float>(graph.rows(), idx(options.n_components));
  TG_TRY(const FuzzyGraph strong, detail::drop_weak_edges(graph, result.n_epochs, run));
  if (options.densmap || options.output_dens) {
    TG_TRY(result.log_radii, detail::log_radii(strong, input.x, options.metric, run));
  }
  if (graph.rows() > 1 || !input.start.empty()) {
    TG_TRY(place_at_start(strong, input, options, result, run));
  }
  if (graph.rows() > 1) {
    TG_TRY(move_points(strong, input, options, result, run));
  }
  if (!options.output_dens) {
    result.log_radii.clear();
    return result;
  }
  TG_TRY(result.layout_log_radii,
         detail::layout_log_radii(result.coords.view(), options.n_neighbors, run));
  return result;
}

Result<UmapResult> umap(const FuzzyGraph& graph, MatrixView<const float> x,
                        const UmapOptions& options, RunContext& run) {
  return detail::lay_out({.graph = graph, .x = x}, options, run);
}

Result<UmapResult> umap_from(const FuzzyGraph& graph, MatrixView<const float> start,
                             const UmapOptions& options, RunContext& run) {
  TG_TRY(check(options));
  TG_TRY(check_start(start, graph.rows(), idx(options.n_components)));
  return detail::lay_out({.graph = graph, .start = start}, options, run);
}

}  // namespace topograph

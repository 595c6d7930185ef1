#include "topograph/reduce/umap.hpp"

#include <algorithm>
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

}  // namespace

Result<UmapResult> umap(const FuzzyGraph& graph, MatrixView<const float> x,
                        const UmapOptions& options, RunContext& run) {
  TG_TRY(check(options));
  if (!x.empty() && x.rows() != graph.rows()) {
    return input_error(ErrorCode::invalid_argument, "x",
                       "expected one row for each of the " + std::to_string(graph.rows()) +
                           " points of the graph, found " + std::to_string(x.rows()));
  }
  const auto dim = idx(options.n_components);
  UmapResult result;
  result.curve = curve_of(options);
  result.n_epochs = options.n_epochs.value_or(detail::default_epochs(graph.rows()));
  result.coords = Matrix<float>(graph.rows(), dim);
  if (graph.rows() <= 1) return result;

  const FuzzyGraph strong = detail::drop_weak_edges(graph, result.n_epochs);
  TG_TRY(auto start, detail::start_positions(strong, x, options.init, dim, run));
  result.coords = std::move(start.coords);
  result.is_spectral = start.is_spectral;
  result.warnings = std::move(start.warnings);
  for (const std::string& warning : result.warnings) run.warn("umap: " + warning);
  const detail::LayoutForces forces{.curve = result.curve,
                                    .repulsion = options.repulsion_strength,
                                    .negatives = options.negative_sample_rate,
                                    .learning_rate = options.learning_rate};
  TG_TRY(detail::optimize_layout(strong, forces, result.n_epochs, result.coords.view(), run));
  return result;
}

}  // namespace topograph

#pragma once

#include "plot_options.hpp"
#include "plot_source.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph::cli {

/// Gathers what a kind of figure shows from a model and lays the figure out.
[[nodiscard]] Result<Scene> plot_scene(PlotKind kind, PlotSource& source,
                                       const PlotOptions& options, RunContext& run);

}  // namespace topograph::cli

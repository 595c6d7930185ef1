#pragma once

#include <string>

#include "plot_options.hpp"
#include "plot_source.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph::cli {

/// What `plot` was asked for.
struct PlotRequest {
  PlotKind kind = PlotKind::documents;
  std::string column = {};       ///< --column, for kinds that compare with a column.
  std::string time_format = {};  ///< --time-format, for the kind that reads times.
  PlotOptions options = {};
};

/// Does this figure read --column?
[[nodiscard]] bool uses_column(const PlotRequest& request);
/// What this figure reads of a model.
[[nodiscard]] PlotReads reads_of(const PlotRequest& request);

/// Gathers what a kind of figure shows from a model and lays the figure out.
[[nodiscard]] Result<Scene> plot_scene(const PlotRequest& request, const PlotSource& source,
                                       RunContext& run);

// Kinds that need more than the topics, by what they are made of.
[[nodiscard]] Result<Scene> plot_hierarchy(const PlotRequest& request, const PlotSource& source,
                                           RunContext& run);
[[nodiscard]] Result<Scene> plot_heatmap(const PlotRequest& request, const PlotSource& source,
                                         RunContext& run);
[[nodiscard]] Result<Scene> plot_condensed_tree(const PlotRequest& request,
                                                const PlotSource& source);
[[nodiscard]] Result<Scene> plot_over_time(const PlotRequest& request, const PlotSource& source);
[[nodiscard]] Result<Scene> plot_classes(const PlotRequest& request, const PlotSource& source);
[[nodiscard]] Result<Scene> plot_distribution(const PlotRequest& request, const PlotSource& source);
[[nodiscard]] Result<Scene> plot_reductions(const PlotRequest& request, const PlotSource& source,
                                            RunContext& run);

/// The topics of a figure: `usual_n` largest ones unless the options say otherwise; 0: all.
[[nodiscard]] Result<FigureTopics> topics_of(const PlotRequest& request, const PlotSource& source,
                                             std::size_t usual_n, bool needs_topics = true);

}  // namespace topograph::cli

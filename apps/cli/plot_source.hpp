#pragma once

#include <string>
#include <vector>

#include "fitted_model.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/topics/types.hpp"

namespace topograph::cli {

/// A model as figures see it.
struct PlotSource {
  FittedModel fitted;       ///< Documents only where they were asked for.
  TopicTable topics = {};   ///< As the chosen aspect describes them.
  TopicPlaces places = {};  ///< Middles of the topics on the map.
  bool has_aspect = false;

  [[nodiscard]] const TopicModel& model() const { return fitted.model; }
};

/// What a kind reads of a model besides its topics.
enum class PlotReads : std::uint8_t { model, documents };

/// @param aspect  Whose words and labels topics have; empty: their own.
/// @error as `open_fitted` and `table_of_aspect`.
[[nodiscard]] Result<PlotSource> open_plot_source(const std::string& folder, PlotReads reads,
                                                  const std::string& aspect, RunContext& run);

/// The column called `name`, else the first that the fit named under one of `keys` (time, class,
/// label).
/// @error option subject: neither is there, with the columns there are.
[[nodiscard]] Result<const Column*> plot_column(const PlotSource& source, const std::string& name,
                                                const std::vector<const char*>& keys);

/// Replaces the words of each topic by its `n` best ones, without those of `stop_words` (as the
/// option `words.stop_words` of `fit`): words of an aspect or of a chain of representations as far
/// as the model keeps them, else class TF-IDF of the counts.
[[nodiscard]] Result<void> add_words(const PlotSource& source, FigureTopics& topics, std::size_t n,
                                     const std::string& stop_words, RunContext& run);

/// The n best words of each topic by class TF-IDF, whatever its representation.
[[nodiscard]] Result<void> add_counted_words(const PlotSource& source, FigureTopics& topics,
                                             std::size_t n, RunContext& run);

}  // namespace topograph::cli

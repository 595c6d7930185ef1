#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "topograph/core/column_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/plot/figure_topics.hpp"

namespace topograph::cli {

/// A model and what figures need of it, each read when it is first asked for.
class PlotSource {
 public:
  [[nodiscard]] static Result<PlotSource> open(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const TopicModel& model() const { return model_; }
  /// Middles of the topics on the map.
  [[nodiscard]] const TopicPlaces& places() const { return places_; }

 private:
  PlotSource(std::filesystem::path folder, TopicModel model);
  std::filesystem::path folder_ = {};
  TopicModel model_;
  TopicPlaces places_ = {};
};

}  // namespace topograph::cli

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "topograph/core/column_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
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

  /// A column of documents.parquet: `name`, else the one that the fit called `role` (time, class,
  /// label …; several are tried in order).
  /// @error option subject: neither is there, with what to do about it.
  [[nodiscard]] Result<Column> column(const std::string& name,
                                      const std::vector<std::string>& roles, RunContext& run) const;
  /// The text of one document. @error option subject: no such row.
  [[nodiscard]] Result<std::string> text(std::size_t row, RunContext& run) const;

  /// Mean vectors of the topics, of unit length, in the order of `topics`.
  [[nodiscard]] Result<Matrix<float>> topic_vectors(const FigureTopics& topics,
                                                    RunContext& run) const;

  /// Replaces the words of each topic by its `n` best ones out of the counts of the fit, without
  /// those of `stop_words` (as the option `count.stop_words` of `fit`).
  [[nodiscard]] Result<void> add_words(FigureTopics& topics, std::size_t n,
                                       const std::string& stop_words, RunContext& run) const;

 private:
  PlotSource(std::filesystem::path folder, TopicModel model);
  [[nodiscard]] std::string column_of_role(const std::string& role) const;

  std::filesystem::path folder_ = {};
  TopicModel model_;
  TopicPlaces places_ = {};
};

}  // namespace topograph::cli

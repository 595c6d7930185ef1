// Kinds made of counts of documents: over-time, per-class, contingency and distribution.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plot_kinds.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/plot/share_bars.hpp"
#include "topograph/plot/topic_lines.hpp"
#include "topograph/topics/time_slices.hpp"

namespace topograph::cli {
namespace {

ClassCounts count_classes(const Column& column, std::span<const std::int32_t> topic_of,
                          const FigureTopics& topics) {
  std::map<std::string, std::vector<std::size_t>> rows_of;
  for (std::size_t row = 0; row < topic_of.size(); ++row) {
    std::string name = cell_text(column, row);
    if (!name.empty()) rows_of[std::move(name)].push_back(row);
  }
  ClassCounts classes{{}, Matrix<std::int64_t>(rows_of.size(), topics.topics.size()), {}};
  for (const auto& [name, rows] : rows_of) {
    const std::size_t r = classes.names.size();
    classes.names.push_back(name);
    classes.totals.push_back(narrow<std::int64_t>(rows.size()));
    for (const std::size_t row : rows) {
      const std::int32_t at = topics.find(topic_of[row]);
      if (at >= 0) ++classes.counts[r, idx(at)];
    }
  }
  return classes;
}

}  // namespace

Result<Scene> plot_classes(const PlotRequest& request, const PlotSource& source, RunContext& run) {
  const bool is_table = request.kind == PlotKind::contingency;
  TG_TRY(const FigureTopics topics, topics_of(request, source, is_table ? 40 : 12));
  const std::vector<std::string> roles = is_table ? std::vector<std::string>{"label", "class"}
                                                  : std::vector<std::string>{"class", "label"};
  TG_TRY(const Column column, source.column(request.column, roles, run));
  const ClassCounts classes = count_classes(column, source.model().documents().topics, topics);
  if (classes.names.empty()) {
    return option_error("--column", fmt::format("the column `{}` has no values", column.name));
  }
  const PlotOptions& options = request.options;
  return is_table ? contingency_heatmap(topics, classes, options.contingency, options.figure)
                  : class_bars(topics, classes, options.per_class, options.figure);
}

Result<Scene> plot_over_time(const PlotRequest& request, const PlotSource& source,
                             RunContext& run) {
  TG_TRY(const FigureTopics topics, topics_of(request, source, 8));
  TG_TRY(const Column column, source.column(request.column, {"time"}, run));
  TG_TRY(const auto times, read_times(column, request.time_format));
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const auto& time : times) {
    if (!time) continue;
    first = std::min(first, time->microseconds);
    last = std::max(last, time->microseconds);
  }
  if (first > last) {
    return option_error("--column", fmt::format("the column `{}` has no times", column.name));
  }
  const auto& documents = source.model().documents();
  // Times without extent have one span.
  const std::size_t n_bins = first == last ? 1 : idx(request.options.over_time.n_bins);
  const double span = static_cast<double>(last - first) / static_cast<double>(n_bins);
  TimeCounts series{{}, Matrix<double>(n_bins, topics.topics.size()), std::vector<double>(n_bins)};
  for (std::size_t b = 0; b < n_bins; ++b) {
    series.times.push_back(first +
                           static_cast<std::int64_t>((static_cast<double>(b) + 0.5) * span));
  }
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (!times[row]) continue;
    const double at = span > 0 ? static_cast<double>(times[row]->microseconds - first) / span : 0;
    const std::size_t bin = std::min(static_cast<std::size_t>(at), n_bins - 1);
    series.totals[bin] += 1;
    const std::int32_t topic = topics.find(documents.topics[row]);
    if (topic >= 0) series.counts[bin, idx(topic)] += 1;
  }
  return topic_time_lines(topics, series, request.options.over_time, request.options.figure);
}

Result<Scene> plot_distribution(const PlotRequest& request, const PlotSource& source,
                                RunContext& run) {
  const auto row = idx(request.options.distribution.document);
  DocumentShares shares;
  TG_TRY(shares.text, source.text(row, run));
  const Memberships& memberships = source.model().documents().memberships;
  if (memberships.k() == 0) {
    return model_error(ErrorCode::not_found, source.folder().string(),
                       "the model keeps no shares of topics for its documents",
                       "fit it with --probabilities 10");
  }
  TG_TRY(const FigureTopics topics, topics_of(request, source, 0));
  for (std::size_t j = 0; j < memberships.k(); ++j) {
    shares.topics.push_back(memberships.clusters[row, j]);
    shares.shares.push_back(static_cast<double>(memberships.values[row, j]));
  }
  shares.noise = static_cast<double>(memberships.noise[row]);
  return distribution_bars(topics, shares, request.options.distribution, request.options.figure);
}

}  // namespace topograph::cli

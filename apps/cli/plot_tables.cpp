// Kinds made of counts of documents: over-time, per-class, contingency and distribution.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
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

/// Spans of time, those without documents too.
struct Spans {
  TimeSlices slices = {};
  std::vector<std::int64_t> starts = {};
  std::vector<std::int64_t> places = {};  ///< Where they are drawn.
  std::string name = {};
  std::int64_t months = 0;  ///< Of a calendar unit of months.
};

constexpr std::size_t kUsualSpans = 60;
constexpr std::size_t kMostSpans = 10000;

/// The shortest unit of at most `kUsualSpans`; nothing when time is too long even for years.
std::optional<TimeUnit> usual_unit(Timestamp first, Timestamp last) {
  for (std::size_t u = 0; u < EnumNames<TimeUnit>::names.size(); ++u) {
    const auto unit = static_cast<TimeUnit>(u);
    // Hours of thousands of years need not be listed to know that they are too many.
    constexpr std::array<double, 6> hours{1, 24, 168, 672, 2160, 8760};
    const double n = static_cast<double>(last.microseconds - first.microseconds) / 3.6e9 / hours[u];
    if (n <= 2 * kUsualSpans && starts_of_units(first, last, unit).size() <= kUsualSpans) {
      return unit;
    }
  }
  return {};
}

std::string length_text(double microseconds) {
  const double days = microseconds / 86.4e9;
  if (days >= 700) return fmt::format("{:.3g} years", days / 365.25);
  if (days >= 2) return fmt::format("{:.3g} days", days);
  return fmt::format("{:.3g} hours", days * 24);
}

Result<Spans> choose_spans(std::span<const std::optional<Timestamp>> times,
                           const OverTimeKindOptions& options, const std::string& column) {
  if (options.every && options.n_bins) {
    return option_error("over_time.n_bins",
                        "calendar units and spans of equal length exclude each "
                        "other, found both n_bins and every");
  }
  std::optional<Timestamp> first;
  std::optional<Timestamp> last;
  for (const auto& time : times) {
    if (!time) continue;
    if (!first || time->microseconds < first->microseconds) first = time;
    if (!last || time->microseconds > last->microseconds) last = time;
  }
  if (!first) return option_error("--column", fmt::format("the column `{}` has no times", column));
  Spans spans;
  const auto unit = options.every || options.n_bins ? options.every : usual_unit(*first, *last);
  if (unit) {
    spans.slices = slice_by_unit(times, *unit);
    for (const Timestamp start : starts_of_units(*first, *last, *unit)) {
      spans.starts.push_back(start.microseconds);
    }
    spans.places = spans.starts;
    spans.name = enum_name(*unit);
    constexpr std::array<std::int64_t, 6> months{0, 0, 0, 1, 3, 12};
    spans.months = months[static_cast<std::size_t>(*unit)];
    return spans;
  }
  const std::size_t n = options.n_bins ? idx(*options.n_bins) : kUsualSpans;
  spans.slices = slice_in_bins(times, n);
  const auto width = last->microseconds - first->microseconds;
  const auto half = width / static_cast<std::int64_t>(2 * n);
  for (const Timestamp start : starts_of_bins(*first, *last, n)) {
    spans.starts.push_back(start.microseconds);
    spans.places.push_back(start.microseconds + half);
  }
  if (width > 0) {
    spans.name = length_text(static_cast<double>(width) / static_cast<double>(n));
  }
  return spans;
}

}  // namespace

Result<Scene> plot_classes(const PlotRequest& request, const PlotSource& source) {
  const bool is_table = request.kind == PlotKind::contingency;
  TG_TRY(const FigureTopics topics, topics_of(request, source, is_table ? 40 : 12));
  const std::vector<const char*> keys =
      is_table ? std::vector{"label", "class"} : std::vector{"class", "label"};
  TG_TRY(const Column* column, plot_column(source, request.column, keys));
  const ClassCounts classes = count_classes(*column, source.model().documents().topics, topics);
  if (classes.names.empty()) {
    return option_error("--column", fmt::format("the column `{}` has no values", column->name));
  }
  const PlotOptions& options = request.options;
  return is_table ? contingency_heatmap(topics, classes, options.contingency, options.figure)
                  : class_bars(topics, classes, options.per_class, options.figure);
}

Result<Scene> plot_over_time(const PlotRequest& request, const PlotSource& source) {
  const OverTimeKindOptions& options = request.options.over_time;
  TG_TRY(const FigureTopics topics, topics_of(request, source, 8));
  TG_TRY(const Column* column, plot_column(source, request.column, {"time"}));
  TG_TRY(const auto times, read_times(*column, request.time_format));
  TG_TRY(const Spans spans, choose_spans(times, options, column->name));
  const std::vector<std::int64_t>& starts = spans.starts;
  TimeCounts series{spans.places, spans.months, spans.name,
                    Matrix<double>(starts.size(), topics.topics.size()),
                    std::vector<double>(starts.size())};
  for (std::size_t row = 0; row < times.size(); ++row) {
    const std::int32_t slice = spans.slices.of_document[row];
    if (slice < 0) continue;
    const auto found =
        std::ranges::lower_bound(starts, spans.slices.start[idx(slice)].microseconds);
    const auto bin = idx(found - starts.begin());
    series.totals[bin] += 1;
    const std::int32_t topic = topics.find(source.model().documents().topics[row]);
    if (topic >= 0) series.counts[bin, idx(topic)] += 1;
  }
  return topic_time_lines(topics, series, options, request.options.figure);
}

Result<Scene> plot_distribution(const PlotRequest& request, const PlotSource& source) {
  const auto row = idx(request.options.distribution.document);
  const std::size_t n = source.model().documents().topics.size();
  if (row >= n) {
    return option_error("distribution.document",
                        fmt::format("expected a row below {}, found {}", n, row));
  }
  const Memberships& memberships = source.model().documents().memberships;
  if (memberships.k() == 0) {
    return model_error(ErrorCode::not_found, source.fitted.folder.string(),
                       "the model keeps no shares of topics for its documents",
                       "fit it with --probabilities 10");
  }
  TG_TRY(const FigureTopics topics, topics_of(request, source, 0));
  DocumentShares shares;
  if (row < source.fitted.texts.size()) shares.text = source.fitted.texts[row];
  for (std::size_t j = 0; j < memberships.k(); ++j) {
    shares.topics.push_back(memberships.clusters[row, j]);
    shares.shares.push_back(static_cast<double>(memberships.values[row, j]));
  }
  shares.noise = static_cast<double>(memberships.noise[row]);
  return distribution_bars(topics, shares, request.options.distribution, request.options.figure);
}

}  // namespace topograph::cli

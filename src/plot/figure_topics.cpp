#include "topograph/plot/figure_topics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "topograph/core/narrow.hpp"
#include "topograph/plot/scale.hpp"
#include "topograph/plot/text_ruler.hpp"

namespace topograph {
namespace {

std::string known_topics(const TopicTable& table) {
  std::int32_t first = 0;
  std::int32_t last = -1;
  for (const Topic& topic : table.topics) {
    if (topic.id < 0) continue;
    if (last < 0) first = topic.id;
    last = topic.id;
  }
  return last < 0 ? "the model has no topics"
                  : fmt::format("the model has topics {} to {}", first, last);
}

Result<std::int32_t> parse_id(std::string_view text, const TopicTable& table,
                              const std::string& where) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  std::int32_t id = 0;
  const auto [rest, code] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (code != std::errc{} || rest != text.data() + text.size()) {
    return option_error(where, fmt::format("expected the number of a topic, found '{}'", text),
                        known_topics(table));
  }
  if (id < 0 || table.find(id) == nullptr) {
    return option_error(where, fmt::format("there is no topic {}", id), known_topics(table));
  }
  return id;
}

Result<std::map<std::int32_t, std::string>> own_labels(const TopicTable& table,
                                                       const FigureOptions& options) {
  std::map<std::int32_t, std::string> labels;
  for (const std::string& entry : options.labels) {
    const auto equals = entry.find('=');
    if (equals == std::string::npos) {
      return option_error("figure.labels",
                          fmt::format("expected NUMBER=TEXT, found '{}'", clean_line(entry, 60)));
    }
    TG_TRY(const std::int32_t id,
           parse_id(std::string_view(entry).substr(0, equals), table, "figure.labels"));
    labels[id] = entry.substr(equals + 1);
  }
  return labels;
}

/// Ids that the figure shows, ascending.
Result<std::set<std::int32_t>> chosen_ids(const TopicTable& table, const FigureOptions& options,
                                          std::size_t usual_n) {
  std::set<std::int32_t> chosen;
  if (!options.topics.empty()) {
    for (const std::string& text : options.topics) {
      TG_TRY(const std::int32_t id, parse_id(text, table, "figure.topics"));
      chosen.insert(id);
    }
  }
  std::vector<const Topic*> by_size;
  for (const Topic& topic : table.topics) {
    if (topic.id >= 0 && (chosen.empty() || chosen.contains(topic.id))) by_size.push_back(&topic);
  }
  std::ranges::stable_sort(by_size, std::greater(),
                           [](const Topic* topic) { return topic->count; });
  std::size_t n = options.topics.empty() && usual_n > 0 ? usual_n : by_size.size();
  if (options.n_topics) n = idx(*options.n_topics);
  by_size.resize(std::min(n, by_size.size()));
  chosen.clear();
  for (const Topic* topic : by_size) chosen.insert(topic->id);
  return chosen;
}

/// Colours of all topics of the model, so that a subset keeps its colours.
std::map<std::int32_t, Color> topic_colors(const TopicTable& table, const TopicPlaces& places,
                                           const Palette& palette, FigureTheme theme) {
  std::map<std::int32_t, Color> colors;
  std::vector<std::int32_t> ids;
  for (const Topic& topic : table.topics) {
    if (topic.id >= 0) ids.push_back(topic.id);
  }
  for (std::size_t i = 0; i < ids.size(); ++i) colors[ids[i]] = palette.category(i, ids.size());
  if (!palette.is_auto() || places.ids.size() < 3) return colors;
  const std::vector<Color> placed = colors_by_position(places.places, theme);
  for (std::size_t i = 0; i < placed.size(); ++i) colors[places.ids[i]] = placed[i];
  return colors;
}

}  // namespace

std::string FigureTopic::name() const { return fmt::format("{} · {}", id, label); }

std::int32_t FigureTopics::find(std::int32_t id) const {
  const auto found = std::ranges::lower_bound(topics, id, {}, &FigureTopic::id);
  if (found == topics.end() || found->id != id) return -1;
  return narrow<std::int32_t>(found - topics.begin());
}

std::string FigureTopics::note() const {
  if (is_subset || topics.size() == n_in_model) return {};
  return fmt::format("the {} largest of {} topics", topics.size(),
                     grouped(narrow<std::int64_t>(n_in_model)));
}

Result<FigureTopics> choose_topics(const TopicTable& table, const TopicPlaces& places,
                                   const FigureOptions& options, std::size_t usual_n,
                                   bool needs_topics) {
  FigureTopics figure;
  figure.is_subset = !options.topics.empty();
  TG_TRY(const auto labels, own_labels(table, options));
  TG_TRY(const auto chosen, chosen_ids(table, options, usual_n));
  TG_TRY(const Palette palette, Palette::parse(options));
  const auto colors = topic_colors(table, places, palette, options.theme);
  for (const Topic& topic : table.topics) {
    if (topic.id < 0) continue;
    ++figure.n_in_model;
    if (!chosen.contains(topic.id)) continue;
    FigureTopic shown{.id = topic.id, .count = topic.count};
    const auto own = labels.find(topic.id);
    shown.label =
        clean_line(own == labels.end() ? topic.label : own->second, idx(options.max_label_chars));
    if (shown.label.empty()) shown.label = fmt::format("topic {}", topic.id);
    shown.color = colors.at(topic.id);
    shown.words = topic.words;
    figure.topics.push_back(std::move(shown));
  }
  std::ranges::sort(figure.topics, {}, &FigureTopic::id);
  if (figure.topics.empty() && needs_topics) {
    return model_error(ErrorCode::not_found, "topics.json",
                       "the model has no topics, so this figure has nothing to show",
                       "`documents` draws a map of outliers too");
  }
  return figure;
}

}  // namespace topograph

#include "topograph/plot/condensed_tree_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plot/axes.hpp"
#include "plot/canvas.hpp"
#include "plot/name_room.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/plot/place_labels.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph {

using detail::Canvas;
using detail::VerticalAnchor;

namespace {

double largest_finite(const CondensedTree& tree) {
  double largest = 0;
  for (const double lambda : tree.lambda) {
    if (std::isfinite(lambda)) largest = std::max(largest, lambda);
  }
  return largest > 0 ? largest : 1;
}

/// Rows of each cluster (by id - n_points), ascending by lambda.
std::vector<std::vector<std::size_t>> rows_by_cluster(const CondensedTree& tree,
                                                      std::size_t n_clusters) {
  std::vector<std::vector<std::size_t>> rows(n_clusters);
  for (std::size_t i = 0; i < tree.parent.size(); ++i) {
    rows[idx(tree.parent[i] - tree.n_points)].push_back(i);
  }
  for (auto& of_cluster : rows) {
    std::ranges::stable_sort(of_cluster, {}, [&](std::size_t i) { return tree.lambda[i]; });
  }
  return rows;
}

/// Lambda to height on the page, cut at both ends.
struct LambdaScale {
  LinearScale linear;
  double low;
  double high;
  bool is_log;

  [[nodiscard]] double operator()(double lambda) const {
    const double cut = std::clamp(lambda, low, high);
    return linear(is_log ? std::log10(cut) : cut);
  }
};

/// The range that shows nearly all points: a few very dense ones would flatten the rest.
LambdaScale lambda_scale(const CondensedTree& tree, const Box& plot, bool is_log) {
  std::vector<double> values;
  for (const double lambda : tree.lambda) {
    if (std::isfinite(lambda) && lambda > 0) values.push_back(lambda);
  }
  if (values.empty()) values = {1};
  std::ranges::sort(values);
  const double high = values[(values.size() - 1) * 97 / 100] * 1.03;
  const double low = is_log ? values.front() * 0.95 : std::min(values.front() * 0.95, high * 0.99);
  const double from = is_log ? std::log10(low) : low;
  const double to = is_log ? std::log10(std::max(high, low * 1.01)) : high;
  return {{from, to, plot.top, plot.bottom}, low, std::max(high, low * 1.01), is_log};
}

/// The outline: down the right side, up the left one. Steps smaller than a hair are joined.
std::vector<Point> outline(const Icicle& icicle, const LinearScale& x, const LambdaScale& y) {
  std::vector<Point> right;
  double width = icicle.size;
  double last_y = y(icicle.birth);
  right.push_back({x(icicle.middle + width / 2), last_y});
  for (std::size_t i = 0; i < icicle.lambda.size(); ++i) {
    const double at = y(icicle.lambda[i]);
    if (at - last_y > 0.35) {
      right.push_back({x(icicle.middle + width / 2), at});
      last_y = at;
      right.push_back({x(icicle.middle + icicle.width[i] / 2), at});
    }
    width = icicle.width[i];
  }
  right.push_back({x(icicle.middle + width / 2), y(icicle.death)});
  std::vector<Point> line = right;
  const double middle = x(icicle.middle);
  for (std::size_t i = right.size(); i-- > 0;)
    line.push_back({2 * middle - right[i].x, right[i].y});
  return line;
}

/// Position in `selected` of what each cluster is or lies in, -1 above the selected ones.
std::vector<std::int32_t> selected_above(const std::vector<Icicle>& icicles,
                                         std::span<const SelectedCluster> selected,
                                         std::int32_t first_id) {
  std::vector<std::int32_t> found(icicles.size(), -1);
  for (std::size_t s = 0; s < selected.size(); ++s) {
    found[idx(selected[s].cluster - first_id)] = narrow<std::int32_t>(s);
  }
  for (std::size_t i = 0; i < icicles.size(); ++i) {
    const std::int32_t parent = icicles[i].parent;
    if (found[i] < 0 && parent >= 0) found[i] = found[idx(parent - first_id)];
  }
  return found;
}

/// Labels run downwards in a band below the tree, in the order of their clusters.
struct BandLabel {
  std::string text = {};
  Color color = {};
  double x = 0;  ///< Of the tip of its cluster.
  double y = 0;
  double size = 0;
};

constexpr double kBandScale = 0.85;

std::vector<BandLabel> band_labels(Canvas& canvas, const FigureTopics& topics,
                                   std::span<const SelectedCluster> selected, double longest) {
  std::vector<BandLabel> labels(selected.size());
  for (std::size_t s = 0; s < selected.size(); ++s) {
    const std::int32_t at = topics.find(selected[s].topic);
    if (at < 0) continue;
    const FigureTopic& topic = topics.topics[idx(at)];
    labels[s].text = canvas.ruler().shorten(topic.name(), canvas.style(kBandScale), longest);
    labels[s].color = readable(topic.color, canvas.theme());
  }
  return labels;
}

void draw_band(Canvas& canvas, std::vector<BandLabel> labels, const Box& band) {
  std::erase_if(labels, [](const BandLabel& label) { return label.text.empty(); });
  const double pitch = canvas.line_height(kBandScale) * 0.9;
  const auto most = static_cast<std::size_t>(band.width() / pitch);
  const std::size_t n_left_out = labels.size() > most ? labels.size() - most : 0;
  std::ranges::stable_sort(labels, std::greater(), &BandLabel::size);
  labels.resize(labels.size() - n_left_out);
  std::ranges::stable_sort(labels, {}, &BandLabel::x);
  std::vector<double> wanted;
  for (const BandLabel& label : labels) wanted.push_back(label.x);
  const auto middles =
      spread_intervals(wanted, std::vector<double>(labels.size(), pitch), 0, band.left, band.right);
  constexpr double fan = 16;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    canvas.polyline({{labels[i].x, std::min(labels[i].y, band.top)},
                     {labels[i].x, band.top},
                     {middles[i], band.top + fan - 3}},
                    {labels[i].color.with_alpha(0.5), 0.5, {1.5, 2}});
    canvas.text(labels[i].text, {middles[i], band.top + fan}, canvas.style(kBandScale),
                labels[i].color, {.vertical = VerticalAnchor::middle, .angle = 90});
  }
  if (n_left_out > 0)
    canvas.note(counted(narrow<std::int64_t>(n_left_out), "label", "labels") + " found no room");
}

}  // namespace

std::vector<Icicle> lay_out_icicles(const CondensedTree& tree) {
  std::int32_t last = tree.n_points;
  for (const std::int32_t child : tree.child) last = std::max(last, child);
  const std::size_t n = idx(last - tree.n_points) + 1;
  const double largest = largest_finite(tree);
  const auto rows = rows_by_cluster(tree, n);
  std::vector<Icicle> icicles(n);
  for (const std::size_t i : rows[0]) icicles[0].size += static_cast<double>(tree.child_size[i]);
  icicles[0].middle = icicles[0].size / 2;
  for (std::size_t c = 0; c < n; ++c) {
    Icicle& icicle = icicles[c];
    icicle.id = tree.n_points + narrow<std::int32_t>(c);
    if (c == 0) icicle.birth = rows[0].empty() ? 0 : std::min(tree.lambda[rows[0][0]], largest);
    icicle.death = icicle.birth;
    double left = icicle.size;
    std::vector<std::size_t> children;
    for (const std::size_t i : rows[c]) {
      const double lambda = std::min(tree.lambda[i], largest);
      icicle.death = std::max(icicle.death, lambda);
      if (tree.child[i] >= tree.n_points) {
        children.push_back(i);
        continue;
      }
      left -= static_cast<double>(tree.child_size[i]);
      icicle.lambda.push_back(lambda);
      icicle.width.push_back(std::max(left, 0.0));
    }
    double at = icicle.middle - left / 2;
    std::ranges::sort(children, {}, [&](std::size_t i) { return tree.child[i]; });
    for (const std::size_t i : children) {
      Icicle& child = icicles[idx(tree.child[i] - tree.n_points)];
      child.parent = icicle.id;
      child.birth = std::min(tree.lambda[i], largest);
      child.size = static_cast<double>(tree.child_size[i]);
      child.middle = at + child.size / 2;
      at += child.size;
    }
  }
  return icicles;
}

Result<Scene> condensed_tree_figure(const FigureTopics& topics, const CondensedTree& tree,
                                    std::span<const SelectedCluster> selected,
                                    const CondensedTreeOptions& options,
                                    const FigureOptions& figure) {
  const double names = options.show_labels ? detail::name_room(topics, figure, kBandScale, 28) : 0;
  TG_TRY(Canvas canvas, Canvas::begin(figure, {.width = 640, .height = 330 + names}));
  const std::vector<Icicle> icicles = lay_out_icicles(tree);
  const Box body = canvas.body();
  const std::string axis = "λ = 1 / distance";
  const auto shown = options.show_labels ? selected : std::span<const SelectedCluster>();
  auto labels = band_labels(canvas, topics, shown, body.height() * 0.45);
  double band = 0;
  for (const BandLabel& label : labels) {
    band = std::max(band, canvas.ruler().measure(label.text, canvas.style(kBandScale)).width + 18);
  }
  Box plot{body.left, body.top, body.right, body.bottom - 4 - band};
  const auto ticks_of = [&](const LambdaScale& scale) {
    return options.log_scale ? log_ticks(scale.low, scale.high)
                             : linear_ticks(scale.low, scale.high, 7);
  };
  plot.left +=
      detail::y_axis_width(canvas, ticks_of(lambda_scale(tree, plot, options.log_scale)), axis);
  const LambdaScale y = lambda_scale(tree, plot, options.log_scale);
  Ticks ticks = ticks_of(y);
  if (options.log_scale) {
    for (double& value : ticks.values) value = std::log10(value);
  }
  detail::draw_y_axis(canvas, plot, y.linear, ticks, axis);
  const LinearScale x{0, std::max(icicles[0].size, 1.0), plot.left + 6, plot.right - 2};
  const auto above = selected_above(icicles, selected, tree.n_points);
  for (std::size_t i = 0; i < icicles.size(); ++i) {
    const Icicle& icicle = icicles[i];
    Color fill = canvas.theme().outlier;
    std::optional<detail::Stroke> edge = detail::Stroke{canvas.theme().background, 0.4};
    if (above[i] >= 0) {
      const SelectedCluster& own = selected[idx(above[i])];
      const bool is_selected = own.cluster == icicle.id;
      const std::int32_t at = topics.find(own.topic);
      if (at >= 0) fill = topics.topics[idx(at)].color;
      if (is_selected) edge = detail::Stroke{readable(fill, canvas.theme()), 0.8};
    }
    canvas.polygon(outline(icicle, x, y), fill, edge);
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Icicle& icicle = icicles[idx(selected[i].cluster - tree.n_points)];
    labels[i].x = x(icicle.middle);
    labels[i].y = y(icicle.death);
    labels[i].size = icicle.size;
  }
  draw_band(canvas, std::move(labels), {plot.left, plot.bottom + 2, plot.right, body.bottom});
  canvas.note(counted(static_cast<std::int64_t>(icicles[0].size), "document", "documents"));
  canvas.note(fmt::format("λ above {:.3g} cut off", y.high));
  return canvas.finish();
}

}  // namespace topograph

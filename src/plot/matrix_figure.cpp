#include "topograph/plot/matrix_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "plot/canvas.hpp"
#include "plot/cell_grid.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/plot/dendrogram.hpp"
#include "topograph/plot/scale.hpp"

namespace topograph {

using detail::Canvas;
using detail::CellGrid;

namespace {

/// First positions of all groups but the first, along the order of leaves.
std::vector<std::size_t> breaks_of(const Dendrogram& layout,
                                   const std::vector<std::int32_t>& groups) {
  std::vector<std::size_t> breaks;
  for (std::size_t i = 1; i < layout.leaf_order.size(); ++i) {
    if (groups[idx(layout.leaf_order[i])] != groups[idx(layout.leaf_order[i - 1])]) {
      breaks.push_back(i);
    }
  }
  return breaks;
}

double share_of_cell(const ClassCounts& classes, std::size_t r, std::size_t c, CellShare share,
                     std::int64_t largest) {
  const auto count = static_cast<double>(classes.counts[r, c]);
  double whole = static_cast<double>(largest);
  if (share == CellShare::row) whole = static_cast<double>(classes.totals[r]);
  if (share == CellShare::column) {
    whole = 0;
    for (std::size_t i = 0; i < classes.counts.rows(); ++i) {
      whole += static_cast<double>(classes.counts[i, c]);
    }
  }
  return whole > 0 ? count / whole : 0;
}

/// Orders of rows and columns that bring large cells near the diagonal: each side in turn by the
/// weighted middles of its cells along the other.
struct CellOrder {
  std::vector<std::size_t> rows = {};
  std::vector<std::size_t> columns = {};
};

/// `weight(i, j)` of member i of this side and j of the other.
template <class Weight>
void sort_by_middles(std::vector<std::size_t>& side, const std::vector<std::size_t>& other,
                     Weight weight) {
  std::vector<double> middle(side.size(), std::numeric_limits<double>::infinity());
  for (const std::size_t i : side) {
    double sum = 0;
    double total = 0;
    for (std::size_t k = 0; k < other.size(); ++k) {
      const double w = weight(i, other[k]);
      sum += w * static_cast<double>(k);
      total += w;
    }
    if (total > 0) middle[i] = sum / total;
  }
  std::ranges::stable_sort(side, {}, [&](std::size_t i) { return middle[i]; });
}

CellOrder order_cells(const ClassCounts& classes) {
  CellOrder order{std::vector<std::size_t>(classes.counts.rows()),
                  std::vector<std::size_t>(classes.counts.cols())};
  std::iota(order.rows.begin(), order.rows.end(), std::size_t{0});
  std::iota(order.columns.begin(), order.columns.end(), std::size_t{0});
  // Squared shares of the class: what a class is mostly about decides.
  const auto weight = [&](std::size_t r, std::size_t c) {
    const auto total = static_cast<double>(std::max<std::int64_t>(classes.totals[r], 1));
    const double share = static_cast<double>(classes.counts[r, c]) / total;
    return share * share;
  };
  constexpr int rounds = 12;
  for (int round = 0; round < rounds; ++round) {
    sort_by_middles(order.rows, order.columns, weight);
    sort_by_middles(order.columns, order.rows,
                    [&](std::size_t c, std::size_t r) { return weight(r, c); });
  }
  return order;
}

ClassCounts largest_classes(const ClassCounts& classes, std::size_t n) {
  std::vector<std::size_t> order(classes.names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(), [&](std::size_t r) { return classes.totals[r]; });
  order.resize(std::min(n, order.size()));
  std::ranges::sort(order);
  ClassCounts kept{{}, Matrix<std::int64_t>(order.size(), classes.counts.cols()), {}};
  for (std::size_t i = 0; i < order.size(); ++i) {
    kept.names.push_back(classes.names[order[i]]);
    kept.totals.push_back(classes.totals[order[i]]);
    std::ranges::copy(classes.counts.row(order[i]), kept.counts.row(i).begin());
  }
  return kept;
}

}  // namespace

Result<Scene> similarity_heatmap(const FigureTopics& topics, MatrixView<const float> similarity,
                                 const Linkage& linkage, const HeatmapOptions& options,
                                 const FigureOptions& figure) {
  const std::size_t n = topics.topics.size();
  TG_EXPECTS(similarity.rows() == n && linkage.left.size() + 1 == n);
  TG_TRY(detail::check_ramp(figure));
  const Dendrogram layout = lay_out_dendrogram(linkage);
  float low = 1;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) low = std::min(low, similarity[i, j]);
  }
  const double range = std::max(1 - static_cast<double>(low), 1e-9);
  CellGrid grid;
  for (const std::int32_t i : layout.leaf_order) {
    grid.row_names.push_back(topics.topics[idx(i)].name());
    for (const std::int32_t j : layout.leaf_order) {
      const auto value = static_cast<double>(similarity[idx(i), idx(j)]);
      grid.shares.push_back(std::clamp((value - static_cast<double>(low)) / range, 0.0, 1.0));
      if (options.show_values) grid.texts.push_back(fmt::format("{:.2f}", value));
    }
  }
  grid.column_names = grid.row_names;
  grid.low_text = fmt::format("{:.2f}", low);
  grid.high_text = "1.00";
  grid.bar_name = "similarity";
  if (options.n_clusters) {
    grid.row_breaks =
        breaks_of(layout, groups_of_number(linkage, layout, idx(*options.n_clusters)));
    grid.column_breaks = grid.row_breaks;
  }
  TG_TRY(Canvas canvas, Canvas::begin(figure, detail::grid_size(grid, figure)));
  detail::draw_cells(canvas, grid);
  canvas.note(topics.note());
  return canvas.finish();
}

Result<Scene> contingency_heatmap(const FigureTopics& topics, const ClassCounts& all_classes,
                                  const ContingencyOptions& options, const FigureOptions& figure) {
  const ClassCounts classes = largest_classes(all_classes, idx(options.max_classes));
  TG_EXPECTS(classes.counts.cols() == topics.topics.size());
  TG_TRY(detail::check_ramp(figure));
  const auto [rows, columns] = order_cells(classes);
  std::int64_t largest = 0;
  for (std::size_t i = 0; i < classes.counts.size(); ++i) {
    largest = std::max(largest, classes.counts.data()[i]);
  }
  CellGrid grid;
  for (const std::size_t r : rows) {
    grid.row_names.push_back(clean_line(classes.names[r], idx(figure.max_label_chars)));
    for (const std::size_t c : columns) {
      grid.shares.push_back(share_of_cell(classes, r, c, options.share, largest));
      const std::int64_t count = classes.counts[r, c];
      if (options.show_values) grid.texts.push_back(count > 0 ? grouped(count) : "");
    }
  }
  for (const std::size_t c : columns) grid.column_names.push_back(topics.topics[c].name());
  const bool is_share = options.share != CellShare::none;
  grid.low_text = is_share ? "0 %" : "0";
  grid.high_text = is_share ? "100 %" : grouped(largest);
  grid.bar_name = options.share == CellShare::row      ? "of the class"
                  : options.share == CellShare::column ? "of the topic"
                                                       : "documents";
  TG_TRY(Canvas canvas, Canvas::begin(figure, detail::grid_size(grid, figure)));
  detail::draw_cells(canvas, grid);
  if (classes.names.size() < all_classes.names.size()) {
    canvas.note(fmt::format("the {} largest of {} classes", classes.names.size(),
                            grouped(narrow<std::int64_t>(all_classes.names.size()))));
  }
  canvas.note(topics.note());
  return canvas.finish();
}

}  // namespace topograph

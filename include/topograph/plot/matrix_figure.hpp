#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

struct HeatmapOptions {
  std::optional<int> n_clusters = {};
  bool show_values = false;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_clusters", s.n_clusters, at_least(1),
      "Groups of similar topics that lines part (unset: none).");
    v("show_values", s.show_values, any_value(), "Numbers in the cells.");
  }
};

/// Kind `heatmap`: similarity of every two topics, similar ones side by side.
///
/// @param similarity  (k, k) for the topics in the order of `topics`.
/// @param linkage     Merges of these topics: the order of rows and the groups follow it.
/// @peer              BERTopic 0.17.4 `visualize_heatmap`, whose n_clusters with a subset of topics
///                    shows other topics than those asked for.
[[nodiscard]] Result<Scene> similarity_heatmap(const FigureTopics& topics,
                                               MatrixView<const float> similarity,
                                               const Linkage& linkage,
                                               const HeatmapOptions& options,
                                               const FigureOptions& figure);

enum class CellShare : std::uint8_t { row, column, none };
template <>
struct EnumNames<CellShare> {
  static constexpr std::array<std::string_view, 3> names{"row", "column", "none"};
};

struct ContingencyOptions {
  CellShare share = CellShare::row;
  bool show_values = true;
  int max_classes = 60;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("share", s.share, any_value(),
      "Colour by the share of the class (row), of the topic (column) or by the number (none).");
    v("show_values", s.show_values, any_value(), "Numbers of documents in the cells.");
    v("max_classes", s.max_classes, at_least(1), "Only so many of the largest classes.");
  }
};

/// Documents by known class and topic.
struct ClassCounts {
  std::vector<std::string> names = {};    ///< Of the classes.
  Matrix<std::int64_t> counts = {};       ///< (classes, topics in the order of the figure)
  std::vector<std::int64_t> totals = {};  ///< Per class, topics that are not shown included.
};

/// Kind `contingency`: known classes beside topics, rows and columns ordered so that large cells
/// lie near the diagonal.
[[nodiscard]] Result<Scene> contingency_heatmap(const FigureTopics& topics,
                                                const ClassCounts& classes,
                                                const ContingencyOptions& options,
                                                const FigureOptions& figure);

}  // namespace topograph

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

/// One layout of the same documents.
struct LayoutPanel {
  std::string name = {};
  Matrix<float> layout = {};  ///< (n, 2)
};

/// Kind `reductions`: layouts of the same documents side by side, coloured by topic.
///
/// @param topics_of  (n) topic of each document; topics that are not shown are grey.
/// @param columns    Panels side by side; unset: up to four.
[[nodiscard]] Result<Scene> layout_panels(const FigureTopics& topics,
                                          std::span<const LayoutPanel> panels,
                                          std::span<const std::int32_t> topics_of,
                                          std::optional<int> columns, const FigureOptions& figure);

}  // namespace topograph

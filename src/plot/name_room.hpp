#pragma once

#include <span>
#include <string>
#include <vector>

#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/figure_topics.hpp"

namespace topograph::detail {

/// Width of the widest name at `scale` times the font size, at most `most` font sizes: what the
/// usual size of a figure makes room for, so that names are cut in sizes of the user only.
[[nodiscard]] double name_room(std::span<const std::string> names, const FigureOptions& figure,
                               double scale = 1, double most = 32);
[[nodiscard]] double name_room(const FigureTopics& topics, const FigureOptions& figure,
                               double scale = 1, double most = 32);

}  // namespace topograph::detail

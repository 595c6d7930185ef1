#pragma once

#include <string>

#include "topograph/plot/scene.hpp"

namespace topograph::detail {

/// The scene as SVG 1.1. Written here and not by Cairo, whose SVG turns text into outlines.
[[nodiscard]] std::string write_svg(const Scene& scene);

}  // namespace topograph::detail

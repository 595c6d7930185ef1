#pragma once

#include <string>

#include "topograph/core/error.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph::detail {

[[nodiscard]] Result<std::string> write_png(const Scene& scene, int dpi);
[[nodiscard]] Result<std::string> write_pdf(const Scene& scene);

}  // namespace topograph::detail

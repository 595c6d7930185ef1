#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

enum class FigureFormat : std::uint8_t { svg, png, pdf };
template <>
struct EnumNames<FigureFormat> {
  static constexpr std::array<std::string_view, 3> names{"svg", "png", "pdf"};
};

/// By the extension, in upper or lower case. @error option subject.
[[nodiscard]] Result<FigureFormat> figure_format(const std::filesystem::path& path);

/// Draws a scene. Text stays text in SVG and PDF (it can be searched and copied).
///
/// @param dpi    Pixels per inch of a PNG, also kept inside of it; the others have no pixels.
/// @return       The bytes of the file; they depend on scene, dpi and the installed fonts only.
/// @error        option subject: more pixels than Cairo can hold, or a page larger than PDF allows.
[[nodiscard]] Result<std::string> render(const Scene& scene, FigureFormat format, int dpi);

}  // namespace topograph

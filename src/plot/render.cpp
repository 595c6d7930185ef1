#include "topograph/plot/render.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plot/cairo_writer.hpp"
#include "plot/svg_writer.hpp"

namespace topograph {

Result<FigureFormat> figure_format(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::ranges::transform(extension, extension.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  for (std::size_t i = 0; i < EnumNames<FigureFormat>::names.size(); ++i) {
    if (extension == "." + std::string(EnumNames<FigureFormat>::names[i])) {
      return static_cast<FigureFormat>(i);
    }
  }
  return option_error(
      "--output", fmt::format("expected a file name that ends in .svg, .png or .pdf, found '{}'",
                              path.filename().string()));
}

Result<std::string> render(const Scene& scene, FigureFormat format, int dpi) {
  switch (format) {
    case FigureFormat::svg: return detail::write_svg(scene);
    case FigureFormat::png: return detail::write_png(scene, dpi);
    case FigureFormat::pdf: break;
  }
  return detail::write_pdf(scene);
}

}  // namespace topograph

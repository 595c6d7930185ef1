#include "plot/cairo_writer.hpp"

#include <cairo-pdf.h>
#include <cairo.h>
#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <cmath>
#include <memory>
#include <numbers>

#include "plot/dot_batches.hpp"
#include "plot/pango_text.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

struct CairoFree {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* cairo) const { cairo_destroy(cairo); }
};
using SurfacePtr = std::unique_ptr<cairo_surface_t, CairoFree>;
using CairoPtr = std::unique_ptr<cairo_t, CairoFree>;

void set_color(cairo_t* cairo, Color color) {
  cairo_set_source_rgba(cairo, color.red / 255.0, color.green / 255.0, color.blue / 255.0,
                        color.alpha);
}

/// Draws the marks of a scene; `has_pixels` chooses the faster way to draw dots.
struct CairoMarks {
  cairo_t* cairo;
  PangoText& text;
  bool has_pixels;

  void operator()(const PathMark& mark) const {
    cairo_new_path(cairo);
    for (const PathStep& step : mark.steps) {
      switch (step.kind) {
        case PathStep::Kind::move: cairo_move_to(cairo, step.to.x, step.to.y); break;
        case PathStep::Kind::line: cairo_line_to(cairo, step.to.x, step.to.y); break;
        case PathStep::Kind::curve:
          cairo_curve_to(cairo, step.control1.x, step.control1.y, step.control2.x, step.control2.y,
                         step.to.x, step.to.y);
          break;
        case PathStep::Kind::close: cairo_close_path(cairo); break;
      }
    }
    if (mark.fill) {
      set_color(cairo, *mark.fill);
      cairo_fill_preserve(cairo);
    }
    if (mark.stroke) {
      set_color(cairo, *mark.stroke);
      cairo_set_line_width(cairo, mark.stroke_width);
      cairo_set_dash(cairo, mark.dashes.data(), narrow<int>(mark.dashes.size()), 0);
      cairo_stroke_preserve(cairo);
    }
    cairo_new_path(cairo);
  }

  void operator()(const DotsMark& mark) const {
    if (has_pixels) {
      for (std::size_t i = 0; i < mark.centers.size(); ++i) {
        set_color(cairo, mark.colors[mark.color_ids[i]]);
        cairo_arc(cairo, mark.centers[i].x, mark.centers[i].y, mark.radius, 0,
                  2 * std::numbers::pi);
        cairo_fill(cairo);
      }
      return;
    }
    cairo_set_line_width(cairo, 2 * mark.radius);
    cairo_set_dash(cairo, nullptr, 0, 0);
    for (const DotBatch& batch : dot_batches(mark)) {
      set_color(cairo, mark.colors[batch.color_id]);
      for (const Point p : batch.centers) {
        cairo_move_to(cairo, p.x, p.y);
        cairo_close_path(cairo);
      }
      cairo_stroke(cairo);
    }
  }

  void operator()(const TextMark& mark) const {
    cairo_save(cairo);
    cairo_translate(cairo, mark.left.x, mark.left.y);
    cairo_rotate(cairo, mark.angle * std::numbers::pi / 180);
    // Cairo makes a font for this scale from the one that Pango laid out with; a layout that was
    // told of the scale would be searched for in all fonts again.
    const double scale = mark.style.size / PangoText::kSize;
    cairo_scale(cairo, scale, scale);
    PangoLayout* layout = text.line(mark.text, mark.style);
    PangoLayoutLine* line = pango_layout_get_line_readonly(layout, 0);
    if (mark.halo) {
      cairo_move_to(cairo, 0, 0);
      pango_cairo_layout_line_path(cairo, line);
      set_color(cairo, *mark.halo);
      cairo_set_line_width(cairo, PangoText::kSize * 0.28);
      cairo_set_dash(cairo, nullptr, 0, 0);
      cairo_stroke(cairo);
    }
    cairo_move_to(cairo, 0, 0);
    set_color(cairo, mark.color);
    pango_cairo_show_layout_line(cairo, line);
    cairo_restore(cairo);
  }
};

void draw(const Scene& scene, cairo_t* cairo, bool has_pixels) {
  set_color(cairo, scene.background);
  cairo_paint(cairo);
  cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
  cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_EVEN_ODD);
  PangoText text(scene.font);
  const CairoMarks marks{cairo, text, has_pixels};
  for (const Mark& mark : scene.marks) std::visit(marks, mark);
}

cairo_status_t append(void* bytes, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

std::unexpected<Error> cairo_failure(cairo_status_t status) {
  return std::unexpected(Error{.code = ErrorCode::internal,
                               .message = fmt::format("Cairo could not draw the figure: {}",
                                                      cairo_status_to_string(status))});
}

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<unsigned char>(value >> static_cast<unsigned>(shift)));
  }
  return bytes;
}

/// Puts a pHYs chunk after the header chunk, so that programs know the size in inches.
void add_resolution(std::string& png, int dpi) {
  constexpr std::size_t after_header = 8 + 4 + 4 + 13 + 4;
  const auto per_meter = static_cast<std::uint32_t>(std::lround(dpi / 0.0254));
  const std::string body = "pHYs" + big_endian(per_meter) + big_endian(per_meter) + '\1';
  const auto checksum = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), narrow<uInt>(body.size())));
  png.insert(after_header, big_endian(9) + body + big_endian(checksum));
}

}  // namespace

Result<std::string> write_png(const Scene& scene, int dpi) {
  const double scale = dpi / 72.0;
  const double width = std::ceil(scene.width * scale - 1e-6);
  const double height = std::ceil(scene.height * scale - 1e-6);
  constexpr double max_side = 32767;
  constexpr double max_pixels = 4e8;
  if (width > max_side || height > max_side || width * height > max_pixels) {
    return option_error(
        "figure.dpi",
        fmt::format("{:.0f} x {:.0f} pixels are too many for one picture", width, height),
        "choose a lower dpi, a smaller size, or .svg or .pdf");
  }
  const SurfacePtr surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(width),
                                                      static_cast<int>(height)));
  const CairoPtr cairo(cairo_create(surface.get()));
  cairo_scale(cairo.get(), scale, scale);
  draw(scene, cairo.get(), true);
  if (const auto status = cairo_status(cairo.get())) return cairo_failure(status);
  std::string bytes;
  if (const auto status = cairo_surface_write_to_png_stream(surface.get(), append, &bytes)) {
    return cairo_failure(status);
  }
  add_resolution(bytes, dpi);
  return bytes;
}

Result<std::string> write_pdf(const Scene& scene) {
  constexpr double max_side = 14400;  // of PDF
  if (scene.width > max_side || scene.height > max_side) {
    return option_error("figure.size",
                        fmt::format("a PDF page is at most 200 inches wide and high, this figure "
                                    "has {:.0f} x {:.0f}",
                                    scene.width / 72, scene.height / 72),
                        "choose a smaller size, or .svg");
  }
  std::string bytes;
  {
    const SurfacePtr surface(
        cairo_pdf_surface_create_for_stream(append, &bytes, scene.width, scene.height));
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, scene.title.c_str());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "topograph");
    // The time of day would make two runs differ.
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE,
                                   "2000-01-01T00:00:00Z");
    const CairoPtr cairo(cairo_create(surface.get()));
    draw(scene, cairo.get(), false);
    cairo_surface_finish(surface.get());
    if (const auto status = cairo_status(cairo.get())) return cairo_failure(status);
  }
  return bytes;
}

}  // namespace topograph::detail

#include "plot/svg_writer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "plot/dot_batches.hpp"

namespace topograph::detail {
namespace {

/// Hundredths of a point are finer than any printer; no exponent, no trailing zero.
std::string number(double value) {
  if (!std::isfinite(value)) return "0";
  const long hundredths = std::lround(value * 100);
  if (hundredths % 100 == 0) return std::to_string(hundredths / 100);
  std::string text = fmt::format("{:.2f}", static_cast<double>(hundredths) / 100);
  while (text.back() == '0') text.pop_back();
  return text;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default:
        // XML 1.0 has no way to write other control characters.
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n') out += c;
    }
  }
  return out;
}

std::string paint(std::string_view property, Color color) {
  std::string text = fmt::format(" {}=\"{}\"", property, hex_text(color));
  if (color.alpha < 1) text += fmt::format(" {}-opacity=\"{:.3g}\"", property, color.alpha);
  return text;
}

std::string path_data(const std::vector<PathStep>& steps) {
  std::string data;
  const auto at = [](Point p) { return number(p.x) + " " + number(p.y); };
  for (const PathStep& step : steps) {
    switch (step.kind) {
      case PathStep::Kind::move: data += "M" + at(step.to); break;
      case PathStep::Kind::line: data += "L" + at(step.to); break;
      case PathStep::Kind::curve:
        data += "C" + at(step.control1) + " " + at(step.control2) + " " + at(step.to);
        break;
      case PathStep::Kind::close: data += "Z"; break;
    }
  }
  return data;
}

struct SvgMarks {
  std::string& out;

  void operator()(const PathMark& mark) const {
    out += fmt::format("<path d=\"{}\"", path_data(mark.steps));
    out += mark.fill ? paint("fill", *mark.fill) + " fill-rule=\"evenodd\""
                     : std::string(" fill=\"none\"");
    if (mark.stroke) {
      out += paint("stroke", *mark.stroke);
      out += fmt::format(" stroke-width=\"{}\"", number(mark.stroke_width));
      if (!mark.dashes.empty()) {
        std::string list;
        for (const double dash : mark.dashes) list += (list.empty() ? "" : " ") + number(dash);
        out += fmt::format(" stroke-dasharray=\"{}\"", list);
      }
    }
    out += "/>\n";
  }

  void operator()(const DotsMark& mark) const {
    out += fmt::format("<g fill=\"none\" stroke-width=\"{}\">\n", number(2 * mark.radius));
    for (const DotBatch& batch : dot_batches(mark)) {
      out += "<path" + paint("stroke", mark.colors[batch.color_id]) + " d=\"";
      // A line of length zero with round caps is a disc.
      for (const Point p : batch.centers) out += "M" + number(p.x) + " " + number(p.y) + "h0";
      out += "\"/>\n";
    }
    out += "</g>\n";
  }

  void operator()(const TextMark& mark) const {
    // In a line from right to left the left end is its end.
    const std::string_view direction =
        mark.is_right_to_left ? " direction=\"rtl\" text-anchor=\"end\"" : "";
    out += fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\"{}", number(mark.left.x),
                       number(mark.left.y), number(mark.style.size), direction);
    if (mark.style.is_bold) out += " font-weight=\"bold\"";
    if (mark.style.is_italic) out += " font-style=\"italic\"";
    out += paint("fill", mark.color);
    if (mark.halo) {
      out += paint("stroke", *mark.halo);
      out += fmt::format(" stroke-width=\"{}\" paint-order=\"stroke\"",
                         number(mark.style.size * 0.28));
    }
    if (mark.angle != 0) {
      out += fmt::format(" transform=\"rotate({} {} {})\"", number(mark.angle), number(mark.left.x),
                         number(mark.left.y));
    }
    // Whatever font the viewer has, the line keeps to the place that was made for it.
    if (mark.width > 0) {
      out +=
          fmt::format(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", number(mark.width));
    }
    out += ">" + escaped(mark.text) + "</text>\n";
  }
};

}  // namespace

std::string write_svg(const Scene& scene) {
  const std::string width = number(scene.width);
  const std::string height = number(scene.height);
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}pt\" height=\"{1}pt\" "
      "viewBox=\"0 0 {0} {1}\" font-family=\"'{2}', 'Noto Sans', 'DejaVu Sans', sans-serif\" "
      "stroke-linecap=\"round\" stroke-linejoin=\"round\">\n<title>{3}</title>\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"{4}\"/>\n",
      width, height, escaped(scene.font), escaped(scene.title), hex_text(scene.background));
  for (const Mark& mark : scene.marks) std::visit(SvgMarks{out}, mark);
  return out + "</svg>\n";
}

}  // namespace topograph::detail

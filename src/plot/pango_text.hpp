#pragma once

#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <string_view>

#include "topograph/plot/scene.hpp"

namespace topograph::detail {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using GObjectPtr = std::unique_ptr<T, Unref>;

/// A Pango context whose glyphs sit where arithmetic puts them: no hinting, no rounding, so that
/// every surface shows the same line breaks and widths. Text is laid out at one size only and
/// scaled by whoever draws it: Pango searches all fonts again for every new size.
class PangoText {
 public:
  explicit PangoText(const std::string& font);

  /// Size of all layouts in points.
  static constexpr double kSize = 31.7;

  /// One line, ready to be measured or drawn; valid until the next call. `style.size` is not read.
  [[nodiscard]] PangoLayout* line(std::string_view text, const TextStyle& style);
  /// The same for text that may break at `width`, measured at kSize.
  [[nodiscard]] PangoLayout* paragraph(std::string_view text, const TextStyle& style, double width);

 private:
  void set(std::string_view text, const TextStyle& style);
  GObjectPtr<PangoFontMap> fonts_;
  GObjectPtr<PangoContext> context_;
  GObjectPtr<PangoLayout> layout_;
  std::string family_;
};

[[nodiscard]] inline double points(int pango_units) {
  return static_cast<double>(pango_units) / PANGO_SCALE;
}

}  // namespace topograph::detail

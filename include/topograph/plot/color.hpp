#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "topograph/core/error.hpp"

namespace topograph {

/// A colour of the sRGB space; alpha in [0, 1].
struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  double alpha = 1;

  [[nodiscard]] Color with_alpha(double value) const { return {red, green, blue, value}; }
  [[nodiscard]] bool operator==(const Color&) const = default;
};

/// A colour in OKLab, where distances are about what eyes see: lightness 0..1, green-red,
/// blue-yellow.
/// @source Ottosson 2020, "A perceptual color space for image processing".
struct Oklab {
  double lightness = 0;
  double a = 0;
  double b = 0;
};

[[nodiscard]] Oklab to_oklab(Color color);
/// The nearest sRGB colour: chroma shrinks until the colour exists; lightness and hue stay.
[[nodiscard]] Color from_oklab(Oklab color);
/// Lightness 0..1, chroma 0..0.37, hue in degrees.
[[nodiscard]] Color from_oklch(double lightness, double chroma, double hue);

/// Euclidean distance in OKLab; 0.02 is just seen, 1 is black to white.
[[nodiscard]] double color_distance(Color x, Color y);
/// A point on the straight line from x (share 0) to y (share 1) in OKLab.
[[nodiscard]] Color mix(Color x, Color y, double share);
/// The same hue at another lightness, for text on a background.
[[nodiscard]] Color with_lightness(Color color, double lightness);

/// WCAG 2 contrast ratio, 1 to 21.
[[nodiscard]] double contrast_ratio(Color x, Color y);

enum class ColorVision : std::uint8_t { usual, protanopia, deuteranopia, tritanopia };
/// What an eye of that kind sees. @source Machado, Oliveira & Fernandes 2009, severity 1.
[[nodiscard]] Color simulate(Color color, ColorVision vision);

/// "#rrggbb".
[[nodiscard]] std::string hex_text(Color color);
/// Reads "#rgb" or "#rrggbb". @error option subject.
[[nodiscard]] Result<Color> parse_color(std::string_view text);

}  // namespace topograph

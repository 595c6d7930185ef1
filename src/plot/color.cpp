#include "topograph/plot/color.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

namespace topograph {
namespace {

using Linear = std::array<double, 3>;

double to_linear(double value) {
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double from_linear(double value) {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * std::pow(value, 1 / 2.4) - 0.055;
}

Linear linear_of(Color color) {
  return {to_linear(color.red / 255.0), to_linear(color.green / 255.0),
          to_linear(color.blue / 255.0)};
}

Color color_of(const Linear& linear, double alpha = 1) {
  const auto byte = [](double value) {
    return static_cast<std::uint8_t>(
        std::lround(std::clamp(from_linear(std::max(value, 0.0)), 0.0, 1.0) * 255));
  };
  return {byte(linear[0]), byte(linear[1]), byte(linear[2]), alpha};
}

Linear oklab_to_linear(Oklab c) {
  const double l = std::pow(c.lightness + 0.3963377774 * c.a + 0.2158037573 * c.b, 3);
  const double m = std::pow(c.lightness - 0.1055613458 * c.a - 0.0638541728 * c.b, 3);
  const double s = std::pow(c.lightness - 0.0894841775 * c.a - 1.2914855480 * c.b, 3);
  return {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
          -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
          -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
}

bool is_inside(const Linear& linear) {
  constexpr double slack = 1e-4;
  return std::ranges::all_of(linear, [](double v) { return v >= -slack && v <= 1 + slack; });
}

double luminance(Color color) {
  const Linear v = linear_of(color);
  return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
}

}  // namespace

Oklab to_oklab(Color color) {
  const Linear v = linear_of(color);
  const double l = std::cbrt(0.4122214708 * v[0] + 0.5363325363 * v[1] + 0.0514459929 * v[2]);
  const double m = std::cbrt(0.2119034982 * v[0] + 0.6806995451 * v[1] + 0.1073969566 * v[2]);
  const double s = std::cbrt(0.0883024619 * v[0] + 0.2817188376 * v[1] + 0.6299787005 * v[2]);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Color from_oklab(Oklab color) {
  color.lightness = std::clamp(color.lightness, 0.0, 1.0);
  if (const Linear linear = oklab_to_linear(color); is_inside(linear)) return color_of(linear);
  double low = 0;
  double high = 1;
  for (int step = 0; step < 24; ++step) {
    const double middle = (low + high) / 2;
    const bool fits =
        is_inside(oklab_to_linear({color.lightness, color.a * middle, color.b * middle}));
    (fits ? low : high) = middle;
  }
  return color_of(oklab_to_linear({color.lightness, color.a * low, color.b * low}));
}

Color from_oklch(double lightness, double chroma, double hue) {
  const double angle = hue * std::numbers::pi / 180;
  return from_oklab({lightness, chroma * std::cos(angle), chroma * std::sin(angle)});
}

double color_distance(Color x, Color y) {
  const Oklab p = to_oklab(x);
  const Oklab q = to_oklab(y);
  return std::sqrt(std::pow(p.lightness - q.lightness, 2) + std::pow(p.a - q.a, 2) +
                   std::pow(p.b - q.b, 2));
}

Color mix(Color x, Color y, double share) {
  const Oklab p = to_oklab(x);
  const Oklab q = to_oklab(y);
  const auto between = [share](double from, double to) { return from + share * (to - from); };
  return from_oklab({between(p.lightness, q.lightness), between(p.a, q.a), between(p.b, q.b)})
      .with_alpha(between(x.alpha, y.alpha));
}

Color with_lightness(Color color, double lightness) {
  const Oklab lab = to_oklab(color);
  return from_oklab({lightness, lab.a, lab.b}).with_alpha(color.alpha);
}

double contrast_ratio(Color x, Color y) {
  const double p = luminance(x) + 0.05;
  const double q = luminance(y) + 0.05;
  return std::max(p, q) / std::min(p, q);
}

Color simulate(Color color, ColorVision vision) {
  using Rows = std::array<Linear, 3>;
  static constexpr Rows protan{{{0.152286, 1.052583, -0.204868},
                                {0.114503, 0.786281, 0.099216},
                                {-0.003882, -0.048116, 1.051998}}};
  static constexpr Rows deutan{{{0.367322, 0.860646, -0.227968},
                                {0.280085, 0.672501, 0.047413},
                                {-0.011820, 0.042940, 0.968881}}};
  static constexpr Rows tritan{{{1.255528, -0.076749, -0.178779},
                                {-0.078411, 0.930809, 0.147602},
                                {0.004733, 0.691367, 0.303900}}};
  if (vision == ColorVision::usual) return color;
  const Rows& rows = vision == ColorVision::protanopia     ? protan
                     : vision == ColorVision::deuteranopia ? deutan
                                                           : tritan;
  const Linear v = linear_of(color);
  Linear out{};
  for (std::size_t i = 0; i < 3; ++i) {
    out[i] = rows[i][0] * v[0] + rows[i][1] * v[1] + rows[i][2] * v[2];
  }
  return color_of(out, color.alpha);
}

std::string hex_text(Color color) {
  return fmt::format("#{:02x}{:02x}{:02x}", color.red, color.green, color.blue);
}

Result<Color> parse_color(std::string_view text) {
  std::string digits(text.starts_with('#') ? text.substr(1) : std::string_view());
  if (digits.size() == 3) {
    digits = {digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]};
  }
  unsigned value = 0;
  const auto [rest, code] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 6 || code != std::errc{} || rest != digits.data() + 6) {
    return option_error("palette", fmt::format("expected a colour like #0072b2, found '{}'", text));
  }
  return Color{static_cast<std::uint8_t>(value >> 16U),
               static_cast<std::uint8_t>((value >> 8U) & 255U),
               static_cast<std::uint8_t>(value & 255U)};
}

}  // namespace topograph

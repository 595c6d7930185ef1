#include "topograph/plot/palette.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace topograph {
namespace {

struct NamedColors {
  std::string_view name;
  bool is_list;
  std::vector<std::uint32_t> colors;
};

/// Okabe & Ito 2008 and Tol 2021 are made for eyes of every kind; cividis: Nunez et al. 2018.
const std::vector<NamedColors>& named_colors() {
  static const std::vector<NamedColors> all = {
      {"okabe_ito",
       true,
       {0x0072B2, 0xE69F00, 0x009E73, 0xD55E00, 0x56B4E9, 0xCC79A7, 0xF0E442, 0x5B5B5B}},
      {"tol_bright", true, {0x4477AA, 0xEE6677, 0x228833, 0xCCBB44, 0x66CCEE, 0xAA3377, 0x888888}},
      {"tol_muted",
       true,
       {0xCC6677, 0x332288, 0xDDCC77, 0x117733, 0x88CCEE, 0x882255, 0x44AA99, 0x999933, 0xAA4499}},
      {"viridis",
       false,
       {0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725}},
      {"cividis",
       false,
       {0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55,
        0xFEE838}},
      {"blues",
       false,
       {0xF7FBFF, 0xDEEBF7, 0xC6DBEF, 0x9ECAE1, 0x6BAED6, 0x4292C6, 0x2171B5, 0x08519C, 0x08306B}},
      {"greys", false, {0xFFFFFF, 0xD9D9D9, 0xBDBDBD, 0x969696, 0x737373, 0x525252, 0x1A1A1A}},
  };
  return all;
}

Color of_number(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 16U), static_cast<std::uint8_t>((value >> 8U) & 255U),
          static_cast<std::uint8_t>(value & 255U)};
}

std::vector<Color> colors_of(std::string_view name) {
  std::vector<Color> colors;
  for (const NamedColors& named : named_colors()) {
    if (named.name != name) continue;
    for (const std::uint32_t value : named.colors) colors.push_back(of_number(value));
  }
  return colors;
}

Result<std::vector<Color>> own_colors(std::string_view text) {
  std::vector<Color> colors;
  while (!text.empty()) {
    const auto comma = std::min(text.find(','), text.size());
    std::string_view item = text.substr(0, comma);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    TG_TRY(const Color color, parse_color(item));
    colors.push_back(color);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return colors;
}

}  // namespace

ThemeColors theme_colors(FigureTheme theme) {
  if (theme == FigureTheme::dark) {
    return {.background = of_number(0x14171C),
            .ink = of_number(0xF1F3F5),
            .muted = of_number(0xA6ADB7),
            .grid = of_number(0x30363F),
            .outlier = of_number(0x5A616B)};
  }
  return {.background = of_number(0xFFFFFF),
          .ink = of_number(0x1B1D20),
          .muted = of_number(0x5F656E),
          .grid = of_number(0xE4E6EA),
          .outlier = of_number(0xBFC3C9)};
}

Result<Palette> Palette::parse(const FigureOptions& options) {
  Palette palette;
  const bool is_dark = options.theme == FigureTheme::dark;
  palette.list_ = colors_of("okabe_ito");
  palette.ramp_ = is_dark ? colors_of("cividis") : colors_of("blues");
  palette.is_auto_ = options.palette == "auto";
  if (palette.is_auto_) return palette;
  for (const NamedColors& named : named_colors()) {
    if (named.name != options.palette) continue;
    palette.is_list_ = named.is_list;
    palette.has_ramp_ = !named.is_list;
    (named.is_list ? palette.list_ : palette.ramp_) = colors_of(named.name);
    return palette;
  }
  if (!options.palette.starts_with('#')) {
    std::string names = "auto";
    for (const NamedColors& named : named_colors()) names += fmt::format(", {}", named.name);
    return option_error("figure.palette",
                        fmt::format("expected one of {} or colours like #0072b2,#e69f00, found "
                                    "'{}'",
                                    names, options.palette));
  }
  TG_TRY(palette.list_, own_colors(options.palette));
  // Amounts go from the background to a colour, or through the colours that were given.
  palette.ramp_ = palette.list_;
  if (palette.ramp_.size() == 1) {
    palette.ramp_.insert(palette.ramp_.begin(), theme_colors(options.theme).background);
  }
  return palette;
}

Color Palette::category(std::size_t i, std::size_t n) const {
  if (!is_list_) {
    // The ends of a ramp are too near to white and black.
    const double share = n < 2 ? 0.5 : static_cast<double>(i) / static_cast<double>(n - 1);
    return amount(0.12 + 0.76 * share);
  }
  const Color color = list_[i % list_.size()];
  const std::size_t round = i / list_.size();
  if (round == 0) return color;
  const Oklab lab = to_oklab(color);
  const double shift = (round % 2 == 1 ? -0.12 : 0.1) * (1 + 0.3 * static_cast<double>(round / 2));
  return with_lightness(color, std::clamp(lab.lightness + shift, 0.25, 0.88));
}

Color Palette::amount(double share) const {
  const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(ramp_.size() - 1);
  const auto low = std::min(static_cast<std::size_t>(at), ramp_.size() - 2);
  return mix(ramp_[low], ramp_[low + 1], at - static_cast<double>(low));
}

namespace {

/// Hues that keep the order of the directions but spread out where these crowd.
std::vector<double> spread_hues(const std::vector<double>& sorted) {
  constexpr double evenness = 0.65;
  const auto n = static_cast<double>(sorted.size());
  double shift = 0;
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    shift += (sorted[k] - 360 * static_cast<double>(k) / n) / n;
  }
  std::vector<double> hues;
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    const double even = shift + 360 * static_cast<double>(k) / n;
    hues.push_back(sorted[k] + evenness * (even - sorted[k]));
  }
  return hues;
}

}  // namespace

std::vector<Color> colors_by_position(std::span<const Point> positions, FigureTheme theme) {
  const std::size_t n = positions.size();
  Point middle;
  for (const Point p : positions) {
    middle.x += p.x / static_cast<double>(n);
    middle.y += p.y / static_cast<double>(n);
  }
  std::vector<double> hues(n);
  std::vector<double> radii(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double dx = positions[i].x - middle.x;
    const double dy = positions[i].y - middle.y;
    hues[i] = std::fmod(std::atan2(dy, dx) * 180 / std::numbers::pi + 360, 360.0);
    radii[i] = std::hypot(dx, dy);
  }
  std::vector<std::size_t> by_hue(n);
  std::iota(by_hue.begin(), by_hue.end(), std::size_t{0});
  std::ranges::stable_sort(by_hue, {}, [&](std::size_t i) { return hues[i]; });
  // Against the median radius: one far topic must not pale the others.
  std::vector<double> sorted = radii;
  std::ranges::sort(sorted);
  const double usual_radius = n == 0 ? 1 : std::max(sorted[n / 2], 1e-300);
  const double middle_lightness = theme == FigureTheme::dark ? 0.72 : 0.63;
  std::vector<double> spread;
  for (const std::size_t i : by_hue) spread.push_back(hues[i]);
  spread = spread_hues(spread);
  std::vector<Color> colors(n);
  for (std::size_t k = 0; k < n; ++k) {
    const std::size_t i = by_hue[k];
    const double toward_green = std::cos((spread[k] - 125) * std::numbers::pi / 180);
    // Light, dark, light, dark; where the circle closes an odd one stands between.
    const double step = k + 1 == n && n % 2 == 1 ? 0 : (k % 2 == 0 ? 0.06 : -0.06);
    const double strength = radii[i] / (radii[i] + usual_radius);
    colors[i] = from_oklch(middle_lightness + 0.085 * toward_green + step, 0.1 + 0.12 * strength,
                           spread[k]);
  }
  return colors;
}

Color readable(Color color, const ThemeColors& theme) {
  const bool is_dark = to_oklab(theme.background).lightness < 0.5;
  double lightness =
      std::clamp(to_oklab(color).lightness, is_dark ? 0.7 : 0.2, is_dark ? 0.95 : 0.52);
  Color text = with_lightness(color, lightness);
  while (contrast_ratio(text, theme.background) < 4.5 && lightness > 0.02 && lightness < 0.99) {
    lightness += is_dark ? 0.02 : -0.02;
    text = with_lightness(color, lightness);
  }
  return text;
}

}  // namespace topograph

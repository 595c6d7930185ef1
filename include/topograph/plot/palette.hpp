#pragma once

#include <span>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/plot/color.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

/// Colours of the parts of a figure that show no data.
struct ThemeColors {
  Color background = {};
  Color ink = {};      ///< Text and axes.
  Color muted = {};    ///< Text of lesser weight.
  Color grid = {};     ///< Lines behind the data.
  Color outlier = {};  ///< Documents without a topic, or not asked for.
};
[[nodiscard]] ThemeColors theme_colors(FigureTheme theme);

/// Colours for categories and for amounts, chosen by `FigureOptions::palette`.
class Palette {
 public:
  /// @error option subject: a name or a colour that does not exist.
  [[nodiscard]] static Result<Palette> parse(const FigureOptions& options);

  /// False for a list of separate colours, which `amount` cannot use.
  [[nodiscard]] bool has_ramp() const { return has_ramp_; }
  [[nodiscard]] bool is_auto() const { return is_auto_; }
  /// Colour of category i of n: a list is gone through, and again a shade lighter or darker; a ramp
  /// is cut into n.
  [[nodiscard]] Color category(std::size_t i, std::size_t n) const;
  /// Colour of an amount, share in [0, 1].
  [[nodiscard]] Color amount(double share) const;

 private:
  std::vector<Color> list_ = {};
  std::vector<Color> ramp_ = {};
  bool is_list_ = true;
  bool has_ramp_ = true;
  bool is_auto_ = false;
};

/// Colours by place on the map: hues in the order of the directions from the middle, spread out
/// where many lie in one direction; stronger further out. Greens and yellows are lighter than reds
/// and blues, and neighbours in direction alternate, so that people who confuse hues still see
/// differences.
///
/// @determinism Depends on the positions only, in any order of magnitude.
/// @peer        datamapplot 0.7.3 `palette_from_datamap`, without its differences of lightness.
[[nodiscard]] std::vector<Color> colors_by_position(std::span<const Point> positions,
                                                    FigureTheme theme);

/// The same hue dark (or light) enough to be read on the theme's background: contrast >= 4.5.
[[nodiscard]] Color readable(Color color, const ThemeColors& theme);

}  // namespace topograph

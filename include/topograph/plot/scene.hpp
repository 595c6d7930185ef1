#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "topograph/plot/color.hpp"

namespace topograph {

/// A figure as plain geometry. Lengths are points (1/72 inch), y grows downwards; marks are painted
/// in order. Whoever draws a scene needs to decide nothing.

struct Point {
  double x = 0;
  double y = 0;
  [[nodiscard]] bool operator==(const Point&) const = default;
};

struct Box {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;

  [[nodiscard]] double width() const { return right - left; }
  [[nodiscard]] double height() const { return bottom - top; }
  [[nodiscard]] Point center() const { return {(left + right) / 2, (top + bottom) / 2}; }
  [[nodiscard]] Box inset(double by) const {
    return {left + by, top + by, right - by, bottom - by};
  }
  [[nodiscard]] bool overlaps(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
  [[nodiscard]] bool contains(const Box& other) const {
    return left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom;
  }
};

struct PathStep {
  enum class Kind : std::uint8_t { move, line, curve, close };
  Kind kind = Kind::move;
  Point to = {};
  Point control1 = {};  ///< Of a cubic curve.
  Point control2 = {};
};

/// Outlines, filled and then stroked. Fill is by the even-odd rule.
struct PathMark {
  std::vector<PathStep> steps = {};
  std::optional<Color> fill = {};
  std::optional<Color> stroke = {};
  double stroke_width = 0.75;
  std::vector<double> dashes = {};
};

/// Filled circles of one radius; dot i has colour `colors[color_ids[i]]`.
struct DotsMark {
  std::vector<Point> centers = {};
  std::vector<std::uint32_t> color_ids = {};
  std::vector<Color> colors = {};
  double radius = 1;
};

enum class TextAnchor : std::uint8_t { left, middle, right };

struct TextStyle {
  double size = 9;
  bool is_bold = false;
  bool is_italic = false;
  [[nodiscard]] bool operator==(const TextStyle&) const = default;
};

/// One line of text in the scene's font.
struct TextMark {
  std::string text = {};
  TextStyle style = {};
  Point left = {};   ///< Left end of the baseline (before turning).
  double width = 0;  ///< As measured.
  Color color = {};
  double angle = 0;                ///< Degrees clockwise around `left`.
  std::optional<Color> halo = {};  ///< Outline that keeps text readable on dots.
  bool is_right_to_left = false;   ///< Direction of its first strong character.
};

using Mark = std::variant<PathMark, DotsMark, TextMark>;

struct Scene {
  double width = 0;
  double height = 0;
  Color background = {255, 255, 255};
  std::string font = {};
  std::string title = {};  ///< Of the document; what is drawn are marks.
  std::vector<Mark> marks = {};
  std::vector<std::string> notes = {};  ///< What the reader of the figure should know.
};

}  // namespace topograph

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/plot/scene.hpp"

namespace topograph {

/// Size of one line: `width` is its advance, heights are of the font, not of the ink.
struct TextExtent {
  double width = 0;
  double ascent = 0;
  double descent = 0;
  bool is_right_to_left = false;
};

/// Coverage of one shaped line as pixels: 0 or 1 byte each, row by row.
struct InkMask {
  std::vector<std::uint8_t> pixels = {};
  std::size_t width = 0;
  std::size_t height = 0;
  double left = 0;      ///< From the left end of the baseline to pixel column 0.
  double baseline = 0;  ///< From pixel row 0 down to the baseline.
};

/// Measures text the way it will be drawn (Pango: shaping, fallback fonts, both directions).
/// Not safe to share between threads.
class TextRuler {
 public:
  explicit TextRuler(const std::string& font);
  TextRuler(TextRuler&&) noexcept;
  TextRuler& operator=(TextRuler&&) noexcept;
  ~TextRuler();

  [[nodiscard]] TextExtent measure(std::string_view line, const TextStyle& style);

  /// Breaks text at places where its script allows, so that lines are at most `width` wide where
  /// that is possible. More than `max_lines`: the last one ends in "…".
  [[nodiscard]] std::vector<std::string> wrap(std::string_view text, const TextStyle& style,
                                              double width, std::size_t max_lines);
  /// The line itself, or its beginning and "…" at most `width` wide.
  [[nodiscard]] std::string shorten(std::string_view line, const TextStyle& style, double width);

  /// One pixel a point, without smoothing.
  [[nodiscard]] InkMask ink(std::string_view line, const TextStyle& style);

  /// Lines measured so far with a character that no installed font has.
  [[nodiscard]] std::int64_t n_without_font() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One line fit for a figure: control characters and runs of blanks become one blank, what is
/// longer than `max_chars` characters is cut before a character that stands by itself, with "…".
[[nodiscard]] std::string clean_line(std::string_view text, std::size_t max_chars = 200);

}  // namespace topograph

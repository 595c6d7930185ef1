#include "topograph/plot/text_ruler.hpp"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cmath>

#include "plot/pango_text.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

using detail::PangoText;
using detail::points;

namespace {

constexpr std::string_view kEllipsis = "…";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

/// The beginning of a line without a word that is cut in two, where that costs less than a third.
std::string_view whole_words(std::string_view beginning, std::string_view line) {
  std::string_view kept = beginning;
  const bool is_cut = beginning.size() < line.size() && line[beginning.size()] != ' ';
  if (is_cut) kept = trimmed(kept.substr(0, std::min(kept.rfind(' '), kept.size())));
  while (!kept.empty() && std::string_view(",;:-").find(kept.back()) != std::string_view::npos) {
    kept.remove_suffix(1);
  }
  return 3 * kept.size() >= 2 * beginning.size() ? kept : beginning;
}

bool is_right_to_left(std::string_view text) {
  const auto size = narrow<std::int64_t>(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  for (std::int64_t at = 0; at < size;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(bytes, at, size, c);
    const UCharDirection direction = u_charDirection(c);
    if (direction == U_LEFT_TO_RIGHT) return false;
    if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC) return true;
  }
  return false;
}

/// Byte offsets at which a cursor may stand: no mark is parted from its base there.
std::vector<std::size_t> cursor_offsets(PangoLayout* layout, std::string_view text) {
  int n_attributes = 0;
  const PangoLogAttr* attributes = pango_layout_get_log_attrs_readonly(layout, &n_attributes);
  std::vector<std::size_t> offsets;
  std::size_t character = 0;
  for (std::size_t at = 0; at <= text.size(); ++character) {
    if (std::cmp_less(character, n_attributes) && attributes[character].is_cursor_position != 0) {
      offsets.push_back(at);
    }
    if (at == text.size()) break;
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
  }
  return offsets;
}

}  // namespace

struct TextRuler::Impl {
  explicit Impl(const std::string& font) : pango(font) {}
  PangoText pango;
  std::int64_t n_without_font = 0;
};

TextRuler::TextRuler(const std::string& font) : impl_(std::make_unique<Impl>(font)) {}
TextRuler::TextRuler(TextRuler&&) noexcept = default;
TextRuler& TextRuler::operator=(TextRuler&&) noexcept = default;
TextRuler::~TextRuler() = default;

TextExtent TextRuler::measure(std::string_view line, const TextStyle& style) {
  PangoLayout* layout = impl_->pango.line(line, style);
  PangoRectangle logical{};
  pango_layout_get_extents(layout, nullptr, &logical);
  if (pango_layout_get_unknown_glyphs_count(layout) > 0) ++impl_->n_without_font;
  const double scale = style.size / PangoText::kSize;
  const double baseline = points(pango_layout_get_baseline(layout));
  return {.width = scale * points(logical.width),
          .ascent = scale * (baseline - points(logical.y)),
          .descent = scale * (points(logical.y + logical.height) - baseline),
          .is_right_to_left = is_right_to_left(line)};
}

std::vector<std::string> TextRuler::wrap(std::string_view text, const TextStyle& style,
                                         double width, std::size_t max_lines) {
  std::vector<std::string> lines;
  PangoLayout* layout = impl_->pango.paragraph(text, style, width * PangoText::kSize / style.size);
  for (const GSList* item = pango_layout_get_lines_readonly(layout); item != nullptr;
       item = item->next) {
    const auto* line = static_cast<const PangoLayoutLine*>(item->data);
    const std::string_view whole = text.substr(idx(line->start_index));
    if (lines.size() + 1 == max_lines && item->next != nullptr) {
      const std::string rest(trimmed(whole));
      lines.push_back(shorten(rest, style, width));
      return lines;
    }
    lines.emplace_back(trimmed(whole.substr(0, idx(line->length))));
  }
  return lines;
}

std::string TextRuler::shorten(std::string_view line, const TextStyle& style, double width) {
  if (measure(line, style).width <= width) return std::string(line);
  const auto offsets = cursor_offsets(impl_->pango.line(line, style), line);
  std::string_view best;
  std::size_t low = 0;
  std::size_t high = offsets.size();
  while (low < high) {  // the widest beginning that fits; widths grow with length
    const std::size_t middle = (low + high) / 2;
    const std::string_view beginning = trimmed(line.substr(0, offsets[middle]));
    if (measure(std::string(beginning) + std::string(kEllipsis), style).width <= width) {
      best = beginning;
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::string(whole_words(best, line)) + std::string(kEllipsis);
}

InkMask TextRuler::ink(std::string_view line, const TextStyle& style) {
  PangoLayout* layout = impl_->pango.line(line, style);
  PangoRectangle inked{};
  pango_layout_get_extents(layout, &inked, nullptr);
  const double scale = style.size / PangoText::kSize;
  InkMask mask;
  mask.left = std::floor(scale * points(inked.x));
  const double top = std::floor(scale * points(inked.y));
  const double right = std::ceil(scale * points(inked.x + inked.width));
  const double bottom = std::ceil(scale * points(inked.y + inked.height));
  mask.width = static_cast<std::size_t>(right - mask.left);
  mask.height = static_cast<std::size_t>(bottom - top);
  mask.baseline = scale * points(pango_layout_get_baseline(layout)) - top;
  if (mask.width == 0 || mask.height == 0) return mask;
  cairo_surface_t* surface = cairo_image_surface_create(
      CAIRO_FORMAT_ARGB32, narrow<int>(mask.width), narrow<int>(mask.height));
  cairo_t* cairo = cairo_create(surface);
  cairo_translate(cairo, -mask.left, -top);
  cairo_scale(cairo, scale, scale);
  pango_cairo_show_layout(cairo, layout);
  cairo_destroy(cairo);
  cairo_surface_flush(surface);
  const unsigned char* bytes = cairo_image_surface_get_data(surface);
  const auto stride = idx(cairo_image_surface_get_stride(surface));
  mask.pixels.resize(mask.width * mask.height);
  constexpr unsigned char visible = 24;  // of 255
  for (std::size_t y = 0; bytes != nullptr && y < mask.height; ++y) {
    for (std::size_t x = 0; x < mask.width; ++x) {
      mask.pixels[y * mask.width + x] = bytes[y * stride + x * 4 + 3] > visible ? 1 : 0;
    }
  }
  cairo_surface_destroy(surface);
  return mask;
}

std::int64_t TextRuler::n_without_font() const { return impl_->n_without_font; }

}  // namespace topograph

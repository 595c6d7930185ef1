#include "plot/pango_text.hpp"

namespace topograph::detail {

PangoText::PangoText(const std::string& font)
    : fonts_(pango_cairo_font_map_new()),
      context_(pango_font_map_create_context(fonts_.get())),
      layout_(nullptr),
      // What a figure must show no font may lack; the families after the first fill its gaps.
      family_(font + ",Noto Sans,DejaVu Sans,sans-serif") {
  pango_cairo_context_set_resolution(context_.get(), 72);
  pango_context_set_round_glyph_positions(context_.get(), FALSE);
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context_.get(), options);
  cairo_font_options_destroy(options);
  // The language of the user's locale would choose other glyphs on other machines.
  pango_context_set_language(context_.get(), pango_language_from_string("en"));
  layout_.reset(pango_layout_new(context_.get()));
}

void PangoText::set(std::string_view text, const TextStyle& style) {
  PangoFontDescription* description = pango_font_description_new();
  pango_font_description_set_family(description, family_.c_str());
  pango_font_description_set_absolute_size(description, kSize * PANGO_SCALE);
  pango_font_description_set_weight(description,
                                    style.is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_style(description,
                                   style.is_italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
  pango_layout_set_font_description(layout_.get(), description);
  pango_font_description_free(description);
  pango_layout_set_text(layout_.get(), text.data(), static_cast<int>(text.size()));
}

PangoLayout* PangoText::line(std::string_view text, const TextStyle& style) {
  pango_layout_set_width(layout_.get(), -1);
  pango_layout_set_single_paragraph_mode(layout_.get(), TRUE);
  set(text, style);
  return layout_.get();
}

PangoLayout* PangoText::paragraph(std::string_view text, const TextStyle& style, double width) {
  pango_layout_set_width(layout_.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout_.get(), PANGO_WRAP_WORD_CHAR);
  pango_layout_set_single_paragraph_mode(layout_.get(), TRUE);
  set(text, style);
  return layout_.get();
}

}  // namespace topograph::detail

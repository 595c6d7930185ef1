#include "report/escape.hpp"

#include <cstddef>

#include <fmt/format.h>

namespace topograph::detail {
namespace {

constexpr std::string_view line_separator = "\xE2\x80\xA8";
constexpr std::string_view paragraph_separator = "\xE2\x80\xA9";
constexpr std::string_view ellipsis = "\xE2\x80\xA6";

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

bool is_blank_or_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value <= 0x20U || value == 0x7FU;
}

std::string fold_white_space(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  bool is_gap = false;
  for (const char byte : text) {
    if (is_blank_or_control(byte)) {
      is_gap = !line.empty();
      continue;
    }
    if (is_gap) line += ' ';
    is_gap = false;
    line += byte;
  }
  return line;
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\0': break;  // Not allowed in HTML.
      default: out += c;
    }
  }
  return out;
}

std::string script_json_text(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto value = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (value < 0x20U || value == 0x7FU || c == '<' || c == '>' || c == '&') {
      out += fmt::format("\\u{:04x}", value);
    } else if (const auto three = text.substr(i, 3);
               three == line_separator || three == paragraph_separator) {
      out += three == line_separator ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
  return out += '"';
}

std::string excerpt(std::string_view text, std::size_t max_chars) {
  // A code point has at most 4 bytes and folding only shrinks, but blanks may pad the start.
  std::string line = fold_white_space(text);
  std::size_t n_chars = 0;
  std::size_t cut = line.size();
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (is_continuation(line[i])) continue;
    if (n_chars + 1 == max_chars) cut = i;  // Where the ellipsis would stand.
    if (++n_chars > max_chars) break;
  }
  if (n_chars <= max_chars) return line;
  constexpr std::size_t nearby = 16;
  const std::size_t space = line.rfind(' ', cut);
  if (space != std::string::npos && space > 0 && cut - space <= nearby) cut = space;
  line.resize(cut);
  return line += ellipsis;
}

}  // namespace topograph::detail

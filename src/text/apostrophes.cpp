#include "text/apostrophes.hpp"

#include <string_view>

namespace topograph {
namespace {

constexpr std::string_view kCurly = "\xE2\x80\x99";  // U+2019

}  // namespace

void straighten_apostrophes(std::string& text) {
  std::size_t at = text.find(kCurly);
  if (at == std::string::npos) return;
  std::size_t to = at;
  while (at < text.size()) {
    if (std::string_view(text).substr(at).starts_with(kCurly)) {
      text[to++] = '\'';
      at += kCurly.size();
    } else {
      text[to++] = text[at++];
    }
  }
  text.resize(to);
}

}  // namespace topograph

#include "tokenize/pattern.hpp"

#include <algorithm>
#include <utility>

namespace topograph::detail {
namespace {

void find_literal(NormalizedView text, const std::u32string& literal,
                  std::vector<CharacterRange>& out) {
  const auto size = literal.size();
  if (size > text.size()) return;
  for (std::size_t i = 0; i + size <= text.size();) {
    std::size_t k = 0;
    while (k < size && text[i + k].value == literal[k]) ++k;
    if (k < size) {
      ++i;
      continue;
    }
    out.push_back({i, i + size});
    i += size;
  }
}

}  // namespace

Pattern Pattern::literal(std::u32string text) {
  Pattern pattern;
  pattern.pattern_ = std::move(text);
  return pattern;
}

std::expected<Pattern, std::string> Pattern::regex(std::string_view expression) {
  if (const auto known = known_pattern(expression)) {
    Pattern pattern;
    pattern.pattern_ = *known;
    return pattern;
  }
  return icu_regex(expression);
}

std::expected<Pattern, std::string> Pattern::icu_regex(std::string_view expression) {
  auto compiled = IcuRegex::compile(expression);
  if (!compiled) return std::unexpected(compiled.error());
  Pattern pattern;
  pattern.pattern_ = *std::move(compiled);
  return pattern;
}

void Pattern::find(NormalizedView text, PatternScratch& scratch,
                   std::vector<CharacterRange>& out) const {
  out.clear();
  if (const auto* literal = std::get_if<std::u32string>(&pattern_)) {
    find_literal(text, *literal, out);
  } else if (const auto* known = std::get_if<KnownPattern>(&pattern_)) {
    find_known(*known, text, scratch.kinds, out);
  } else {
    std::get<IcuRegex>(pattern_).find(text, scratch.matchers, out);
  }
}

}  // namespace topograph::detail

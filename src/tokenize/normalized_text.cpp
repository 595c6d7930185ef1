#include "tokenize/normalized_text.hpp"

#include <algorithm>

#include "tokenize/utf8.hpp"

namespace topograph::detail {

NormalizedText normalized_text(std::string_view text, std::size_t offset) {
  NormalizedText out;
  out.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const DecodedCharacter character = decode_utf8(text, position);
    const auto begin = static_cast<std::uint32_t>(offset + position);
    out.push_back({character.value, begin, begin + character.length});
    position += character.length;
  }
  return out;
}

void rewrite(NormalizedText& text, std::span<const RewrittenCharacter> characters,
             std::size_t n_skipped) {
  NormalizedText out;
  out.reserve(characters.size());
  std::size_t taken = std::min(n_skipped, text.size());
  for (const RewrittenCharacter& character : characters) {
    if (character.change <= 0) {
      if (taken >= text.size()) break;
      out.push_back({character.value, text[taken].begin, text[taken].end});
      taken += 1 + static_cast<std::size_t>(-character.change);
      taken = std::min(taken, text.size());
    } else if (taken == 0) {
      out.push_back({character.value, 0, 0});
    } else {
      out.push_back({character.value, text[taken - 1].begin, text[taken - 1].end});
    }
  }
  text = std::move(out);
}

void to_utf8(std::span<const NormalizedCharacter> characters, std::string& out) {
  out.clear();
  for (const NormalizedCharacter& character : characters) append_utf8(character.value, out);
}

}  // namespace topograph::detail

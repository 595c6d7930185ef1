#include "tokenize/normalized_text.hpp"

#include <algorithm>

#include "tokenize/utf8.hpp"

namespace topograph::detail {

void decode_text(std::string_view text, std::size_t offset, NormalizedText& out) {
  out.clear();
  out.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const DecodedCharacter character = decode_utf8(text, position);
    const auto begin = static_cast<std::uint32_t>(offset + position);
    out.push_back({character.value, begin, begin + character.length});
    position += character.length;
  }
}

void rewrite(NormalizedText& text, std::span<const RewrittenCharacter> characters,
             NormalizedText& spare) {
  spare.clear();
  spare.reserve(characters.size());
  std::size_t taken = 0;
  for (const RewrittenCharacter& character : characters) {
    if (character.change <= 0) {
      if (taken >= text.size()) break;
      spare.push_back({character.value, text[taken].begin, text[taken].end});
      taken += 1 + static_cast<std::size_t>(-character.change);
      taken = std::min(taken, text.size());
    } else if (taken == 0) {
      spare.push_back({character.value, 0, 0});
    } else {
      spare.push_back({character.value, text[taken - 1].begin, text[taken - 1].end});
    }
  }
  std::swap(text, spare);
}

void to_utf8(NormalizedView characters, std::string& out) {
  out.clear();
  for (const NormalizedCharacter& character : characters) append_utf8(character.value, out);
}

std::u32string to_code_points(std::string_view text) {
  std::u32string out;
  for (std::size_t position = 0; position < text.size();) {
    const DecodedCharacter character = decode_utf8(text, position);
    out.push_back(character.value);
    position += character.length;
  }
  return out;
}

}  // namespace topograph::detail

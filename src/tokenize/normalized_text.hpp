#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace topograph::detail {

/// A character of the normalised text and the bytes of the original text it stands for.
struct NormalizedCharacter {
  char32_t value = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};
using NormalizedText = std::vector<NormalizedCharacter>;
using NormalizedView = std::span<const NormalizedCharacter>;

/// Characters [begin, end) of a normalised text.
struct CharacterRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// One character of a rewritten text. `change` says what became of the old characters:
/// 0 replaces the next one, 1 is inserted after the last one taken, -n replaces the next one and
/// swallows n more.
struct RewrittenCharacter {
  char32_t value = 0;
  std::int32_t change = 0;
};

/// Decodes `text`, whose first byte is byte `offset` of the original, into `out`.
void decode_text(std::string_view text, std::size_t offset, NormalizedText& out);

/// Rewrites the text, carrying the alignment along. `spare` is scratch.
void rewrite(NormalizedText& text, std::span<const RewrittenCharacter> characters,
             NormalizedText& spare);

/// Replaces `out` by the UTF-8 of the characters.
void to_utf8(NormalizedView characters, std::string& out);

/// The code points of a string.
[[nodiscard]] std::u32string to_code_points(std::string_view text);

}  // namespace topograph::detail

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

/// One character of a rewritten text. `change` says what became of the old characters:
/// 0 replaces the next one, 1 is inserted after the last one taken, -n replaces the next one and
/// swallows n more.
struct RewrittenCharacter {
  char32_t value = 0;
  std::int32_t change = 0;
};

/// Decodes `text`, whose first byte is byte `offset` of the original.
[[nodiscard]] NormalizedText normalized_text(std::string_view text, std::size_t offset);

/// Rewrites the text, carrying the alignment along; `n_skipped` old characters are dropped first.
void rewrite(NormalizedText& text, std::span<const RewrittenCharacter> characters,
             std::size_t n_skipped = 0);

/// Replaces `out` by the UTF-8 of [begin, end).
void to_utf8(std::span<const NormalizedCharacter> characters, std::string& out);

}  // namespace topograph::detail

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "tokenize/normalized_text.hpp"

namespace topograph::detail {

/// The characters that stand for the 256 bytes in byte-level vocabularies: printable Latin-1 stands
/// for itself, the others are numbered from U+0100 on.
[[nodiscard]] char32_t byte_character(unsigned char byte);

/// Appends for each byte the UTF-8 of its character.
void append_byte_characters(std::string_view bytes, std::string& out);

/// Replaces each character by those of its UTF-8 bytes, all aligned with what it stood for.
void expand_bytes(NormalizedView text, NormalizedText& out);

}  // namespace topograph::detail

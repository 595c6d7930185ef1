#pragma once

#include <cstdint>
#include <string>

/// Character properties as the peer (Hugging Face tokenizers 0.23) sees them. It mixes versions of
/// Unicode: general categories of 8, normalisation of 9, regular expressions of 16, lower case
/// of 17. ICU answers, limited to the characters that each of those versions knew, and corrected
/// where a character has changed since or ICU 72 does not know it yet;
/// tools/reference/tokenize_unicode.py compares all of them.
namespace topograph::detail {

[[nodiscard]] bool is_white_space(char32_t c);
/// What BERT cleaning removes: control, format and private-use characters but tab and line ends,
/// and U+FFFD.
[[nodiscard]] bool is_cleaned_away(char32_t c);
/// ASCII punctuation (symbols included) and the general categories P*.
[[nodiscard]] bool is_punctuation(char32_t c);
/// The ideograph blocks around which BERT puts spaces.
[[nodiscard]] bool is_ideograph(char32_t c);
/// General category Mn: what BERT's accent stripping removes.
[[nodiscard]] bool is_nonspacing_mark(char32_t c);
/// General categories Mn, Mc, Me: what the StripAccents normalizer removes.
[[nodiscard]] bool is_combining_mark(char32_t c);
/// Letters, marks, decimal digits, connectors and joiners: `\w` of a regular expression.
[[nodiscard]] bool is_word_character(char32_t c);
/// `\p{L}` of a regular expression (Unicode 16).
[[nodiscard]] bool is_letter(char32_t c);
/// `\p{N}` of a regular expression (Unicode 16).
[[nodiscard]] bool is_number(char32_t c);
/// What the Digits pre-tokenizer splits at: `\p{N}` of Unicode 17.
[[nodiscard]] bool is_numeric(char32_t c);

[[nodiscard]] std::uint8_t combining_class(char32_t c);
enum class NormalizationForm { nfc, nfd, nfkc, nfkd };
/// Whether normalising leaves the character alone whatever stands next to it, unless that is a
/// character of which this is not true.
[[nodiscard]] bool is_stable(char32_t c, NormalizationForm form);
/// Full decomposition of one character (itself when it has none).
[[nodiscard]] std::u32string decompose(char32_t c, bool compatible);
/// Canonical composition of a pair; 0 when there is none.
[[nodiscard]] char32_t compose(char32_t first, char32_t second);
/// Lower case without context: one character, but two for U+0130.
[[nodiscard]] std::u32string lower_case(char32_t c);

}  // namespace topograph::detail

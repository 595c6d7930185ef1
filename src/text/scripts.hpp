#pragma once

#include <cstdint>
#include <string_view>

namespace topograph {

/// True when the text has a character of a script that is written without spaces between words or
/// in which one character is often a whole word: Han, Kana, Hangul, Thai, Lao, Khmer, Burmese.
[[nodiscard]] bool has_dense_script(std::string_view text);

/// True when the text has a letter or a digit.
[[nodiscard]] bool has_letter_or_digit(std::string_view text);

/// ICU's code (UScriptCode) of the script that most letters of the text belong to; Han, Hiragana
/// and Katakana count together, as Japanese when a twentieth of them is Kana (USCRIPT_JAPANESE),
/// else as Han. -1 when the text has no letter.
[[nodiscard]] std::int32_t main_script(std::string_view text);

}  // namespace topograph

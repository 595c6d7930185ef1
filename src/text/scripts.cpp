#include "text/scripts.hpp"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#include <array>
#include <cstddef>

#include "text/utf8.hpp"

namespace topograph {
namespace {

std::int32_t script_of(char32_t c) {
  UErrorCode status = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &status);
  return U_SUCCESS(status) ? static_cast<std::int32_t>(script) : -1;
}

bool is_dense(std::int32_t script) {
  switch (script) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR: return true;
    default: return false;
  }
}

bool is_ascii_letter(char32_t c) { return (c | 0x20U) >= 'a' && (c | 0x20U) <= 'z'; }

// Japanese without any Kana is rare beyond a few words; Chinese with Kana is rarer.
constexpr std::int64_t kKanaShare = 20;

}  // namespace

bool has_dense_script(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c >= 0x0E00 && is_dense(script_of(c))) return true;  // Thai is the first of them.
  }
  return false;
}

bool has_letter_or_digit(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (u_isalnum(static_cast<UChar32>(next_code_point(text, at)))) return true;
  }
  return false;
}

std::int32_t main_script(std::string_view text) {
  std::array<std::int64_t, USCRIPT_CODE_LIMIT> letters{};
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c < 0x80) {
      letters[USCRIPT_LATIN] += is_ascii_letter(c) ? 1 : 0;
    } else if (u_isalpha(static_cast<UChar32>(c))) {
      if (const std::int32_t script = script_of(c); script > USCRIPT_INHERITED) {
        ++letters[static_cast<std::size_t>(script)];
      }
    }
  }
  const std::int64_t kana = letters[USCRIPT_HIRAGANA] + letters[USCRIPT_KATAKANA];
  const std::int64_t together = kana + letters[USCRIPT_HAN];
  letters[USCRIPT_HIRAGANA] = letters[USCRIPT_KATAKANA] = letters[USCRIPT_HAN] = 0;
  letters[kana * kKanaShare >= together ? USCRIPT_JAPANESE : USCRIPT_HAN] = together;
  std::int32_t best = -1;
  std::int64_t most = 0;
  for (std::size_t script = 0; script < letters.size(); ++script) {
    if (letters[script] > most) {
      most = letters[script];
      best = static_cast<std::int32_t>(script);
    }
  }
  return best;
}

}  // namespace topograph

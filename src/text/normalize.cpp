#include "topograph/text/normalize.hpp"

#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>

#include <algorithm>

#include "text/lower_case.hpp"
#include "text/utf8.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

// Every character below U+0300 is its own NFC form and never combines with a neighbour; its UTF-8
// bytes are all below 0xCC.
constexpr unsigned char kFirstByteOfU0300 = 0xCC;

bool all_bytes_below(std::string_view text, unsigned char limit) {
  return std::ranges::all_of(text,
                             [limit](char c) { return static_cast<unsigned char>(c) < limit; });
}

icu::StringPiece piece(std::string_view text) {
  return {text.data(), narrow<std::int32_t>(text.size())};
}

// ICU loads its normalisation data once a process; a failure means a broken installation.
const icu::Normalizer2& nfc() {
  static const icu::Normalizer2* const instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* loaded = icu::Normalizer2::getNFCInstance(status);
    TG_EXPECTS(U_SUCCESS(status));
    return loaded;
  }();
  return *instance;
}

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Turkish and Azerbaijani lower-case a plain I to a dotless i.
bool has_dotless_i(const std::string& locale) {
  return locale.starts_with("tr") || locale.starts_with("az");
}

}  // namespace

std::string to_nfc(std::string_view text) {
  if (all_bytes_below(text, kFirstByteOfU0300)) return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  if (nfc().isNormalizedUTF8(piece(text), status) && U_SUCCESS(status)) return std::string(text);
  std::string normal;
  icu::StringByteSink<std::string> sink(&normal, narrow<std::int32_t>(text.size()));
  status = U_ZERO_ERROR;
  nfc().normalizeUTF8(0, piece(text), sink, nullptr, status);
  TG_EXPECTS(U_SUCCESS(status));
  return normal;
}

bool is_blank(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<UChar32>(next_code_point(text, at));
    if (c > ' ' && c < 0x7F) return false;  // The usual case needs no property look-up.
    if (!u_isUWhiteSpace(c) && !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) {
      return false;
    }
  }
  return true;
}

std::string duplicate_key(std::string_view text) {
  const std::string normal = to_nfc(text);
  std::string key;
  key.reserve(normal.size());
  bool is_gap = false;
  for (std::size_t at = 0; at < normal.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(normal, at);
    if (c < 0x80 ? is_ascii_space(static_cast<char>(c))
                 : u_isUWhiteSpace(static_cast<UChar32>(c)) != 0) {
      is_gap = true;
      continue;
    }
    if (is_gap && !key.empty()) key.push_back(' ');
    is_gap = false;
    key.append(normal, begin, at - begin);
  }
  return key;
}

std::string lower_case(std::string_view text, const std::string& locale) {
  if (!has_dotless_i(locale) && all_bytes_below(text, 0x80)) {
    std::string lower(text);
    for (char& c : lower) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return lower;
  }
  std::string lower;
  icu::StringByteSink<std::string> sink(&lower, narrow<std::int32_t>(text.size()));
  UErrorCode status = U_ZERO_ERROR;
  icu::CaseMap::utf8ToLower(locale.c_str(), 0, piece(text), sink, nullptr, status);
  TG_EXPECTS(U_SUCCESS(status));
  return lower;
}

std::string to_lower(std::string_view text, const std::string& locale) {
  return to_nfc(lower_case(text, locale));
}

}  // namespace topograph

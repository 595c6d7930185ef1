#include "topograph/text/words.hpp"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <cstddef>

#include "text/ascii_words.hpp"
#include "text/utf8.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_ascii(std::string_view text) {
  unsigned char bits = 0;
  for (const char c : text) bits = static_cast<unsigned char>(bits | static_cast<unsigned char>(c));
  return bits < 0x80;
}

// Symbols below this one with the Emoji property are typography (copyright, arrows, digits).
constexpr UChar32 kFirstPictureSymbol = 0x2600;
constexpr UChar32 kEmojiVariation = 0xFE0F;

bool is_emoji(UChar32 c) {
  if (u_hasBinaryProperty(c, UCHAR_EMOJI_PRESENTATION)) return true;
  return c >= kFirstPictureSymbol && u_charType(c) == U_OTHER_SYMBOL &&
         u_hasBinaryProperty(c, UCHAR_EMOJI);
}

}  // namespace

struct WordSplitter::Impl {
  std::unique_ptr<icu::BreakIterator> iterator = {};
  bool colon_joins = false;
  std::u16string units = {};                // The stretch that ICU splits, in UTF-16 ...
  std::vector<std::uint32_t> offsets = {};  // ... and the byte each unit (and the end) comes from.

  void set_units(std::string_view text, std::uint32_t base);
  void append_icu_words(std::string_view text, std::uint32_t base, std::vector<TokenSpan>& words);
  [[nodiscard]] bool is_word(std::size_t begin, std::size_t end) const;
};

void WordSplitter::Impl::set_units(std::string_view text, std::uint32_t base) {
  units.clear();
  offsets.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t offset = base + static_cast<std::uint32_t>(at);
    const auto c = static_cast<UChar32>(next_code_point(text, at));
    offsets.push_back(offset);
    if (c <= 0xFFFF) {
      units.push_back(static_cast<char16_t>(c));
      continue;
    }
    units.push_back(U16_LEAD(c));
    units.push_back(U16_TRAIL(c));
    offsets.push_back(offset);
  }
  offsets.push_back(base + static_cast<std::uint32_t>(text.size()));
}

// A segment counts when it holds a letter, a digit or an emoji. ICU gives emoji the same status as
// punctuation and gives "__" and "@" the status of words, so its status cannot decide.
bool WordSplitter::Impl::is_word(std::size_t begin, std::size_t end) const {
  for (std::size_t at = begin; at < end;) {
    const char16_t unit = units[at++];
    UChar32 c = unit;
    if (U16_IS_LEAD(unit) && at < end) c = U16_GET_SUPPLEMENTARY(unit, units[at++]);
    if (u_isalnum(c) || u_charType(c) == U_LETTER_NUMBER || is_emoji(c)) return true;
    if (at < end && units[at] == kEmojiVariation && u_hasBinaryProperty(c, UCHAR_EMOJI))
      return true;
  }
  return false;
}

void WordSplitter::Impl::append_icu_words(std::string_view text, std::uint32_t base,
                                          std::vector<TokenSpan>& words) {
  set_units(text, base);
  UErrorCode status = U_ZERO_ERROR;
  UText view = UTEXT_INITIALIZER;
  utext_openUChars(&view, units.data(), static_cast<std::int64_t>(units.size()), &status);
  iterator->setText(&view, status);
  TG_EXPECTS(U_SUCCESS(status));
  std::int32_t begin = iterator->first();
  for (std::int32_t end = iterator->next(); end != icu::BreakIterator::DONE;
       begin = end, end = iterator->next()) {
    if (is_word(idx(begin), idx(end)))
      words.push_back({offsets[idx(begin)], offsets[idx(end)], -1});
  }
  utext_close(&view);
}

WordSplitter::WordSplitter(const std::string& locale) : impl_(std::make_unique<Impl>()) {
  UErrorCode status = U_ZERO_ERROR;
  impl_->iterator.reset(
      icu::BreakIterator::createWordInstance(icu::Locale(locale.c_str()), status));
  TG_EXPECTS(U_SUCCESS(status) && impl_->iterator != nullptr);
  std::vector<TokenSpan> probe;
  impl_->append_icu_words("a:b", 0, probe);
  impl_->colon_joins = probe.size() == 1;
}

WordSplitter::WordSplitter(WordSplitter&&) noexcept = default;
WordSplitter& WordSplitter::operator=(WordSplitter&&) noexcept = default;
WordSplitter::~WordSplitter() = default;

// ASCII white space is a word boundary in every language, so a text can be cut there: pieces of
// pure ASCII take the fast path, neighbouring pieces with other characters go to ICU together.
void WordSplitter::split(std::string_view text, std::vector<TokenSpan>& words) {
  words.clear();
  if (is_ascii(text)) return append_ascii_words(text, 0, impl_->colon_joins, words);
  std::size_t begin = 0;  // Of the stretch under way, which is all ASCII or all not.
  bool stretch_is_ascii = true;
  const auto flush = [&](std::size_t end) {
    const std::string_view stretch = text.substr(begin, end - begin);
    const auto base = narrow<std::uint32_t>(begin);
    if (stretch_is_ascii) {
      append_ascii_words(stretch, base, impl_->colon_joins, words);
    } else {
      impl_->append_icu_words(stretch, base, words);
    }
    begin = end;
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && !is_ascii_space(text[end])) ++end;
    while (end < text.size() && is_ascii_space(text[end])) ++end;
    const bool piece_is_ascii = is_ascii(text.substr(at, end - at));
    if (piece_is_ascii != stretch_is_ascii && at > begin) flush(at);
    stretch_is_ascii = piece_is_ascii;
    at = end;
  }
  flush(text.size());
}

}  // namespace topograph

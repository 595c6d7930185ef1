#include "tokenize/icu_regex.hpp"

#include <unicode/utypes.h>

#include <optional>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

constexpr std::int32_t max_steps = 1000;                    // ICU counts ten thousand as one
constexpr std::int32_t max_stack_bytes = 64 * 1024 * 1024;  // a long text may need many states

void append_utf16(char32_t c, std::u16string& out) {
  if (c < 0x10000) {
    out.push_back(static_cast<char16_t>(c));
    return;
  }
  out.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
  out.push_back(static_cast<char16_t>(0xDC00 + (c & 0x3FF)));
}

URegularExpression* matcher_of(const URegularExpression* regex, IcuMatchers& matchers) {
  for (const auto& [original, clone] : matchers.clones) {
    if (original == regex) return clone.get();
  }
  UErrorCode status = U_ZERO_ERROR;
  RegexHandle clone(uregex_clone(regex, &status));
  if (U_FAILURE(status) != 0) return nullptr;
  uregex_setTimeLimit(clone.get(), max_steps, &status);
  uregex_setStackLimit(clone.get(), max_stack_bytes, &status);
  matchers.clones.emplace_back(regex, std::move(clone));
  return matchers.clones.back().second.get();
}

std::optional<CharacterRange> find_from(URegularExpression* matcher, std::size_t unit) {
  UErrorCode status = U_ZERO_ERROR;
  if (uregex_find(matcher, narrow<std::int32_t>(unit), &status) == 0) return std::nullopt;
  const std::int32_t begin = uregex_start(matcher, 0, &status);
  const std::int32_t end = uregex_end(matcher, 0, &status);
  if (U_FAILURE(status) != 0 || begin < 0) return std::nullopt;
  return CharacterRange{static_cast<std::size_t>(begin), static_cast<std::size_t>(end)};
}

}  // namespace

std::expected<IcuRegex, std::string> IcuRegex::compile(std::string_view expression) {
  std::u16string pattern;
  for (const char32_t c : to_code_points(expression)) append_utf16(c, pattern);
  IcuRegex out;
  UErrorCode status = U_ZERO_ERROR;
  UParseError place = {};
  out.regex_.reset(uregex_open(pattern.data(), narrow<std::int32_t>(pattern.size()),
                               UREGEX_MULTILINE | UREGEX_UNIX_LINES, &place, &status));
  if (U_FAILURE(status) != 0) return std::unexpected(std::string(u_errorName(status)));
  return out;
}

/// An empty match right after a match does not count, and the search goes on one character later:
/// that is the peer's rule, and why ICU's own walk through the matches is of no use here.
void IcuRegex::find(NormalizedView text, IcuMatchers& matchers,
                    std::vector<CharacterRange>& out) const {
  matchers.text.clear();
  matchers.character_of.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    append_utf16(text[i].value, matchers.text);
    matchers.character_of.resize(matchers.text.size(), static_cast<std::uint32_t>(i));
  }
  matchers.character_of.push_back(static_cast<std::uint32_t>(text.size()));
  URegularExpression* matcher = matcher_of(regex_.get(), matchers);
  UErrorCode status = U_ZERO_ERROR;
  if (matcher == nullptr) return;
  uregex_setText(matcher, matchers.text.data(), narrow<std::int32_t>(matchers.text.size()),
                 &status);
  if (U_FAILURE(status) != 0) return;
  std::size_t unit = 0;
  std::optional<std::size_t> last_end;
  while (unit <= matchers.text.size()) {
    const auto match = find_from(matcher, unit);
    if (!match) return;
    if (match->begin == match->end && last_end == match->end) {
      const std::uint32_t character = matchers.character_of[match->end];
      unit = match->end + 1;
      while (unit < matchers.text.size() && matchers.character_of[unit] == character) ++unit;
      continue;
    }
    unit = match->end;
    last_end = match->end;
    out.push_back({matchers.character_of[match->begin], matchers.character_of[match->end]});
  }
}

}  // namespace topograph::detail

#include "text/pattern_splitter.hpp"

#include <unicode/regex.h>
#include <unicode/unistr.h>
#include <unicode/utext.h>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

// Python's flag for what ICU does anyway.
std::string_view without_unicode_flag(std::string_view pattern) {
  if (pattern.starts_with("(?u)")) pattern.remove_prefix(4);
  return pattern;
}

std::unique_ptr<icu::RegexMatcher> compile(std::string_view pattern, UErrorCode& status) {
  const std::string_view core = without_unicode_flag(pattern);
  const auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(core.data(), narrow<std::int32_t>(core.size())));
  return std::make_unique<icu::RegexMatcher>(text, 0, status);
}

}  // namespace

struct PatternSplitter::Impl {
  std::unique_ptr<icu::RegexMatcher> matcher = {};
  std::int32_t group = 0;
};

PatternSplitter::PatternSplitter() : impl_(std::make_unique<Impl>()) {}
PatternSplitter::PatternSplitter(PatternSplitter&&) noexcept = default;
PatternSplitter& PatternSplitter::operator=(PatternSplitter&&) noexcept = default;
PatternSplitter::~PatternSplitter() = default;

Result<void> PatternSplitter::check(const std::string& pattern) {
  UErrorCode status = U_ZERO_ERROR;
  const auto matcher = compile(pattern, status);
  if (U_FAILURE(status)) {
    return option_error("token_pattern", std::string("'") + pattern +
                                             "' is no regular expression: " + u_errorName(status));
  }
  if (matcher->groupCount() > 1) {
    return option_error("token_pattern", "expected at most one group in '" + pattern + "'",
                        "write (?:...) for the others");
  }
  return {};
}

PatternSplitter PatternSplitter::open(const std::string& pattern) {
  UErrorCode status = U_ZERO_ERROR;
  PatternSplitter splitter;
  splitter.impl_->matcher = compile(pattern, status);
  TG_EXPECTS(U_SUCCESS(status));
  splitter.impl_->group = splitter.impl_->matcher->groupCount();
  return splitter;
}

void PatternSplitter::split(std::string_view text, std::vector<TokenSpan>& words) {
  words.clear();
  UErrorCode status = U_ZERO_ERROR;
  UText view = UTEXT_INITIALIZER;
  utext_openUTF8(&view, text.data(), static_cast<std::int64_t>(text.size()), &status);
  icu::RegexMatcher& matcher = *impl_->matcher;
  matcher.reset(&view);
  while (matcher.find(status) != 0 && U_SUCCESS(status)) {
    const std::int64_t begin = matcher.start64(impl_->group, status);
    const std::int64_t end = matcher.end64(impl_->group, status);
    if (begin < 0 || end <= begin) continue;
    words.push_back({narrow<std::uint32_t>(begin), narrow<std::uint32_t>(end), -1});
  }
  utext_close(&view);
}

}  // namespace topograph

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tokenize/icu_regex.hpp"
#include "tokenize/known_patterns.hpp"
#include "tokenize/normalized_text.hpp"

namespace topograph::detail {

/// Buffers of one thread for finding patterns.
struct PatternScratch {
  std::vector<CharacterKind> kinds = {};
  IcuMatchers matchers = {};
};

/// A pattern of a tokenizer file: a string, or a regular expression. The expressions of the well
/// known models are matched by hand-written scanners, the others by ICU.
class Pattern {
 public:
  /// @param text  Not empty.
  [[nodiscard]] static Pattern literal(std::u32string text);
  /// @error  What ICU has against the expression.
  [[nodiscard]] static std::expected<Pattern, std::string> regex(std::string_view expression);
  /// The same without hand-written scanners; for tests that compare the two.
  [[nodiscard]] static std::expected<Pattern, std::string> icu_regex(std::string_view expression);

  /// Puts the matches into `out`, in order, not overlapping.
  void find(NormalizedView text, PatternScratch& scratch, std::vector<CharacterRange>& out) const;

 private:
  std::variant<std::u32string, KnownPattern, IcuRegex> pattern_ = {};
};

}  // namespace topograph::detail

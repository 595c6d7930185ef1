#pragma once

#include <unicode/uregex.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tokenize/normalized_text.hpp"

namespace topograph::detail {

struct CloseRegex {
  void operator()(URegularExpression* regex) const { uregex_close(regex); }
};
using RegexHandle = std::unique_ptr<URegularExpression, CloseRegex>;

/// Matching changes an ICU expression, so each thread has clones of its own, and its own UTF-16.
struct IcuMatchers {
  std::vector<std::pair<const URegularExpression*, RegexHandle>> clones = {};
  std::u16string text = {};
  std::vector<std::uint32_t> character_of = {};  ///< Index of the character of each UTF-16 unit.
};

/// A regular expression in the reading of Ruby, as far as ICU shares it: `^` and `$` are ends of
/// lines, and only \n ends one.
class IcuRegex {
 public:
  [[nodiscard]] static std::expected<IcuRegex, std::string> compile(std::string_view expression);

  /// Appends the matches to `out`. A text on which the matching takes unreasonably long (more than
  /// ten million steps) has none after that place.
  void find(NormalizedView text, IcuMatchers& matchers, std::vector<CharacterRange>& out) const;

 private:
  RegexHandle regex_ = {};
};

}  // namespace topograph::detail

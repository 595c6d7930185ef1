#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph {

/// A language of the corpus (ISO 639-1: "en") and the share of documents written in it.
struct LanguageShare {
  std::string language = {};
  double share = 0;
};

/// Detects the languages of a corpus from a sample of up to 2 000 documents: script first, then
/// stop-word frequency among the languages with a list. Languages below 2 % are left out; the list
/// is sorted by (share descending, name) and may be empty (nothing recognised).
[[nodiscard]] Result<std::vector<LanguageShare>> detect_languages(const TextColumn& texts,
                                                                  RunContext& run);

/// Stop words of a language, lower case, NFC. @error option subject listing the known languages.
[[nodiscard]] Result<std::vector<std::string_view>> stop_words(std::string_view language);

/// ISO 639-1 codes that `stop_words` knows, ascending; at least 30.
[[nodiscard]] std::span<const std::string_view> stop_word_languages();

}  // namespace topograph

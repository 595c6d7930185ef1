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

/// Detects the languages of a corpus: the script of a sample of up to 20 000 documents, then
/// stop-word frequency in up to 2 000 documents of every script that several languages with a list
/// share. A language needs 2 % of the documents of its script and .02 % of all, so that a few
/// Chinese documents among English ones bring in their language, a few German ones do not: their
/// function words are words of English. Sorted by (share descending, name); may be empty.
[[nodiscard]] Result<std::vector<LanguageShare>> detect_languages(const TextColumn& texts,
                                                                  RunContext& run);

/// Stop words of a language, lower case, NFC. @error option subject listing the known languages.
[[nodiscard]] Result<std::vector<std::string_view>> stop_words(std::string_view language);

/// ISO 639-1 codes that `stop_words` knows, ascending; at least 30.
[[nodiscard]] std::span<const std::string_view> stop_word_languages();

}  // namespace topograph

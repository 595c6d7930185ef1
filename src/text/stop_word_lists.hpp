#pragma once

#include <span>
#include <string_view>

namespace topograph {

/// The stop words of one language: lower case, NFC, ascending by bytes, separated by one space.
struct StopWordList {
  std::string_view language = {};  ///< ISO 639-1.
  std::string_view words = {};
};

/// Every compiled-in list, ascending by language.
[[nodiscard]] std::span<const StopWordList> stop_word_lists();

/// scikit-learn's ENGLISH_STOP_WORDS (318), for results that compare with the peers'.
[[nodiscard]] const StopWordList& english_stop_words_of_peers();

}  // namespace topograph

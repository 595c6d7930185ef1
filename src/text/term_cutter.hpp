#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/pattern_splitter.hpp"
#include "text/stemmer.hpp"
#include "text/term_table.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/text/words.hpp"

namespace topograph {

/// What a plan says about single words, prepared once and shared by all threads.
struct CutRules {
  explicit CutRules(const CountPlan& plan);

  CountOptions options;
  std::string locale;              ///< Of lower-casing and word boundaries.
  TermTable stop_words;            ///< Single words and, for n-grams, whole terms.
  bool has_stop_phrases = false;   ///< Some stop word has a space: n-grams are checked too.
  bool strips_possessive = false;  ///< English: "city's" counts as "city".
  std::string stem_language;       ///< Empty: no stemming.
  bool strips_elision = false;     ///< French, Italian, Catalan: "l'homme" counts as "homme".
};

/// Cuts documents into terms by the rules of a plan. One object per thread.
class TermCutter {
 public:
  explicit TermCutter(const CutRules& rules);

  /// The terms of `text` in order, with repetitions. The views live until the next call.
  [[nodiscard]] const std::vector<std::string_view>& cut(std::string_view text);

  /// What the terms of the last `cut` are counted as: their stems, or they themselves.
  [[nodiscard]] const std::vector<std::string_view>& keys() const {
    return stemmer_ ? keys_ : terms_;
  }
  /// What a term is counted as. Lives until the next call.
  [[nodiscard]] std::string_view key_of(std::string_view term);

  /// Every word of `text`, stop words and short ones included, as bytes of `text`.
  void find_tokens(std::string_view text, std::vector<TokenSpan>& tokens);
  /// A token as it is counted; empty when it is a stop word or too short. Lives until the next
  /// call.
  [[nodiscard]] std::string_view counted_form(std::string_view token);
  /// The terms of words that are counted, in order. The views live until the next call.
  [[nodiscard]] const std::vector<std::string_view>& terms_of(
      const std::vector<std::string_view>& words);

 private:
  void find_words();
  void bring_into_form(std::string_view text);
  void keep_word(std::string_view word);
  void form_ngrams();
  [[nodiscard]] bool is_long_enough(std::string_view word) const;
  [[nodiscard]] bool is_stop_word(std::string_view word) const;

  const CutRules& rules_;
  WordSplitter splitter_;
  std::optional<Stemmer> stemmer_ = {};
  std::optional<PatternSplitter> pattern_ = {};
  std::string text_ = {};  // The document in counting form.
  std::vector<TokenSpan> spans_ = {};
  std::vector<std::string_view> words_ = {};  // Views into text_.
  std::string joined_ = {};                   // Arena of the n-grams with n > 1.
  std::vector<std::string_view> terms_ = {};
  std::vector<std::string> stems_ = {};  // Of words_, when words are stemmed ...
  std::string joined_keys_ = {};
  std::vector<std::string_view> keys_ = {};  // ... and of terms_.
  std::string key_ = {};
};

}  // namespace topograph

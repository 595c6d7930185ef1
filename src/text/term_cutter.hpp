#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/ngrams.hpp"
#include "text/pattern_splitter.hpp"
#include "text/stemmer.hpp"
#include "text/term_table.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/text/words.hpp"

namespace topograph {

/// What a plan says about single words, prepared once and shared by all threads.
struct CutRules {
  explicit CutRules(const CountPlan& plan);

  /// A word or, of n-grams, a whole term.
  [[nodiscard]] bool is_stop_word(std::string_view word) const;
  /// True when several words together, as they are written, are a stop word.
  [[nodiscard]] bool is_stop_phrase(std::span<const Piece> pieces, const TermTable& words) const;

  CountOptions options;
  std::string locale;              ///< Of lower-casing and word boundaries.
  TermTable stop_words;            ///< Single words and, for n-grams, whole terms.
  bool has_stop_phrases = false;   ///< Some stop word has a space: n-grams are checked too.
  bool strips_possessive = false;  ///< English: "city's" counts as "city".
  std::string stem_language;       ///< Empty: no stemming.
  bool strips_elision = false;     ///< French, Italian, Catalan: "l'homme" counts as "homme".
};

/// Cuts documents into tokens, and tokens into what is counted, by the rules of a plan. One object
/// per thread.
class TermCutter {
 public:
  explicit TermCutter(const CutRules& rules);

  /// The tokens of `text` in the form of counting (lower case, normal), stop words included. The
  /// views live until the next call.
  [[nodiscard]] const std::vector<std::string_view>& cut(std::string_view text);
  /// A token of `cut` as it is counted; empty when it is a stop word or too short.
  [[nodiscard]] std::string_view counted(std::string_view token) const;
  /// What a counted word or term stands for: its stems, or itself. Lives until the next call.
  [[nodiscard]] std::string_view key_of(std::string_view term);

  /// Every token of `text` as bytes of it.
  void find_tokens(std::string_view text, std::vector<TokenSpan>& tokens);
  /// A token of a text as it stands, as it is counted; empty when it is a stop word or too short.
  /// Lives until the next call.
  [[nodiscard]] std::string_view counted_form(std::string_view token);

 private:
  void bring_into_form(std::string_view text);
  [[nodiscard]] bool is_long_enough(std::string_view word) const;

  const CutRules& rules_;
  WordSplitter splitter_;
  std::optional<Stemmer> stemmer_ = {};
  std::optional<PatternSplitter> pattern_ = {};
  std::string text_ = {};  // The document in counting form.
  std::vector<TokenSpan> spans_ = {};
  std::vector<std::string_view> tokens_ = {};  // Views into text_.
  std::string key_ = {};
};

}  // namespace topograph

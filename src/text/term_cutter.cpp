#include "text/term_cutter.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>

#include "text/addresses.hpp"
#include "text/apostrophes.hpp"
#include "text/lower_case.hpp"
#include "text/scripts.hpp"
#include "text/utf8.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/text/normalize.hpp"

namespace topograph {
namespace {

// Articles, pronouns and prepositions that lose their vowel before the next word.
constexpr std::array<std::string_view, 20> kElided = {
    "all", "c",    "d",      "dall", "dell",  "j",      "jusqu", "l",    "lorsqu", "m",
    "n",   "nell", "puisqu", "qu",   "quell", "quoiqu", "s",     "sull", "t",      "un"};

std::string_view without_elision(std::string_view word) {
  const std::size_t quote = word.find('\'');
  if (quote == std::string_view::npos || quote + 1 == word.size()) return word;
  const bool is_elided = std::ranges::binary_search(kElided, word.substr(0, quote));
  return is_elided ? word.substr(quote + 1) : word;
}

std::string_view without_possessive(std::string_view word) {
  if (word.size() > 2 && (word.ends_with("'s") || word.ends_with("'S"))) word.remove_suffix(2);
  return word;
}

// Python's \w: what str.isalnum() accepts, and the underscore.
bool is_python_word_character(char32_t c) {
  if (c < 0x80) {
    return (c >= '0' && c <= '9') || ((c | 0x20U) >= 'a' && (c | 0x20U) <= 'z') || c == '_';
  }
  const auto code = static_cast<UChar32>(c);
  return u_isalnum(code) || u_getIntPropertyValue(code, UCHAR_NUMERIC_TYPE) != U_NT_NONE;
}

// Runs of two or more word characters, as the expression (?u)\b\w\w+\b finds them.
void find_word_characters(std::string_view text, std::vector<TokenSpan>& tokens) {
  tokens.clear();
  std::size_t begin = 0;
  std::size_t n_characters = 0;
  const auto finish = [&](std::size_t end) {
    if (n_characters >= 2) {
      tokens.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), -1});
    }
    n_characters = 0;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    if (!is_python_word_character(next_code_point(text, at))) {
      finish(start);
    } else if (n_characters++ == 0) {
      begin = start;
    }
  }
  finish(text.size());
}

bool has_language(const CountPlan& plan, std::string_view language) {
  return std::ranges::find(plan.languages, language) != plan.languages.end();
}

}  // namespace

CutRules::CutRules(const CountPlan& plan)
    : options(plan.options), stem_language(plan.stem_language) {
  for (const std::string& word : plan.stop_words) {
    stop_words.add(word);
    has_stop_phrases |= word.find(' ') != std::string::npos;
  }
  // scikit-learn and patterns know no languages.
  if (options.token_rule != WordRule::words) return;
  if (!plan.languages.empty()) locale = plan.languages.front();
  strips_possessive = has_language(plan, "en");
  strips_elision = has_language(plan, "fr") || has_language(plan, "it") || has_language(plan, "ca");
}

bool CutRules::is_stop_word(std::string_view word) const {
  if (stop_words.find(word) >= 0) return true;
  // Text that keeps its case still loses "The"; scikit-learn would keep it.
  if (options.lowercase || options.token_rule != WordRule::words) return false;
  return stop_words.find(to_lower(word, locale)) >= 0;
}

bool CutRules::is_stop_phrase(std::span<const Piece> pieces, const TermTable& words) const {
  if (!has_stop_phrases || pieces.size() < 2) return false;
  std::string phrase;
  for (const Piece piece : pieces) {
    if (!phrase.empty()) phrase.push_back(' ');
    phrase += words.term(word_of(piece));
  }
  return is_stop_word(phrase);
}

TermCutter::TermCutter(const CutRules& rules) : rules_(rules), splitter_(rules.locale) {
  if (!rules.stem_language.empty()) stemmer_ = Stemmer::open(rules.stem_language);
  if (rules.options.token_rule == WordRule::pattern) {
    pattern_ = PatternSplitter::open(rules.options.token_pattern);
  }
}

void TermCutter::bring_into_form(std::string_view text) {
  if (rules_.options.token_rule != WordRule::words) {
    text_ = rules_.options.lowercase ? lower_case(text, rules_.locale) : std::string(text);
  } else {
    text_ = rules_.options.lowercase ? to_lower(text, rules_.locale) : to_nfc(text);
    straighten_apostrophes(text_);
  }
}

const std::vector<std::string_view>& TermCutter::cut(std::string_view text) {
  bring_into_form(text);
  find_tokens(text_, spans_);
  tokens_.clear();
  for (const TokenSpan& span : spans_) {
    tokens_.emplace_back(text_.data() + span.begin, span.end - span.begin);
  }
  return tokens_;
}

void TermCutter::find_tokens(std::string_view text, std::vector<TokenSpan>& tokens) {
  if (rules_.options.token_rule == WordRule::sklearn) {
    find_word_characters(text, tokens);
  } else if (pattern_) {
    pattern_->split(text, tokens);
  } else {
    splitter_.split(text, tokens);
    if (!rules_.options.keep_addresses) drop_addresses(text, tokens);
  }
}

std::string_view TermCutter::counted_form(std::string_view token) {
  bring_into_form(token);
  return counted(text_);
}

std::string_view TermCutter::counted(std::string_view token) const {
  std::string_view word = token;
  if (rules_.options.token_rule == WordRule::words && word.find('\'') != std::string_view::npos) {
    if (rules_.is_stop_word(word)) return {};
    if (rules_.strips_possessive) word = without_possessive(word);
    if (rules_.strips_elision) word = without_elision(word);
  }
  return is_long_enough(word) && !rules_.is_stop_word(word) ? word : std::string_view();
}

bool TermCutter::is_long_enough(std::string_view word) const {
  if (pattern_) return !word.empty();
  const auto shortest = static_cast<std::size_t>(rules_.options.min_length);
  if (word.size() < shortest) return false;
  if (count_code_points(word) >= shortest) return true;
  if (rules_.options.token_rule == WordRule::sklearn) return false;
  return has_dense_script(word) || !has_letter_or_digit(word);  // The latter is an emoji.
}

std::string_view TermCutter::key_of(std::string_view term) {
  if (!stemmer_) return term;
  key_.clear();
  while (true) {
    const std::size_t space = term.find(' ');
    key_ += stemmer_->stem(term.substr(0, space));
    if (space == std::string_view::npos) break;
    key_.push_back(' ');
    term.remove_prefix(space + 1);
  }
  return key_;
}

}  // namespace topograph

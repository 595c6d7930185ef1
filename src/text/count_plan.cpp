#include <algorithm>

#include "text/apostrophes.hpp"
#include "text/pattern_splitter.hpp"
#include "text/stemmer.hpp"
#include "text/stop_word_lists.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/text/language.hpp"
#include "topograph/text/normalize.hpp"
#include "topograph/text/word_list.hpp"

namespace topograph {
namespace {

Result<std::vector<std::string>> given_vocabulary(const CountOptions& options) {
  TG_TRY(auto terms, expand_word_list(options.vocabulary, "vocabulary"));
  std::ranges::sort(terms);
  terms.erase(std::ranges::unique(terms).begin(), terms.end());
  return terms;
}

void append(std::vector<std::string>& words, const std::vector<std::string_view>& more) {
  words.insert(words.end(), more.begin(), more.end());
}

// Languages by their share in the corpus; a corpus in none of them keeps every word.
Result<void> detect(const TextColumn& texts, CountPlan& plan, RunContext& run) {
  TG_TRY(const auto shares, detect_languages(texts, run));
  for (const LanguageShare& share : shares) plan.languages.push_back(share.language);
  return {};
}

Result<void> resolve(const TextColumn& texts, CountPlan& plan, RunContext& run) {
  const std::string& choice = plan.options.stop_words;
  if (choice == "english") {
    plan.languages = {"en"};
    const std::string_view words = english_stop_words_of_peers().words;
    plan.stop_words = split_trimmed(words, ' ');
    return {};
  }
  if (choice == "none" || choice.starts_with('@')) {
    if (choice.starts_with('@')) {
      TG_TRY(plan.stop_words, read_word_list(choice.substr(1), "stop_words"));
    }
    return detect(texts, plan, run);
  }
  if (choice == "detect") {
    TG_TRY(detect(texts, plan, run));
    if (plan.languages.empty() && !texts.empty()) {
      run.warn("no language with a stop-word list was recognised: every word is counted");
    }
  } else {
    plan.languages = split_trimmed(choice, ',');
    if (plan.languages.empty()) {
      return option_error("stop_words",
                          "expected detect, none, english, language codes or @FILE, "
                          "found nothing");
    }
  }
  for (const std::string& language : plan.languages) {
    TG_TRY(const auto words, stop_words(language));
    append(plan.stop_words, words);
  }
  return {};
}

}  // namespace

Result<CountPlan> plan_counting(const TextColumn& texts, const CountOptions& options,
                                RunContext& run) {
  TG_TRY(validate_options(options));
  if (options.ngram_range.second < options.ngram_range.first) {
    return option_error("ngram_range", "expected shortest <= longest, found " +
                                           std::to_string(options.ngram_range.first) + ", " +
                                           std::to_string(options.ngram_range.second));
  }
  CountPlan plan;
  plan.options = options;
  TG_TRY(resolve(texts, plan, run));
  plan.stop_words.insert(plan.stop_words.end(), options.extra_stop_words.begin(),
                         options.extra_stop_words.end());
  const std::string locale = plan.languages.empty() ? "" : plan.languages.front();
  for (std::string& word : plan.stop_words) {
    word = to_lower(trimmed(word), locale);
    straighten_apostrophes(word);
  }
  std::erase(plan.stop_words, "");
  std::ranges::sort(plan.stop_words);
  plan.stop_words.erase(std::ranges::unique(plan.stop_words).begin(), plan.stop_words.end());
  TG_TRY(plan.stem_language, stem_language(options, plan.languages));
  TG_TRY(plan.vocabulary, given_vocabulary(options));
  if (options.token_rule == WordRule::pattern) {
    TG_TRY(PatternSplitter::check(options.token_pattern));
  }
  return plan;
}

Result<std::string> stem_language(const CountOptions& options,
                                  const std::vector<std::string>& languages) {
  if (options.stemming == "none") return std::string();
  if (options.stemming == "detect") {
    const bool is_known = !languages.empty() && Stemmer::knows(languages.front());
    return is_known ? languages.front() : std::string();
  }
  if (Stemmer::knows(options.stemming)) return options.stemming;
  return option_error(
      "stemming", "no stemmer for '" + options.stemming + "'; known: " + Stemmer::known_languages(),
      "use none to count words as they are");
}

}  // namespace topograph

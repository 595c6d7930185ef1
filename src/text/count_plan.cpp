#include <algorithm>
#include <fstream>
#include <sstream>

#include "text/apostrophes.hpp"
#include "text/pattern_splitter.hpp"
#include "text/stemmer.hpp"
#include "text/stop_word_lists.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/text/language.hpp"
#include "topograph/text/normalize.hpp"

namespace topograph {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    if (const auto part = trim(text.substr(0, end)); !part.empty()) parts.emplace_back(part);
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Result<std::vector<std::string>> read_word_file(const std::string& path, const char* where) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  if (file) content << file.rdbuf();
  if (!file) {
    return option_error(where, "cannot read the file '" + path + "'",
                        "@FILE names a UTF-8 text file with one word a line");
  }
  std::string text = std::move(content).str();
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);  // Byte order mark.
  return split(text, '\n');
}

Result<std::vector<std::string>> given_vocabulary(const CountOptions& options) {
  std::vector<std::string> terms;
  for (const std::string& term : options.vocabulary) {
    if (!term.starts_with('@')) {
      terms.push_back(term);
      continue;
    }
    TG_TRY(const auto more, read_word_file(term.substr(1), "vocabulary"));
    terms.insert(terms.end(), more.begin(), more.end());
  }
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
    plan.stop_words = split(words, ' ');
    return {};
  }
  if (choice == "none" || choice.starts_with('@')) {
    if (choice.starts_with('@')) {
      TG_TRY(plan.stop_words, read_word_file(choice.substr(1), "stop_words"));
    }
    return detect(texts, plan, run);
  }
  if (choice == "detect") {
    TG_TRY(detect(texts, plan, run));
    if (plan.languages.empty() && !texts.empty()) {
      run.warn("no language with a stop-word list was recognised: every word is counted");
    }
  } else {
    plan.languages = split(choice, ',');
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
    word = to_lower(trim(word), locale);
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

#include "represent/pos_words.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/represent/part_of_speech.hpp"
#include "topograph/text/normalize.hpp"
#include "topograph/text/text_windows.hpp"

namespace topograph {
namespace {

constexpr int kDocumentsPerWord = 2;
// What English writes behind a word without a space; the tagger knows it as a word of its own.
constexpr std::string_view kClitics[] = {"n't", "'s",  "'re", "'ve", "'ll", "'d", "'m",
                                         "’s",  "’re", "’ve", "’ll", "’d",  "’m"};

bool ends_sentence(std::string_view gap) {
  return gap.find_first_of(".!?;:") != std::string_view::npos;
}

bool has_mark(std::string_view gap) {
  return gap.find_first_not_of(" \t\r\n\v\f") != std::string_view::npos;
}

/// A word and what is written behind it, as the words that the tagger knows.
void append_words(std::string_view token, std::vector<std::string_view>& words) {
  for (const std::string_view clitic : kClitics) {
    if (token.size() > clitic.size() && token.ends_with(clitic)) {
      words.push_back(token.substr(0, token.size() - clitic.size()));
      words.push_back(token.substr(token.size() - clitic.size()));
      return;
    }
  }
  words.push_back(token);
}

/// Documents of a topic to look through: for every word the first two that contain it.
std::vector<std::size_t> documents_with(const std::vector<TopicWord>& words,
                                        std::span<const std::size_t> members,
                                        const TextColumn& texts) {
  std::vector<int> n_missing(words.size(), kDocumentsPerWord);
  std::size_t n_open = words.size();
  std::vector<std::size_t> found;
  for (const std::size_t member : members) {
    if (n_open == 0) break;
    const std::string text = to_lower(texts[member], "");
    bool is_wanted = false;
    for (std::size_t w = 0; w < words.size(); ++w) {
      if (n_missing[w] == 0 || text.find(words[w].term) == std::string::npos) continue;
      is_wanted = true;
      if (--n_missing[w] == 0) --n_open;
    }
    if (is_wanted) found.push_back(member);
  }
  return found;
}

/// Terms in texts where a pattern matches. One object per thread.
class Matcher {
 public:
  Matcher(const KnownTerms& terms, const PosPatterns& patterns)
      : windows_(terms), patterns_(patterns) {}

  void add_terms(std::string_view text, std::set<std::int32_t>& terms) {
    const auto tokens = windows_.read(text);
    tag(text, tokens);
    for (std::size_t begin = 0; begin < tokens.size(); ++begin) {
      for (const auto& pattern : patterns_) {
        if (!matches(pattern, begin)) continue;
        const std::int32_t term = windows_.term(begin, begin + pattern.size());
        if (term >= 0) terms.insert(term);
      }
    }
  }

 private:
  static std::string_view gap_before(std::string_view text, std::span<const TokenSpan> tokens,
                                     std::size_t i) {
    return text.substr(tokens[i - 1].end, tokens[i].begin - tokens[i - 1].end);
  }

  /// Tags of all tokens, sentence by sentence, and where no phrase goes on.
  void tag(std::string_view text, std::span<const TokenSpan> tokens) {
    tags_.clear();
    is_apart_.assign(tokens.size(), false);
    for (std::size_t begin = 0; begin < tokens.size();) {
      std::vector<std::string_view> words;
      std::vector<std::size_t> place;  // Of every token among the words.
      std::size_t end = begin;
      do {
        place.push_back(words.size());
        append_words(text.substr(tokens[end].begin, tokens[end].end - tokens[end].begin), words);
        ++end;
        if (end < tokens.size()) is_apart_[end] = has_mark(gap_before(text, tokens, end));
      } while (end < tokens.size() && !ends_sentence(gap_before(text, tokens, end)));
      const auto tags = parts_of_speech(words);
      for (const std::size_t at : place) tags_.push_back(tags[at]);
      begin = end;
    }
  }

  [[nodiscard]] bool matches(const std::vector<PartOfSpeech>& pattern, std::size_t begin) const {
    if (begin + pattern.size() > tags_.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (tags_[begin + i] != pattern[i] || (i > 0 && is_apart_[begin + i])) return false;
    }
    return true;
  }

  TextWindows windows_;
  const PosPatterns& patterns_;
  std::vector<PartOfSpeech> tags_ = {};
  std::vector<bool> is_apart_ = {};
};

/// Terms by their weights in a row.
std::vector<TopicWord> ranked(const std::set<std::int32_t>& terms, const TopicEvidence& evidence,
                              std::size_t row, std::size_t n) {
  const auto columns = evidence.weights.row_columns(row);
  const auto values = evidence.weights.row_values(row);
  std::vector<TopicWord> words;
  for (const std::int32_t term : terms) {
    const auto at = std::ranges::lower_bound(columns, term);
    if (at == columns.end() || *at != term) continue;
    words.push_back(
        {std::string(evidence.vocabulary->term(term)), values[idx(at - columns.begin())]});
  }
  std::ranges::stable_sort(
      words, [](const TopicWord& a, const TopicWord& b) { return a.weight > b.weight; });
  if (words.size() > n) words.resize(n);
  return words;
}

}  // namespace

Result<std::vector<std::vector<TopicWord>>> words_by_part_of_speech(
    const std::vector<std::vector<TopicWord>>& words, const TopicEvidence& evidence,
    const PosOptions& options, RunContext& run) {
  TG_EXPECTS(evidence.texts != nullptr && evidence.plan != nullptr);
  TG_EXPECTS(evidence.rows.size() == evidence.texts->size());
  TG_TRY(const PosPatterns patterns, parse_pos_patterns(options.patterns, "pos.patterns"));
  TG_TRY(const KnownTerms terms, KnownTerms::build(*evidence.vocabulary, *evidence.plan, run));
  std::vector<std::vector<std::size_t>> members(words.size());
  for (std::size_t i = 0; i < evidence.rows.size(); ++i) {
    if (evidence.rows[i] >= 0) members[idx(evidence.rows[i])].push_back(i);
  }
  std::vector<std::optional<Matcher>> matchers(idx(run.threads()));
  std::vector<std::vector<TopicWord>> chosen(words.size());
  TG_TRY(parallel_blocks(run, words.size(), 1, [&](const Block& block) {
    auto& matcher = matchers[block.worker];
    if (!matcher) matcher.emplace(terms, patterns);
    const std::size_t row = block.begin;
    std::set<std::int32_t> found;
    for (const std::size_t document : documents_with(words[row], members[row], *evidence.texts)) {
      matcher->add_terms((*evidence.texts)[document], found);
    }
    chosen[row] = ranked(found, evidence, row, idx(options.top_n_words));
  }));
  return chosen;
}

}  // namespace topograph

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph {

enum class WordRule : std::uint8_t { words, sklearn, pattern };
template <>
struct EnumNames<WordRule> {
  static constexpr std::array<std::string_view, 3> names{"words", "sklearn", "pattern"};
};

/// What `min_df` and `max_df` count.
enum class FrequencyOf : std::uint8_t { documents, topics };
template <>
struct EnumNames<FrequencyOf> {
  static constexpr std::array<std::string_view, 2> names{"documents", "topics"};
};

struct CountOptions {
  std::pair<int, int> ngram_range = {1, 1};
  std::string stop_words = "detect";
  std::vector<std::string> extra_stop_words = {};
  bool lowercase = true;
  WordRule token_rule = WordRule::words;
  std::string token_pattern = "\\b\\w\\w+\\b";
  bool keep_addresses = false;
  int min_length = 2;
  double min_df = 1;
  double max_df = 1.0;
  FrequencyOf df_of = FrequencyOf::documents;
  std::optional<int> max_features = {};
  std::vector<std::string> vocabulary = {};
  std::string stemming = "none";

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("ngram_range", s.ngram_range, at_least(1),
      "Shortest and longest run of words that is a term.", "n_gram_range");
    v("stop_words", s.stop_words, any_value(),
      "`detect` (languages of the corpus), `none`, `english` (scikit-learn's list), language codes "
      "like `en,de`, or @FILE.");
    v("extra_stop_words", s.extra_stop_words, any_value(), "Further words that are left out.");
    v("lowercase", s.lowercase, any_value(),
      "Count words in lower case, by the rules of the main language.");
    v("token_rule", s.token_rule, any_value(),
      "words: ICU word boundaries; sklearn: runs of two or more word characters; pattern: what "
      "`token_pattern` matches.");
    v("token_pattern", s.token_pattern, any_value(),
      "ICU regular expression of a word, with token_rule=pattern; of one with a group, the group.");
    v("keep_addresses", s.keep_addresses, any_value(),
      "Parts of web and e-mail addresses and HTML entities are words, too; with token_rule=words.");
    v("min_length", s.min_length, at_least(1),
      "Shortest word in characters; CJK words may be shorter; a pattern decides by itself.");
    v("min_df", s.min_df, at_least(0),
      "Documents (or topics, see df_of) a term must occur in: a count when >= 1, else a share.");
    v("max_df", s.max_df, at_least(0),
      "Documents (or topics) a term may occur in: a count when > 1, else a share.");
    v("df_of", s.df_of, any_value(),
      "What min_df and max_df count: documents, or topics as BERTopic does.");
    v("max_features", s.max_features, at_least(1), "Keep only the most frequent terms.");
    v("vocabulary", s.vocabulary, any_value(),
      "Count these terms and no others, or those of @FILE, one a line; min_df, max_df and "
      "max_features do not matter then.");
    v("stemming", s.stemming, any_value(),
      "Count the forms of a word together and show the most frequent one: none, detect (main "
      "language of the corpus) or a language code like `en`.");
  }
};

/// Terms with dense ids 0..V-1 in the order of their bytes, and the documents each occurs in.
class Vocabulary {
 public:
  Vocabulary() = default;
  /// `terms` must ascend strictly.
  Vocabulary(TextColumn terms, std::vector<std::int64_t> document_frequency);
  [[nodiscard]] std::size_t size() const { return terms_.size(); }
  [[nodiscard]] std::string_view term(std::int32_t id) const {
    return terms_[static_cast<std::size_t>(id)];
  }
  [[nodiscard]] std::int32_t find(std::string_view term) const;  ///< -1: unknown. O(log V)
  [[nodiscard]] const TextColumn& terms() const { return terms_; }
  [[nodiscard]] std::span<const std::int64_t> document_frequency() const { return frequency_; }

 private:
  TextColumn terms_ = {};
  std::vector<std::int64_t> frequency_ = {};
};

/// How terms were cut out of text: everything that counting new documents needs. Immutable.
struct CountPlan {
  CountOptions options = {};
  /// Languages of the corpus by share, or those that `stop_words` names; the first one is the main
  /// language, whose rules lower-casing and word boundaries follow.
  std::vector<std::string> languages = {};
  std::vector<std::string> stop_words = {};  ///< Ascending.
  std::string stem_language = {};            ///< Empty: words are counted as they are.
  std::vector<std::string> vocabulary = {};  ///< Ascending; empty: any term.
};

/// Term counts of classes (topics), (n_classes, V), values > 0.
struct TermCounts {
  CountPlan plan = {};
  Vocabulary vocabulary = {};
  Csr<double> counts = {};
  std::vector<std::string> warnings = {};
};

/// Language whose words are stemmed; empty: none, or no stemmer for the main language.
/// @error option subject: a language without a stemmer, listing those with one.
[[nodiscard]] Result<std::string> stem_language(const CountOptions& options,
                                                const std::vector<std::string>& languages);

/// Resolves stop words, languages and the vocabulary for a corpus.
/// @error option subject: unknown language or file, a pattern that is none.
[[nodiscard]] Result<CountPlan> plan_counting(const TextColumn& texts, const CountOptions& options,
                                              RunContext& run);

/// Counts the terms of every class over its documents.
///
/// With token_rule=words a text is brought into NFC and lower case and split at ICU's word
/// boundaries (see WordSplitter); U+2019 counts as an apostrophe; the English possessive "'s" and
/// the elided articles of French, Italian and Catalan ("l'homme") are cut off when the plan names
/// the language. Numbers are words like others: "42" is counted, "7" is shorter than min_length.
/// Words of scripts written without spaces, and emoji, may be shorter than min_length. With
/// token_rule=sklearn or pattern nothing depends on the language.
///
/// min_df, max_df and max_features compare over documents that are in a class, copies counted (with
/// df_of=topics over classes); max_features keeps the largest total counts, ties by the bytes of
/// the term. When no term is left, the vocabulary is empty and `warnings` says why.
///
/// Counts take up to half of the memory budget. Beyond that the rarest terms are dropped along the
/// way, again and again if need be, and a warning says up to which frequency counts may be too low:
/// three-word terms of ten million texts are mostly such.
/// @param classes  Class of each document in [0, n_classes), or -1 to leave it out.
/// @param weights  Copies of each document; empty: 1. A folded duplicate counts as often as it
/// occurs. n-grams are formed after stop words are removed, as scikit-learn does.
/// @determinism Independent of the thread count; of the memory budget while it suffices.
/// @peer scikit-learn 1.9.1 CountVectorizer with token_rule=sklearn, min_length=2 (golden test).
[[nodiscard]] Result<TermCounts> count_terms(const TextColumn& texts,
                                             std::span<const std::int32_t> classes,
                                             std::size_t n_classes,
                                             std::span<const std::int32_t> weights,
                                             const CountPlan& plan, RunContext& run);

/// Counts of known terms in single documents, (rows.size(), V).
[[nodiscard]] Result<Csr<double>> count_documents(const TextColumn& texts,
                                                  std::span<const std::int64_t> rows,
                                                  const Vocabulary& vocabulary,
                                                  const CountPlan& plan, RunContext& run);

}  // namespace topograph

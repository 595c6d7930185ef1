#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/topics/types.hpp"

namespace topograph {

struct MmrOptions {
  double diversity = 0.1;
  int top_n_words = 10;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("diversity", s.diversity, between(0, 1),
      "0: the words most like the topic; 1: words unlike each other.");
    v("top_n_words", s.top_n_words, between(1, 1000), "Words that are chosen.");
  }
};

struct KeybertOptions {
  int top_n_words = 10;
  int nr_repr_docs = 5;
  int nr_candidate_words = 100;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("top_n_words", s.top_n_words, between(1, 1000), "Words that are chosen.");
    v("nr_repr_docs", s.nr_repr_docs, between(1, 1000),
      "Typical documents whose mean vector stands for the topic.");
    v("nr_candidate_words", s.nr_candidate_words, between(1, 100000),
      "Best words by class TF-IDF that are compared with it.");
  }
};

struct PosOptions {
  std::vector<std::string> patterns = {"ADJ NOUN", "NOUN", "ADJ"};
  int top_n_words = 10;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("patterns", s.patterns, any_value(),
      "Parts of speech that words must have, tags of Universal Dependencies; phrases need "
      "words.ngram_range to count them.",
      "pos_patterns");
    v("top_n_words", s.top_n_words, between(1, 1000), "Words that are chosen.");
  }
};

/// Options of every step of a chain.
struct StepOptions {
  MmrOptions mmr = {};
  KeybertOptions keybert = {};
  PosOptions pos = {};
};

/// Chains of representations, e.g. `keybert,mmr`; every one refines the words of the one before.
struct RepresentOptions {
  std::string main = {};
  std::vector<std::string> aspects = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("main", s.main, any_value(),
      "Chain that makes the topics' words: keybert, mmr, pos (parts of speech, English), or "
      "several like keybert,mmr (empty: class TF-IDF).");
    v("aspects", s.aspects, any_value(),
      "Further descriptions kept beside the words, as NAME=keybert or NAME=keybert+mmr.");
  }
};

enum class Representation : std::uint8_t { keybert, mmr, pos };
template <>
struct EnumNames<Representation> {
  static constexpr std::array<std::string_view, 3> names{"keybert", "mmr", "pos"};
};

/// "keybert,mmr" or "keybert+mmr". @error option subject: a name that is none.
[[nodiscard]] Result<std::vector<Representation>> parse_chain(std::string_view text,
                                                              std::string_view where);

/// True when a step compares vectors of words.
[[nodiscard]] bool embeds_words(const std::vector<Representation>& chain);
/// The same of any chain of the options; a text that is no chain counts as none.
[[nodiscard]] bool embeds_words(const RepresentOptions& options);

/// What the steps of a chain look at.
struct TopicEvidence {
  CsrView<double> weights = {};  ///< (topics, terms) class TF-IDF; -1 first when it is there.
  const Vocabulary* vocabulary = nullptr;
  MatrixView<const float> vectors = {};     ///< (topics, d) mean vector of typical documents.
  const TextColumn* texts = nullptr;        ///< Documents, for `pos`, ...
  std::span<const std::int32_t> rows = {};  ///< ... the row of each one's topic, -1: none, ...
  const CountPlan* plan = nullptr;          ///< ... and how they were counted.
};

/// Words of every topic after a chain that starts from the best 30 by class TF-IDF (or
/// `top_n_words`, if that is more).
///
/// MMR keeps order and weights of the words it was given, and only leaves some out. Every word is
/// embedded once, however many topics have it.
/// @param embedder  May be null when no step embeds words.
/// @error  What the embedder reports; option subject: patterns of `pos`; cancelled.
/// @determinism As the embedder's.
/// @peer   BERTopic 0.17.4 `MaximalMarginalRelevance`, `KeyBERTInspired`, `PartOfSpeech` in a list
///         (used alone during fit, the peer's KeyBERTInspired compares with documents of other
///         topics).
[[nodiscard]] Result<std::vector<std::vector<TopicWord>>> represent_topics(
    const TopicEvidence& evidence, const std::vector<Representation>& chain,
    const StepOptions& options, int top_n_words, const Embedder* embedder, RunContext& run);

}  // namespace topograph

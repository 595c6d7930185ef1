#include "topograph/represent/represent_topics.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "represent/pos_words.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/represent/steps.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph {
namespace {

constexpr int kLeastCandidates = 30;  // What BERTopic hands to the first step of a chain.

using TopicWords = std::vector<std::vector<TopicWord>>;

std::string joined(const std::vector<TopicWord>& words) {
  std::string text;
  for (const TopicWord& word : words) text += (text.empty() ? "" : " ") + word.term;
  return text;
}

/// Vectors of texts, each embedded once.
class TextVectors {
 public:
  void want(const std::string& text) {
    if (row_of_.try_emplace(text, texts_.size()).second) texts_.push_back(text);
  }
  Result<void> embed(const Embedder& embedder, RunContext& run) {
    vectors_ = Matrix<float>(texts_.size(), embedder.dimension());
    if (texts_.empty()) return {};
    TG_TRY(embedder.embed(texts_, vectors_.view(), run));
    return {};
  }
  [[nodiscard]] std::span<const float> of(const std::string& text) const {
    return vectors_.row(row_of_.at(text));
  }
  [[nodiscard]] Matrix<float> of_words(const std::vector<TopicWord>& words) const {
    Matrix<float> rows(words.size(), vectors_.cols());
    for (std::size_t i = 0; i < words.size(); ++i) {
      std::ranges::copy(of(words[i].term), rows.row(i).begin());
    }
    return rows;
  }

 private:
  TextColumn texts_ = {};
  std::unordered_map<std::string, std::size_t> row_of_ = {};
  Matrix<float> vectors_ = {};
};

TopicWords best_words(const TopicEvidence& evidence, std::size_t n) {
  TopicWords words;
  for (std::size_t row = 0; row < evidence.weights.rows(); ++row) {
    words.push_back(top_words(evidence.weights, row, *evidence.vocabulary, n));
  }
  return words;
}

Result<TopicWords> by_keybert(const TopicEvidence& evidence, const KeybertOptions& options,
                              const Embedder& embedder, RunContext& run) {
  TG_EXPECTS(evidence.vectors.rows() == evidence.weights.rows());
  TopicWords words = best_words(evidence, idx(options.nr_candidate_words));
  TextVectors vectors;
  for (const auto& topic : words) {
    for (const TopicWord& word : topic) vectors.want(word.term);
  }
  TG_TRY(vectors.embed(embedder, run));
  for (std::size_t t = 0; t < words.size(); ++t) {
    words[t] = words_by_similarity(words[t], vectors.of_words(words[t]).view(),
                                   evidence.vectors.row(t), idx(options.top_n_words));
  }
  return words;
}

Result<TopicWords> by_mmr(TopicWords words, const MmrOptions& options, const Embedder& embedder,
                          RunContext& run) {
  TextVectors vectors;
  for (const auto& topic : words) {
    vectors.want(joined(topic));
    for (const TopicWord& word : topic) vectors.want(word.term);
  }
  TG_TRY(vectors.embed(embedder, run));
  for (auto& topic : words) {
    auto kept =
        maximal_marginal_relevance(vectors.of_words(topic).view(), vectors.of(joined(topic)),
                                   options.diversity, idx(options.top_n_words));
    std::ranges::sort(kept);
    std::vector<TopicWord> chosen;
    for (const std::size_t i : kept) chosen.push_back(topic[i]);
    topic = std::move(chosen);
  }
  return words;
}

}  // namespace

Result<std::vector<Representation>> parse_chain(std::string_view text, std::string_view where) {
  std::vector<Representation> chain;
  const auto& names = EnumNames<Representation>::names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(",+"), text.size());
    const auto found = std::ranges::find(names, text.substr(0, end));
    if (found == names.end()) {
      return option_error(std::string(where), "expected a chain of keybert, mmr and pos, found '" +
                                                  std::string(text.substr(0, end)) + "'");
    }
    chain.push_back(static_cast<Representation>(found - names.begin()));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return chain;
}

bool embeds_words(const std::vector<Representation>& chain) {
  return std::ranges::any_of(chain,
                             [](Representation step) { return step != Representation::pos; });
}

bool embeds_words(const RepresentOptions& options) {
  const auto embeds = [](std::string_view text) {
    const auto chain = parse_chain(text, "");
    return chain && embeds_words(*chain);
  };
  return embeds(options.main) || std::ranges::any_of(options.aspects, [&](std::string_view aspect) {
           return embeds(aspect.substr(std::min(aspect.find('=') + 1, aspect.size())));
         });
}

Result<TopicWords> represent_topics(const TopicEvidence& evidence,
                                    const std::vector<Representation>& chain,
                                    const StepOptions& options, int top_n_words,
                                    const Embedder* embedder, RunContext& run) {
  if (chain.empty()) return best_words(evidence, idx(top_n_words));
  TG_EXPECTS(embedder != nullptr || !embeds_words(chain));
  const Stage stage(run, "represent");
  TopicWords words = best_words(evidence, idx(std::max(top_n_words, kLeastCandidates)));
  for (const Representation step : chain) {
    switch (step) {
      case Representation::keybert: {
        TG_TRY(words, by_keybert(evidence, options.keybert, *embedder, run));
        break;
      }
      case Representation::mmr: {
        TG_TRY(words, by_mmr(std::move(words), options.mmr, *embedder, run));
        break;
      }
      case Representation::pos: {
        TG_TRY(words, words_by_part_of_speech(words, evidence, options.pos, run));
        break;
      }
    }
  }
  return words;
}

}  // namespace topograph

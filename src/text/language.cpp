// Which languages a corpus is written in.
//
// The script of most letters decides first: Thai, Hangul, Kana, Greek ... have one language with a
// list. A script that a few documents have is enough, as its words are nobody else's. Among the
// languages of one script a mixture model decides: a document is a bag of words, every word of a
// language's list makes that language `exp(kHitWeight)` times as likely, and the shares of the
// languages are fitted to the corpus by expectation maximisation. So a title with one telling word
// is read in the language of its neighbours, and no single short document can bring in a language
// of its own.
#include "topograph/text/language.hpp"

#include <unicode/uscript.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <unordered_map>

#include "text/apostrophes.hpp"
#include "text/scripts.hpp"
#include "text/stop_word_lists.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/text/normalize.hpp"
#include "topograph/text/words.hpp"

namespace topograph {
namespace {

constexpr std::size_t kScriptSample = 20'000;
constexpr std::size_t kBytesOfScript = 400;
constexpr std::size_t kWordSample = 2000;        // Documents of every script.
constexpr std::size_t kBytesPerDocument = 4000;  // Enough words to tell any language.
constexpr std::size_t kGrain = 64;
constexpr double kHitWeight = 3.0;  // A function word is about 20 times as frequent at home.
constexpr int kIterations = 20;
constexpr double kSmallestShare = 0.0002;      // Of all documents, ...
constexpr double kSmallestOfItsScript = 0.02;  // ... where the words of others look alike.
// A longer text with fewer hits is in a language that has no list here.
constexpr std::size_t kLongText = 10;
constexpr double kFewestHits = 0.05;

// Word -> languages that list it; language -> script.
struct LanguageModel {
  std::unordered_map<std::string_view, std::vector<std::uint8_t>> languages_of = {};
  std::vector<std::int32_t> script = {};
};

LanguageModel build_model() {
  LanguageModel model;
  const auto lists = stop_word_lists();
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const auto words = stop_words(lists[i].language);
    for (const std::string_view word : *words) {
      model.languages_of[word].push_back(static_cast<std::uint8_t>(i));
    }
    model.script.push_back(main_script(lists[i].words));
  }
  return model;
}

const LanguageModel& language_model() {
  static const LanguageModel model = build_model();
  return model;
}

struct Evidence {
  std::size_t document = 0;
  double weight = 1;  ///< Documents that it stands for.
  std::int32_t script = -1;
  std::size_t n_words = 0;
  std::vector<std::int32_t> hits = {};  ///< Per language; empty when the script settles it.
};

std::vector<std::size_t> languages_in(std::int32_t script, const LanguageModel& model) {
  std::vector<std::size_t> languages;
  for (std::size_t i = 0; i < model.script.size(); ++i) {
    if (model.script[i] == script) languages.push_back(i);
  }
  return languages;
}

std::string_view beginning(std::string_view text, std::size_t n_bytes) {
  if (text.size() <= n_bytes) return text;
  std::size_t end = n_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

void count_hits(std::string_view text, const LanguageModel& model, WordSplitter& splitter,
                std::vector<TokenSpan>& spans, Evidence& evidence) {
  std::string lower = to_lower(text, "");
  straighten_apostrophes(lower);
  splitter.split(lower, spans);
  evidence.hits.assign(model.script.size(), 0);
  for (const TokenSpan& span : spans) {
    const std::string_view word = std::string_view(lower).substr(span.begin, span.end - span.begin);
    if (!has_letter_or_digit(word)) continue;
    ++evidence.n_words;
    auto found = model.languages_of.find(word);
    if (found == model.languages_of.end()) {  // "l'homme": the article tells as much.
      found = model.languages_of.find(word.substr(0, word.find('\'')));
    }
    if (found == model.languages_of.end()) continue;
    for (const std::uint8_t language : found->second) {
      if (model.script[language] == evidence.script) ++evidence.hits[language];
    }
  }
}

// Too few hits in a longer text: none of the known languages.
bool is_unknown(const Evidence& evidence) {
  const auto most = static_cast<double>(*std::ranges::max_element(evidence.hits));
  if (most == 0) return true;
  return evidence.n_words >= kLongText &&
         most < kFewestHits * static_cast<double>(evidence.n_words);
}

// Shares of the mixture and the language each document belongs to (-1: none).
class Mixture {
 public:
  Mixture(const std::vector<Evidence>& documents, const LanguageModel& model)
      : documents_(documents), model_(model), shares_(model.script.size(), 1.0) {
    for (int i = 0; i < kIterations; ++i) step();
  }

  [[nodiscard]] std::int32_t language_of(const Evidence& evidence) const {
    if (evidence.hits.empty()) {
      const auto candidates = languages_in(evidence.script, model_);
      return candidates.empty() ? -1 : static_cast<std::int32_t>(candidates.front());
    }
    if (is_unknown(evidence)) return -1;
    std::int32_t best = -1;
    double best_score = 0;
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      if (evidence.hits[i] == 0 || shares_[i] <= 0) continue;
      const double score = log_score(evidence, i);
      if (best < 0 || score > best_score) {
        best = static_cast<std::int32_t>(i);
        best_score = score;
      }
    }
    return best;
  }

 private:
  [[nodiscard]] double log_score(const Evidence& evidence, std::size_t language) const {
    return std::log(shares_[language]) + kHitWeight * evidence.hits[language];
  }

  void step() {
    std::vector<double> next(shares_.size(), 0.0);
    std::vector<double> score(shares_.size(), 0.0);
    for (const Evidence& evidence : documents_) {
      if (evidence.hits.empty() || is_unknown(evidence)) continue;
      double highest = -1e300;
      for (std::size_t i = 0; i < score.size(); ++i) {
        const bool is_possible = evidence.hits[i] > 0 && shares_[i] > 0;
        score[i] = is_possible ? log_score(evidence, i) : -1e300;
        highest = std::max(highest, score[i]);
      }
      double sum = 0;
      for (double& s : score) sum += s = s <= -1e300 ? 0.0 : std::exp(s - highest);
      if (sum <= 0) continue;
      for (std::size_t i = 0; i < score.size(); ++i) next[i] += score[i] / sum;
    }
    shares_ = std::move(next);
  }

  const std::vector<Evidence>& documents_;
  const LanguageModel& model_;
  std::vector<double> shares_;
};

/// Documents whose words are looked at: of every script up to kWordSample, evenly apart.
Result<std::vector<Evidence>> choose_documents(const TextColumn& texts, RunContext& run) {
  const std::size_t n_sample = std::min(texts.size(), kScriptSample);
  std::vector<std::int32_t> scripts(n_sample, -1);
  TG_TRY(parallel_blocks(run, n_sample, kGrain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      scripts[i] = main_script(beginning(texts[i * texts.size() / n_sample], kBytesOfScript));
    }
  }));
  std::map<std::int32_t, std::vector<std::size_t>> of_script;
  for (std::size_t i = 0; i < n_sample; ++i) {
    if (scripts[i] >= 0) of_script[scripts[i]].push_back(i * texts.size() / n_sample);
  }
  std::vector<Evidence> chosen;
  for (const auto& [script, documents] : of_script) {
    const std::size_t n = std::min(documents.size(), kWordSample);
    const double weight = static_cast<double>(documents.size()) / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
      chosen.push_back(
          {.document = documents[i * documents.size() / n], .weight = weight, .script = script});
    }
  }
  return chosen;
}

/// Languages with enough documents, the largest first.
std::vector<LanguageShare> shares_of(const std::vector<double>& counts,
                                     const LanguageModel& model) {
  std::map<std::int32_t, double> of_script;
  double all = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    of_script[model.script[i]] += counts[i];
    all += counts[i];
  }
  std::vector<LanguageShare> shares;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] > 0 && counts[i] >= kSmallestShare * all &&
        counts[i] >= kSmallestOfItsScript * of_script[model.script[i]]) {
      shares.push_back({std::string(stop_word_lists()[i].language), counts[i] / all});
    }
  }
  std::ranges::sort(shares, [](const LanguageShare& a, const LanguageShare& b) {
    return a.share != b.share ? a.share > b.share : a.language < b.language;
  });
  return shares;
}

}  // namespace

Result<std::vector<LanguageShare>> detect_languages(const TextColumn& texts, RunContext& run) {
  const LanguageModel& model = language_model();
  TG_TRY(auto documents, choose_documents(texts, run));
  TG_TRY(parallel_blocks(run, documents.size(), kGrain, [&](const Block& block) {
    WordSplitter splitter;
    std::vector<TokenSpan> spans;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      Evidence& evidence = documents[i];
      if (languages_in(evidence.script, model).size() > 1) {
        const std::string_view text = beginning(texts[evidence.document], kBytesPerDocument);
        count_hits(text, model, splitter, spans, evidence);
      }
    }
  }));
  const Mixture mixture(documents, model);
  std::vector<double> counts(model.script.size(), 0.0);
  for (const Evidence& evidence : documents) {
    const std::int32_t language = mixture.language_of(evidence);
    if (language >= 0) counts[idx(language)] += evidence.weight;
  }
  return shares_of(counts, model);
}

}  // namespace topograph

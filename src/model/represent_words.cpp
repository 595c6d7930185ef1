#include "model/represent_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "topograph/cluster/types.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/text/normalize.hpp"

namespace topograph {
namespace {

/// Mean vectors of the typical documents of every row of the counts.
Result<Matrix<float>> typical_vectors(const WordSource& source, const FitOptions& fit,
                                      const TopicDescription& description,
                                      const Csr<double>& weights, RunContext& run) {
  std::vector<std::int32_t> classes(source.labels.begin(), source.labels.end());
  for (std::int32_t& class_id : classes) class_id += description.has_outliers ? 1 : 0;
  TopicOptions options = fit.topics;
  options.n_representative = fit.keybert.nr_repr_docs;
  TG_TRY(const auto typical,
         representative_documents(source.texts, classes, description.counts, weights.view(),
                                  description.idf, fit.ctfidf, options, run));
  TextColumn wanted;
  for (const auto& rows : typical) {
    for (const std::int64_t row : rows) wanted.push_back(source.texts[idx(row)]);
  }
  const bool is_kept = !source.vectors.empty();
  Matrix<float> vectors(is_kept ? 0 : wanted.size(), source.embedder->dimension());
  if (!is_kept && !wanted.empty()) {
    TG_TRY(source.embedder->embed(wanted, vectors.view(), run));
  }
  Matrix<float> means(typical.size(), is_kept ? source.vectors.cols() : vectors.cols());
  std::size_t next = 0;
  for (std::size_t topic = 0; topic < typical.size(); ++topic) {
    std::vector<double> sum(means.cols(), 0.0);
    for (const std::int64_t row : typical[topic]) {
      const auto vector =
          is_kept ? source.vectors.row(idx(row)) : std::as_const(vectors).row(next++);
      for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += static_cast<double>(vector[j]);
    }
    for (std::size_t j = 0; j < sum.size() && !typical[topic].empty(); ++j) {
      means[topic, j] = static_cast<float>(sum[j] / static_cast<double>(typical[topic].size()));
    }
  }
  return means;
}

struct NamedChain {
  std::string name = {};  ///< Empty: the topics' own words.
  std::vector<Representation> chain = {};
};

Result<std::vector<NamedChain>> parse_chains(const RepresentOptions& options) {
  std::vector<NamedChain> chains(1);
  TG_TRY(chains.front().chain, parse_chain(options.main, "represent.main"));
  std::set<std::string> names;
  for (const std::string& aspect : options.aspects) {
    const auto equals = aspect.find('=');
    if (equals == std::string::npos || equals == 0) {
      return option_error("represent.aspects",
                          fmt::format("expected NAME=keybert or the like, found '{}'", aspect));
    }
    NamedChain named{aspect.substr(0, equals), {}};
    TG_TRY(named.chain,
           parse_chain(std::string_view(aspect).substr(equals + 1), "represent.aspects"));
    if (!names.insert(named.name).second) {
      return option_error("represent.aspects", "the aspect " + named.name + " is named twice");
    }
    chains.push_back(std::move(named));
  }
  return chains;
}

bool uses(const std::vector<NamedChain>& chains, Representation step) {
  return std::ranges::any_of(chains, [&](const NamedChain& named) {
    return std::ranges::find(named.chain, step) != named.chain.end();
  });
}

bool knows_texts(const TextColumn& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!is_blank(texts[i])) return true;
  }
  return false;
}

/// What is lost, as a sentence begins: "the aspects a, b".
std::string named(const std::vector<std::string>& lost) {
  std::vector<std::string> aspects;
  for (const std::string& name : lost) {
    if (!name.empty()) aspects.push_back(name);
  }
  std::string text = aspects.size() < lost.size() ? "the words are those of the class TF-IDF" : "";
  if (aspects.empty()) return text;
  if (!text.empty()) text += " and ";
  return text + fmt::format("the aspect{} {} {} gone", aspects.size() > 1 ? "s" : "",
                            fmt::join(aspects, ", "), aspects.size() > 1 ? "are" : "is");
}

}  // namespace

Result<void> write_words(const WordSource& source, const FitOptions& fit,
                         TopicDescription& description, RunContext& run) {
  TG_TRY(const auto chains, parse_chains(fit.represent));
  if (source.embedder == nullptr &&
      (uses(chains, Representation::keybert) || uses(chains, Representation::mmr))) {
    return option_error(
        "represent", "words need the encoder that made the documents' vectors",
        "fit with --model instead of --embeddings, or name it with relabel --model");
  }
  const auto& languages = description.counts.plan.languages;
  if (uses(chains, Representation::pos) && !languages.empty() &&
      std::ranges::find(languages, "en") == languages.end()) {
    run.warn("pos knows English words only, and no document was found to be English");
  }
  const Csr<double> weights =
      class_tfidf(description.counts.counts.view(), description.idf, fit.ctfidf);
  const std::int32_t first = description.has_outliers ? kNoise : 0;
  std::vector<std::int32_t> rows(source.labels.begin(), source.labels.end());
  for (std::int32_t& row : rows) row -= first;
  TopicEvidence evidence{.weights = weights.view(),
                         .vocabulary = &description.counts.vocabulary,
                         .texts = &source.texts,
                         .rows = rows,
                         .plan = &description.counts.plan};
  Matrix<float> vectors;
  if (uses(chains, Representation::keybert)) {
    TG_TRY(vectors, typical_vectors(source, fit, description, weights, run));
    evidence.vectors = vectors.view();
  }
  std::vector<std::vector<std::vector<TopicWord>>> words;
  for (const NamedChain& chain : chains) {
    TG_TRY(auto found, represent_topics(evidence, chain.chain, {fit.mmr, fit.keybert, fit.pos},
                                        fit.topics.top_n_words, source.embedder, run));
    words.push_back(std::move(found));
  }
  for (Topic& topic : description.table.topics) {
    if (topic.id < first) continue;  // Blank documents have no words.
    const std::size_t row = idx(topic.id - first);
    topic.words = words[0][row];
    topic.aspects.clear();
    for (std::size_t a = 1; a < chains.size(); ++a) {
      topic.aspects.push_back({chains[a].name, words[a][row]});
    }
    if (!topic.is_named) topic.label = default_label(topic);
  }
  return {};
}

Result<RepresentOptions> write_words_again(const WordSource& source, const FitOptions& fit,
                                           TopicDescription& description, RunContext& run) {
  TG_TRY(const auto chains, parse_chains(fit.represent));
  const bool has_texts = knows_texts(source.texts);
  FitOptions possible = fit;
  possible.represent = {};
  std::vector<std::string> lost;
  for (std::size_t i = 0; i < chains.size(); ++i) {
    if (chains[i].chain.empty() && i == 0) continue;
    if (!has_texts || (source.embedder == nullptr && embeds_words(chains[i].chain))) {
      lost.push_back(chains[i].name);
    } else if (i == 0) {
      possible.represent.main = fit.represent.main;
    } else {
      possible.represent.aspects.push_back(fit.represent.aspects[i - 1]);
    }
  }
  if (!lost.empty()) {
    run.warn(named(lost) + (has_texts ? ": they need the encoder of the documents' vectors "
                                        "(relabel --representation, --aspects makes them again)"
                                      : ": they need the documents, which the model lacks"));
  }
  if (possible.represent.main.empty() && possible.represent.aspects.empty()) {
    return RepresentOptions{};
  }
  TG_TRY(write_words(source, possible, description, run));
  return possible.represent;
}

}  // namespace topograph

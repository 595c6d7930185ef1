#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "model/model_data.hpp"
#include "model/steer.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/represent/represent_topics.hpp"

namespace topograph {
namespace {

Result<TextColumn> texts_of_points(const TextColumn& documents, const Points& points) {
  if (documents.empty() && points.keys.empty() && points.size() > 0) {
    return model_error(ErrorCode::unsupported, "model",
                       "other words need the documents, and the model has none: it was converted",
                       "convert it again with --documents");
  }
  if (documents.size() != points.of_document.size()) {
    return input_error(ErrorCode::invalid_argument, "documents",
                       fmt::format("expected the {} documents of the fit, found {}",
                                   points.of_document.size(), documents.size()));
  }
  TextColumn texts;
  for (const std::int64_t row : points.first_row) texts.push_back(documents[idx(row)]);
  return texts;
}

/// Mean vectors of the typical documents of every row of the counts.
Result<Matrix<float>> typical_vectors(const TopicModel::Data& data, const TextColumn& texts,
                                      const Csr<double>& weights, int n, const Embedder& embedder,
                                      RunContext& run) {
  const TopicDescription& description = data.description;
  std::vector<std::int32_t> classes = data.clusters.labels;
  for (std::int32_t& class_id : classes) class_id += description.has_outliers ? 1 : 0;
  TopicOptions options = data.options.topics;
  options.n_representative = n;
  TG_TRY(const auto typical,
         representative_documents(texts, classes, description.counts, weights.view(),
                                  description.idf, data.options.ctfidf, options, run));
  TextColumn wanted;
  for (const auto& rows : typical) {
    for (const std::int64_t row : rows) wanted.push_back(texts[idx(row)]);
  }
  const bool is_kept = !data.embeddings.empty();
  Matrix<float> vectors(is_kept ? 0 : wanted.size(), embedder.dimension());
  if (!is_kept && !wanted.empty()) {
    TG_TRY(embedder.embed(wanted, vectors.view(), run));
  }
  Matrix<float> means(typical.size(), is_kept ? data.embeddings.cols() : vectors.cols());
  std::size_t next = 0;
  for (std::size_t topic = 0; topic < typical.size(); ++topic) {
    std::vector<double> sum(means.cols(), 0.0);
    for (const std::int64_t row : typical[topic]) {
      const auto vector = is_kept ? std::as_const(data.embeddings).row(idx(row))
                                  : std::as_const(vectors).row(next++);
      for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += static_cast<double>(vector[j]);
    }
    for (std::size_t j = 0; j < sum.size() && !typical[topic].empty(); ++j) {
      means[topic, j] = static_cast<float>(sum[j] / static_cast<double>(typical[topic].size()));
    }
  }
  return means;
}

void rename_by_words(TopicModel::Data& data) {
  for (Topic& topic : data.description.table.topics) {
    if (!topic.is_named) topic.label = default_label(topic);
  }
  for (std::size_t i = 0; i < data.point_layers.size(); ++i) {
    if (data.point_layers[i].labels != data.clusters.labels) continue;
    for (const Topic& topic : data.description.table.topics) {
      if (topic.id >= 0) data.layers[i].names[idx(topic.id)] = topic.label;
    }
  }
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

}  // namespace

Result<void> TopicModel::represent(const RepresentOptions& options, const StepOptions& steps,
                                   const TextColumn& documents, const Embedder* embedder,
                                   RunContext& run) {
  Data& data = *data_;
  TG_TRY(const auto chains, parse_chains(options));
  const auto uses = [&](Representation step) {
    return std::ranges::any_of(chains, [&](const NamedChain& named) {
      return std::ranges::find(named.chain, step) != named.chain.end();
    });
  };
  if (embedder == nullptr) embedder = own_embedder();
  if (embedder == nullptr && (uses(Representation::keybert) || uses(Representation::mmr))) {
    return option_error(
        "represent", "words need the encoder that made the documents' vectors",
        "fit with --model instead of --embeddings, or name it with relabel --model");
  }
  const auto& languages = data.description.counts.plan.languages;
  if (uses(Representation::pos) && !languages.empty() &&
      std::ranges::find(languages, "en") == languages.end()) {
    run.warn("pos knows English words only, and no document was found to be English");
  }
  TG_TRY(const TextColumn texts, texts_of_points(documents, data.points));
  const TopicDescription& description = data.description;
  const Csr<double> weights =
      class_tfidf(description.counts.counts.view(), description.idf, data.options.ctfidf);
  const std::int32_t first = description.has_outliers ? kNoise : 0;
  std::vector<std::int32_t> rows = data.clusters.labels;
  for (std::int32_t& row : rows) row -= first;
  TopicEvidence evidence{.weights = weights.view(),
                         .vocabulary = &description.counts.vocabulary,
                         .texts = &texts,
                         .rows = rows,
                         .plan = &description.counts.plan};
  Matrix<float> vectors;
  if (uses(Representation::keybert)) {
    TG_TRY(vectors,
           typical_vectors(data, texts, weights, steps.keybert.nr_repr_docs, *embedder, run));
    evidence.vectors = vectors.view();
  }
  std::vector<std::vector<std::vector<TopicWord>>> words;
  for (const NamedChain& named : chains) {
    TG_TRY(auto found, represent_topics(evidence, named.chain, steps,
                                        data.options.topics.top_n_words, embedder, run));
    words.push_back(std::move(found));
  }
  for (Topic& topic : data.description.table.topics) {
    if (topic.id < first) continue;  // Blank documents have no words.
    const std::size_t row = idx(topic.id - first);
    topic.words = words[0][row];
    topic.aspects.clear();
    for (std::size_t a = 1; a < chains.size(); ++a) {
      topic.aspects.push_back({chains[a].name, words[a][row]});
    }
  }
  rename_by_words(data);
  data.options.represent = options;
  data.options.mmr = steps.mmr;
  data.options.keybert = steps.keybert;
  data.options.pos = steps.pos;
  return {};
}

Result<void> TopicModel::recount(const CountOptions& words, const ClassTfidfOptions& tfidf,
                                 const TopicOptions& topics, const TextColumn& documents,
                                 RunContext& run) {
  Data& data = *data_;
  TG_TRY(const TextColumn texts, texts_of_points(documents, data.points));
  TG_TRY(const auto plan, plan_counting(texts, words, run));
  TG_TRY(auto counts, count_topics(texts, data.clusters.labels, data.points.weights,
                                   data.clusters.n_clusters, plan, run));
  FitOptions options = data.options;
  options.ctfidf = tfidf;
  TG_TRY(const auto weighting, seeded_weighting(options, counts, true, run));
  TG_TRY(auto description,
         describe_counts(std::move(counts), texts, data.clusters.labels, data.points.weights,
                         data.points.first_row, data.clusters.n_clusters, weighting, topics, run));
  for (const std::string& warning : description.counts.warnings) run.warn("topics: " + warning);
  for (Topic& topic : description.table.topics) {
    const Topic* old = data.description.table.find(topic.id);
    if (old == nullptr || !old->is_named) continue;
    topic.label = old->label;
    topic.is_named = true;
  }
  data.description = std::move(description);
  data.options.words = words;
  data.options.ctfidf = tfidf;
  data.options.topics = topics;
  data.options.represent = {};
  complete_outlier_topic(data);
  rename_by_words(data);
  return {};
}

}  // namespace topograph

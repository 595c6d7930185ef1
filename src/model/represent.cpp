#include <fmt/format.h>

#include <utility>

#include "model/model_data.hpp"
#include "model/represent_words.hpp"
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

void rename_by_words(TopicModel::Data& data) {
  for (Topic& topic : data.description.table.topics) {
    if (topic.id >= 0 && !topic.is_named) topic.label = default_label(topic);
  }
  for (std::size_t i = 0; i < data.point_layers.size(); ++i) {
    if (data.point_layers[i].labels != data.clusters.labels) continue;
    for (const Topic& topic : data.description.table.topics) {
      if (topic.id >= 0) data.layers[i].names[idx(topic.id)] = topic.label;
    }
  }
}

}  // namespace

Result<void> TopicModel::represent(const RepresentOptions& options, const StepOptions& steps,
                                   const TextColumn& documents, const Embedder* embedder,
                                   RunContext& run) {
  Data& data = *data_;
  if (embedder == nullptr) embedder = own_embedder();
  TG_TRY(const TextColumn texts, texts_of_points(documents, data.points));
  FitOptions wanted = data.options;
  wanted.represent = options;
  wanted.mmr = steps.mmr;
  wanted.keybert = steps.keybert;
  wanted.pos = steps.pos;
  TG_TRY(write_words({texts, data.clusters.labels, data.embeddings.view(), embedder}, wanted,
                     data.description, run));
  data.options = std::move(wanted);
  rename_by_words(data);
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

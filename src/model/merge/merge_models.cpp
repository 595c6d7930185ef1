#include "topograph/model/merge_models.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "model/merge/merge_parts.hpp"
#include "model/model_data.hpp"
#include "model/represent_words.hpp"
#include "model/stored_json.hpp"
#include "topograph/core/digest.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

template <class T>
void append(std::vector<T>& all, std::span<const T> more) {
  all.insert(all.end(), more.begin(), more.end());
}

Result<void> check_parts(std::span<const ModelPart> parts) {
  if (parts.size() < 2) return option_error("MODEL", "expected two or more models");
  const TopicModel& first = *parts.front().model;
  for (const ModelPart& part : parts) {
    if (part.model->dimension() == first.dimension() &&
        part.model->options().embed.model == first.options().embed.model &&
        part.model->own_embedder() == nullptr) {
      continue;
    }
    return model_error(
        ErrorCode::unsupported, part.name,
        fmt::format("its vectors ({}, {} dimensions) cannot be compared with those of {} ({}, {})",
                    part.model->options().embed.model, part.model->dimension(), parts.front().name,
                    first.options().embed.model, first.dimension()),
        "models to merge need vectors of one encoder");
  }
  return {};
}

/// Points of all parts, one after another; labels are those of the merged topics.
void join_points(const MergePlan& plan, TopicModel::Data& data, RunContext& run) {
  Points& points = data.points;
  const bool knows_texts = std::ranges::all_of(
      plan.parts, [](const ModelPart& part) { return part.model->knows_texts(); });
  for (std::size_t i = 0; i < plan.parts.size(); ++i) {
    const TopicModel::Data& part = plan.parts[i].model->data();
    const auto n_points = narrow<std::int32_t>(points.size());
    const auto n_documents = narrow<std::int64_t>(points.of_document.size());
    for (const std::int32_t point : part.points.of_document) {
      points.of_document.push_back(point < 0 ? point : point + n_points);
    }
    for (const std::int64_t row : part.points.first_row) {
      points.first_row.push_back(row + n_documents);
    }
    append<std::int32_t>(points.weights, part.points.weights);
    append<float>(data.clusters.strength, part.clusters.strength);
    if (knows_texts) append<std::int64_t>(points.keys, part.points.keys);
    for (const std::int32_t label : part.clusters.labels) {
      data.clusters.labels.push_back(plan.merged(i, label));
    }
    if (!knows_texts && part.points.keys.empty()) {
      run.warn(fmt::format("the documents of {} are not known, so those of all are left out",
                           plan.parts[i].name));
    }
  }
  data.clusters.n_clusters = plan.n_topics;
  const std::unordered_set<std::int64_t> different(points.keys.begin(), points.keys.end());
  if (different.size() < points.keys.size()) data.options.documents.duplicates = Duplicates::keep;
}

/// Places on the first model's map; none when it has none or vectors are missing.
Result<void> join_maps(const MergePlan& plan, TopicModel::Data& data, RunContext& run) {
  const TopicModel::Data& first = plan.parts.front().model->data();
  if (data.embeddings.empty() || first.map.coords.empty() || data.points.keys.empty()) {
    run.warn("the merged model has no map: not every part knows its documents and vectors");
    return {};
  }
  data.map = first.map;
  data.map.coords = Matrix<float>(data.points.size(), 2);
  std::ranges::copy(std::span(first.map.coords.data(), first.map.coords.size()),
                    data.map.coords.data());
  std::size_t row = first.map.coords.rows();
  for (const ModelPart& part : plan.parts.subspan(1)) {
    if (part.model->point_labels().empty()) continue;
    TG_TRY(const DocumentTopics placed,
           plan.parts.front().model->transform(point_texts(part), nullptr,
                                               part.model->point_embeddings(), run));
    for (std::size_t i = 0; i < placed.positions.rows(); ++i) {
      std::ranges::copy(placed.positions.row(i), data.map.coords.row(row++).begin());
    }
  }
  return {};
}

/// New documents are predicted by centres of the topics, whatever methods found them.
void set_options(TopicModel::Data& data, const TopicModel& first) {
  FitOptions& options = data.options;
  options = first.options();
  options.cluster.method = ClusterMethod::given;
  options.cluster.input = {};
  options.reduce = {};
  options.guided = {};
  options.zeroshot = {};
  options.store.memberships = 0;
}

/// Mean vectors of the topics, as the method `given` remembers them.
Matrix<float> centers_of(const TopicModel::Data& data) {
  if (data.embeddings.empty()) return {};
  if (data.options.neighbors.metric == Metric::cosine) return data.centroids;
  const std::size_t d = data.dimension;
  std::vector<double> sums(idx(data.clusters.n_clusters) * d, 0.0);
  std::vector<double> totals(idx(data.clusters.n_clusters), 0.0);
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    const std::int32_t label = data.clusters.labels[p];
    if (label < 0) continue;
    totals[idx(label)] += data.points.weights[p];
    for (std::size_t j = 0; j < d; ++j) {
      sums[idx(label) * d + j] +=
          data.points.weights[p] * static_cast<double>(std::as_const(data.embeddings)[p, j]);
    }
  }
  Matrix<float> centers(totals.size(), d);
  for (std::size_t t = 0; t < totals.size(); ++t) {
    for (std::size_t j = 0; j < d && totals[t] > 0; ++j) {
      centers[t, j] = static_cast<float>(sums[t * d + j] / totals[t]);
    }
  }
  return centers;
}

void set_facts(const MergePlan& plan, TopicModel::Data& data) {
  const FitFacts& first = plan.parts.front().model->facts();
  data.facts = {.seed = first.seed,
                .n_topics = plan.n_topics,
                .precision = first.precision,
                .neighbors = first.neighbors,
                .neighbor_storage = first.neighbor_storage};
  Json merged = Json::array();
  Digest digest(DigestKind::sha256);
  for (const ModelPart& part : plan.parts) {
    const TopicModel::Data& of_part = part.model->data();
    data.facts.n_documents += of_part.facts.n_documents;
    data.facts.n_empty += of_part.facts.n_empty;
    data.facts.n_duplicates += of_part.facts.n_duplicates;
    data.facts.n_tokens += of_part.facts.n_tokens;
    data.facts.n_truncated += of_part.facts.n_truncated;
    digest.update(of_part.input_digest);
    merged.push_back({{"name", part.name},
                      {"documents", of_part.facts.n_documents},
                      {"topics", of_part.facts.n_topics},
                      {"method", enum_name(of_part.options.cluster.method)},
                      {"input_sha256", of_part.input_digest},
                      {"input", Json::parse(of_part.input_json)}});
  }
  data.input_digest = digest.hex();
  Json input = Json::parse(plan.parts.front().model->input_json());
  if (data.points.keys.empty()) input["text"] = "";
  input["merged"] = std::move(merged);
  data.input_json = input.dump();
}

/// A label that somebody gave stays, the first model's before the others'.
void keep_labels(const MergePlan& plan, TopicTable& table) {
  for (std::size_t i = plan.parts.size(); i-- > 0;) {
    for (const Topic& topic : plan.parts[i].model->topics().topics) {
      if (topic.id < 0 || !topic.is_named) continue;
      const auto merged = std::ranges::find(table.topics, plan.merged(i, topic.id), &Topic::id);
      merged->label = topic.label;
      merged->is_named = true;
    }
  }
}

}  // namespace

Result<MergedModel> merge_models(std::span<const ModelPart> parts,
                                 const MergeModelsOptions& options, RunContext& run,
                                 const Embedder* embedder) {
  TG_TRY(check_parts(parts));
  const TopicModel& first = *parts.front().model;
  const MergePlan plan = plan_merge(parts, options.min_similarity);
  auto data = std::make_unique<TopicModel::Data>();
  set_options(*data, first);
  data->dimension = first.dimension();
  Stage stage(run, "topics");
  TG_TRY(auto counts, merged_counts(plan, run));
  join_points(plan, *data, run);
  TextColumn texts;
  for (const ModelPart& part : parts) {
    const TextColumn more = point_texts(part);
    for (std::size_t i = 0; i < more.size(); ++i) {
      texts.push_back(data->points.keys.empty() ? std::string_view() : more[i]);
    }
  }
  TG_TRY(data->description,
         describe_counts(std::move(counts), texts, data->clusters.labels, data->points.weights,
                         data->points.first_row, plan.n_topics, data->options.ctfidf,
                         data->options.topics, run));
  keep_labels(plan, data->description.table);
  data->embeddings = merged_embeddings(plan);
  const WordSource words{texts, data->clusters.labels, data->embeddings.view(), embedder};
  TG_TRY(data->options.represent, write_words_again(words, data->options, data->description, run));
  data->options.store.keep_embeddings = !data->embeddings.empty();
  data->centroids = data->embeddings.empty() ? merged_vectors(plan, 0) : topic_centroids(*data);
  data->outlier_vector = merged_vectors(plan, kNoise);
  data->cluster_centers = centers_of(*data);
  TG_TRY(join_maps(plan, *data, run));
  set_facts(plan, *data);
  complete_outlier_topic(*data);
  fill_documents(*data);
  data->facts.n_outliers = std::ranges::count(data->documents.topics, kNoise);
  data->warnings = run.warnings();
  return MergedModel{TopicModel(std::move(data)), plan.topics};
}

}  // namespace topograph

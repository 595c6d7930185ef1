#include <string>
#include <utility>

#include "model/model_data.hpp"
#include "model/schema.hpp"
#include "model/stored_json.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/version.hpp"
#include "topograph/kernels/isa.hpp"

namespace topograph {
namespace {

Json facts_json(const FitFacts& facts) {
  return {{"documents", facts.n_documents},
          {"empty", facts.n_empty},
          {"duplicates", facts.n_duplicates},
          {"topics", facts.n_topics},
          {"outliers", facts.n_outliers},
          {"tokens", facts.n_tokens},
          {"truncated", facts.n_truncated},
          {"precision", facts.precision},
          {"quality", facts.quality},
          {"resolution", facts.resolution},
          {"neighbors", facts.neighbors},
          {"neighbor_storage", facts.neighbor_storage},
          {"neighbor_recall", facts.neighbor_recall}};
}

Json provenance_json(const TopicModel::Data& data, const RunContext& run) {
  Json stages = Json::array();
  std::size_t peak = 0;
  for (const StageRecord& stage : run.stage_records()) {
    stages.push_back(
        {{"name", stage.name}, {"seconds", stage.seconds}, {"peak_bytes", stage.peak_bytes}});
    peak = std::max(peak, stage.peak_bytes);
  }
  return {{"version", version()},
          {"seed", data.facts.seed},
          {"threads", run.threads()},
          {"isa", isa_name()},
          {"input_sha256", data.input_digest},
          {"peak_bytes", peak},
          {"stages", std::move(stages)},
          {"warnings", data.warnings}};
}

Json cluster_number_json(const ClusterNumber& number) {
  Json curve = Json::array();
  for (const auto& tried : number.curve) {
    curve.push_back({{"clusters", tried.n_clusters}, {"score", tried.score}});
  }
  return {{"criterion", number.criterion}, {"chosen", number.chosen}, {"curve", std::move(curve)}};
}

Json layers_json(const TopicModel::Data& data) {
  Json layers = Json::array();
  for (std::size_t i = 0; i < data.layers.size(); ++i) {
    const TopicLayer& layer = data.layers[i];
    layers.push_back({{"resolution", layer.resolution},
                      {"stability", layer.stability},
                      {"parents", layer.parents},
                      {"names", layer.names}});
  }
  return layers;
}

Json manifest_json(const TopicModel::Data& data, std::string_view input_json,
                   const RunContext& run) {
  const CountPlan& plan = data.description.counts.plan;
  FitOptions options = data.options;
  options.embed = storable_options(std::move(options.embed));
  return {{"format", kModelFormat},
          {"schema_version", kSchemaVersion},
          {"options", Json::parse(options_json(options))},
          {"dimension", data.dimension},
          {"facts", facts_json(data.facts)},
          {"languages", plan.languages},
          {"layers", layers_json(data)},
          {"cluster_number", cluster_number_json(data.cluster_number)},
          {"curves",
           {{"layout", {data.map.curve.a, data.map.curve.b}},
            {"reduced", {data.reduced.curve.a, data.reduced.curve.b}}}},
          {"batches", data.batches},
          {"input", Json::parse(input_json)},
          {"provenance", provenance_json(data, run)}};
}

Json words_json(const std::vector<TopicWord>& words) {
  Json json = Json::array();
  for (const TopicWord& word : words) {
    json.push_back({{"term", word.term}, {"weight", word.weight}});
  }
  return json;
}

Json topics_json(const TopicTable& table) {
  Json topics = Json::array();
  for (const Topic& topic : table.topics) {
    Json aspects = Json::object();
    for (const TopicAspect& aspect : topic.aspects) aspects[aspect.name] = words_json(aspect.words);
    topics.push_back({{"topic", topic.id},
                      {"count", topic.count},
                      {"name", topic.name()},
                      {"label", topic.label},
                      {"named", topic.is_named},
                      {"words", words_json(topic.words)},
                      {"aspects", std::move(aspects)},
                      {"representative_documents", topic.representative_rows}});
  }
  return topics;
}

std::pair<std::string, std::vector<std::int64_t>> pack(const TextColumn& texts) {
  std::pair<std::string, std::vector<std::int64_t>> packed{{}, {0}};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    packed.first += texts[i];
    packed.second.push_back(narrow<std::int64_t>(packed.first.size()));
  }
  return packed;
}

std::span<const std::uint8_t> byte_span(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

void add_linkage(ArrayWriter& arrays, const std::string& group, const Linkage& linkage) {
  arrays.add(group + ".left", std::span(linkage.left));
  arrays.add(group + ".right", std::span(linkage.right));
  arrays.add(group + ".height", std::span(linkage.height));
  arrays.add(group + ".size", std::span(linkage.size));
}

void add_hdbscan(ArrayWriter& arrays, const HdbscanResult& found) {
  arrays.add("hdbscan.core_distances", std::span(found.core_distances));
  arrays.add("hdbscan.outlier_scores", std::span(found.outlier_scores));
  arrays.add("hdbscan.selected", std::span(found.selected));
  arrays.add("hdbscan.tree.from", std::span(found.tree.from));
  arrays.add("hdbscan.tree.to", std::span(found.tree.to));
  arrays.add("hdbscan.tree.distance", std::span(found.tree.distance));
  add_linkage(arrays, "hdbscan.linkage", found.linkage);
  arrays.add("hdbscan.condensed.parent", std::span(found.condensed.parent));
  arrays.add("hdbscan.condensed.child", std::span(found.condensed.child));
  arrays.add("hdbscan.condensed.lambda", std::span(found.condensed.lambda));
  arrays.add("hdbscan.condensed.child_size", std::span(found.condensed.child_size));
}

void add_layout(ArrayWriter& arrays, const std::string& name, const FittedLayout& layout) {
  arrays.add(name, layout.coords.view());
  if (layout.axes.components.empty()) return;
  arrays.add(name + ".mean", std::span(layout.axes.mean));
  arrays.add(name + ".components", layout.axes.components.view());
  arrays.add(name + ".variance", std::span(layout.axes.explained_variance));
  arrays.add(name + ".total_variance", std::span(&layout.axes.total_variance, 1));
}

Result<void> save_arrays(const TopicModel::Data& data, const std::filesystem::path& path) {
  ArrayWriter arrays;
  arrays.add("points.of_document", std::span(data.points.of_document));
  arrays.add("points.weights", std::span(data.points.weights));
  arrays.add("points.first_row", std::span(data.points.first_row));
  arrays.add("points.keys", std::span(data.points.keys));
  arrays.add("labels", std::span(data.clusters.labels));
  if (!data.cluster_labels.empty()) {
    arrays.add("cluster_labels", std::span(data.cluster_labels));
  }
  arrays.add("strength", std::span(data.clusters.strength));
  if (!data.map.coords.empty() || data.points.size() == 0) add_layout(arrays, "layout", data.map);
  arrays.add("centroids", data.centroids.view());
  if (!data.outlier_vector.empty()) arrays.add("outlier_vector", data.outlier_vector.view());
  if (!data.is_waiting.empty()) arrays.add("online.is_waiting", std::span(data.is_waiting));
  if (!data.term_weights.empty()) arrays.add("online.term_weights", std::span(data.term_weights));
  if (!data.seed_vectors.empty()) arrays.add("guided.vectors", data.seed_vectors.view());
  if (!data.matches.vectors.empty()) {
    arrays.add("zeroshot.vectors", data.matches.vectors.view());
    arrays.add("zeroshot.of_point", std::span(data.matches.of_point));
  }
  if (!data.embeddings.empty()) arrays.add("embeddings", data.embeddings.view());
  if (!data.reduced.coords.empty()) add_layout(arrays, "reduced", data.reduced);
  if (!data.cluster_centers.empty()) arrays.add("cluster.centers", data.cluster_centers.view());
  if (!data.is_core.empty()) arrays.add("dbscan.is_core", std::span(data.is_core));
  if (data.linkage) add_linkage(arrays, "linkage", *data.linkage);
  if (data.mixture) {
    const GaussianMixture& mixture = *data.mixture;
    arrays.add("mixture.weights", std::span(mixture.weights));
    arrays.add("mixture.means", std::span(mixture.means.data(), mixture.means.size()));
    arrays.add("mixture.covariances",
               std::span(mixture.covariances.data(), mixture.covariances.size()));
  }
  if (data.hdbscan) {
    arrays.add("persistence", std::span(data.hdbscan->clusters.persistence));
    add_hdbscan(arrays, *data.hdbscan);
  }
  if (const Memberships& rows = data.memberships; rows.k() > 0) {
    arrays.add("memberships.topics", std::span(rows.clusters.data(), rows.clusters.size()));
    arrays.add("memberships.values", rows.values.view());
    arrays.add("memberships.noise", std::span(rows.noise));
  }
  for (std::size_t i = 0; i < data.point_layers.size(); ++i) {
    arrays.add("layer." + std::to_string(i), std::span(data.point_layers[i].labels));
  }
  const TermCounts& counts = data.description.counts;
  TextColumn words;
  for (const std::string& word : counts.plan.stop_words) words.push_back(word);
  const auto [stop_words, stop_word_offsets] = pack(words);
  arrays.add("counts.stop_words", byte_span(stop_words));
  arrays.add("counts.stop_word_offsets", std::span(stop_word_offsets));
  const auto [terms, term_offsets] = pack(counts.vocabulary.terms());
  arrays.add("counts.terms", byte_span(terms));
  arrays.add("counts.term_offsets", std::span(term_offsets));
  arrays.add("counts.document_frequency", counts.vocabulary.document_frequency());
  arrays.add("counts.offsets", std::span(counts.counts.offsets));
  arrays.add("counts.columns", std::span(counts.counts.columns));
  arrays.add("counts.values", std::span(counts.counts.values));
  arrays.add("counts.idf", std::span(data.description.idf));
  return arrays.write(path);
}

}  // namespace

Result<void> TopicModel::save(const std::filesystem::path& folder, std::string_view input_json,
                              const RunContext& run) const {
  TG_TRY(save_arrays(*data_, folder / kArraysFile));
  if (data_->tfidf) TG_TRY(data_->tfidf->save(folder / kTfidfFile));
  TG_TRY(write_file(folder / kTopicsFile, json_text(topics_json(data_->description.table))));
  return write_file(folder / kManifestFile, json_text(manifest_json(*data_, input_json, run)));
}

}  // namespace topograph

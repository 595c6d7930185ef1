#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "model/model_data.hpp"
#include "model/read_model.hpp"
#include "model/regroup.hpp"
#include "model/schema.hpp"
#include "model/steer.hpp"
#include "model/stored_json.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

constexpr const char* kMissing = "expected a folder that `topograph fit -o` made";

Result<void> read_manifest(TopicModel::Data& data, const Json& json, const fs::path& path) {
  if (!json.is_object() || json.value("format", "") != kModelFormat) {
    return damaged(path, fmt::format("expected \"format\": \"{}\"", kModelFormat));
  }
  const int schema = json.value("schema_version", 0);
  if (schema != kSchemaVersion) {
    return model_error(ErrorCode::schema, path.string(),
                       fmt::format("expected schema version {}, found {}", kSchemaVersion, schema),
                       "use the version of topograph that wrote it");
  }
  std::string options;
  TG_TRY(guarded(path, [&] {
    options = json.at("options").dump();
    data.dimension = json.at("dimension").get<std::size_t>();
    data.input_json = json.at("input").dump();
    const Json& facts = json.at("facts");
    data.facts = {.seed = json.at("provenance").at("seed"),
                  .n_documents = facts.at("documents"),
                  .n_empty = facts.at("empty"),
                  .n_duplicates = facts.at("duplicates"),
                  .n_topics = facts.at("topics"),
                  .n_outliers = facts.at("outliers"),
                  .n_tokens = facts.at("tokens"),
                  .n_truncated = facts.at("truncated"),
                  .precision = facts.value("precision", ""),
                  .quality = facts.at("quality"),
                  .resolution = facts.value("resolution", 0.0),
                  .neighbors = facts.value("neighbors", "exact"),
                  .neighbor_storage = facts.value("neighbor_storage", ""),
                  .neighbor_recall = facts.value("neighbor_recall", 0.0)};
    const auto read_curve = [&](const char* name) {
      return CurveAb{json.at("curves").at(name).at(0), json.at("curves").at(name).at(1)};
    };
    data.map.curve = read_curve("layout");
    data.reduced.curve = read_curve("reduced");
    data.description.counts.plan.languages = json.at("languages").get<std::vector<std::string>>();
    for (const Json& layer : json.at("layers")) {
      data.layers.push_back({.resolution = layer.at("resolution"),
                             .stability = layer.value("stability", 1.0),
                             .parents = layer.value("parents", std::vector<std::int32_t>{}),
                             .names = layer.at("names")});
    }
    if (json.contains("cluster_number")) {
      const Json& number = json.at("cluster_number");
      data.cluster_number.criterion = number.at("criterion").get<std::string>();
      data.cluster_number.chosen = number.at("chosen");
      for (const Json& tried : number.at("curve")) {
        data.cluster_number.curve.push_back({tried.at("clusters"), tried.at("score")});
      }
    }
    data.batches = json.value("batches", std::vector<std::int64_t>{});
    data.input_digest = json.at("provenance").at("input_sha256").get<std::string>();
    data.warnings = json.at("provenance").at("warnings").get<std::vector<std::string>>();
  }));
  auto loaded = load_options_json(data.options, options, path.string());
  if (!loaded) loaded.error().subject = Subject::model;
  return loaded;
}

std::vector<TopicWord> words_of(const Json& json) {
  std::vector<TopicWord> words;
  for (const Json& word : json) {
    words.push_back({word.at("term").get<std::string>(), word.at("weight")});
  }
  return words;
}

Result<void> read_topics(TopicModel::Data& data, const Json& json, const fs::path& path) {
  return guarded(path, [&] {
    for (const Json& entry : json) {
      Topic topic{.id = entry.at("topic"),
                  .count = entry.at("count"),
                  .label = entry.at("label").get<std::string>()};
      topic.words = words_of(entry.at("words"));
      topic.is_named = entry.value("named", false);
      for (const auto& [name, words] : entry.at("aspects").items()) {
        topic.aspects.push_back({name, words_of(words)});
      }
      topic.representative_rows =
          entry.at("representative_documents").get<std::vector<std::int64_t>>();
      data.description.table.topics.push_back(std::move(topic));
    }
  });
}

Result<Linkage> read_linkage(const ArrayFile& arrays, const std::string& group) {
  Linkage linkage;
  TG_TRY(linkage.left, arrays.int32s(group + ".left"));
  TG_TRY(linkage.right, arrays.int32s(group + ".right"));
  TG_TRY(linkage.height, arrays.doubles(group + ".height"));
  TG_TRY(linkage.size, arrays.int64s(group + ".size"));
  return linkage;
}

/// Merges of n points: as many as there can be, each of things that exist by then.
bool is_linkage_of(const Linkage& linkage, std::size_t n) {
  const std::size_t n_merges = n == 0 ? 0 : n - 1;
  if (linkage.left.size() != n_merges || linkage.right.size() != n_merges ||
      linkage.height.size() != n_merges || linkage.size.size() != n_merges) {
    return false;
  }
  for (std::size_t i = 0; i < n_merges; ++i) {
    const auto end = narrow<std::int32_t>(n + i);
    if (linkage.left[i] < 0 || linkage.left[i] >= end) return false;
    if (linkage.right[i] < 0 || linkage.right[i] >= end) return false;
  }
  return true;
}

/// A condensed tree of n points: clusters come after their parents, points leave once, and only
/// known clusters are selected.
bool is_condensed_tree(const HdbscanResult& found, std::size_t n) {
  const CondensedTree& tree = found.condensed;
  const auto root = narrow<std::int32_t>(n);
  const std::size_t n_rows = tree.parent.size();
  if (tree.child.size() != n_rows || tree.lambda.size() != n_rows ||
      tree.child_size.size() != n_rows) {
    return false;
  }
  const std::int32_t end = root + 1 +
                           narrow<std::int32_t>(std::ranges::count_if(
                               tree.child, [&](std::int32_t child) { return child >= root; }));
  std::vector<std::uint8_t> has_left(n, 0);
  for (std::size_t i = 0; i < n_rows; ++i) {
    const std::int32_t parent = tree.parent[i];
    const std::int32_t child = tree.child[i];
    if (parent < root || parent >= end || child < 0 || child >= end) return false;
    if (child >= root) {
      if (child <= parent) return false;
    } else if (std::exchange(has_left[idx(child)], std::uint8_t{1}) != 0) {
      return false;
    }
  }
  return std::ranges::all_of(found.selected,
                             [&](std::int32_t id) { return id >= root && id < end; });
}

Result<HdbscanResult> read_hdbscan(const ArrayFile& arrays) {
  HdbscanResult found;
  TG_TRY(found.core_distances, arrays.doubles("hdbscan.core_distances"));
  TG_TRY(found.outlier_scores, arrays.floats("hdbscan.outlier_scores"));
  TG_TRY(found.selected, arrays.int32s("hdbscan.selected"));
  TG_TRY(found.tree.from, arrays.int32s("hdbscan.tree.from"));
  TG_TRY(found.tree.to, arrays.int32s("hdbscan.tree.to"));
  TG_TRY(found.tree.distance, arrays.doubles("hdbscan.tree.distance"));
  TG_TRY(found.linkage, read_linkage(arrays, "hdbscan.linkage"));
  TG_TRY(found.condensed.parent, arrays.int32s("hdbscan.condensed.parent"));
  TG_TRY(found.condensed.child, arrays.int32s("hdbscan.condensed.child"));
  TG_TRY(found.condensed.lambda, arrays.doubles("hdbscan.condensed.lambda"));
  TG_TRY(found.condensed.child_size, arrays.int64s("hdbscan.condensed.child_size"));
  found.condensed.n_points = narrow<std::int32_t>(found.core_distances.size());
  return found;
}

Result<void> read_memberships(TopicModel::Data& data, const ArrayFile& arrays,
                              const fs::path& path) {
  if (!arrays.contains("memberships.values")) return {};
  Memberships& rows = data.memberships;
  TG_TRY(rows.values, arrays.matrix("memberships.values"));
  TG_TRY(rows.noise, arrays.floats("memberships.noise"));
  TG_TRY(const auto topics, arrays.int32s("memberships.topics"));
  if (rows.values.rows() != data.points.size() || rows.noise.size() != data.points.size() ||
      topics.size() != rows.values.size()) {
    return damaged(path, "the memberships do not agree in length");
  }
  for (const std::int32_t topic : topics) {
    if (topic < 0 || topic >= data.clusters.n_clusters)
      return damaged(path, "memberships.topics is out of range");
  }
  rows.clusters = Matrix<std::int32_t>(rows.values.rows(), rows.values.cols());
  std::ranges::copy(topics, rows.clusters.data());
  return {};
}

Result<Matrix<double>> read_rows(const ArrayFile& arrays, const char* name, std::size_t rows,
                                 std::size_t cols, const fs::path& path) {
  TG_TRY(const auto values, arrays.doubles(name));
  if (values.size() != rows * cols) {
    return damaged(path, fmt::format("{} has a wrong number of values", name));
  }
  Matrix<double> out(rows, cols);
  std::ranges::copy(values, out.data());
  return out;
}

Result<void> read_mixture(TopicModel::Data& data, const ArrayFile& arrays, const fs::path& path) {
  GaussianMixture mixture;
  mixture.type = data.options.gmm.covariance_type;
  TG_TRY(mixture.weights, arrays.doubles("mixture.weights"));
  mixture.n_labels = number_of_clusters(data);
  const std::size_t k = mixture.size();
  const std::size_t d = data.reduced.coords.empty() ? data.dimension : data.reduced.coords.cols();
  if (k < idx(mixture.n_labels)) return damaged(path, "the mixture has too few components");
  TG_TRY(mixture.means, read_rows(arrays, "mixture.means", k, d, path));
  const bool is_tied = mixture.type == CovarianceType::tied;
  std::size_t width = d * d;
  if (mixture.type == CovarianceType::diag) width = d;
  if (mixture.type == CovarianceType::spherical) width = 1;
  TG_TRY(mixture.covariances,
         read_rows(arrays, "mixture.covariances", is_tied ? 1 : k, width, path));
  data.mixture = std::move(mixture);
  return {};
}

/// The places of the points, and the axes of a projection.
Result<void> read_layout(FittedLayout& layout, const ArrayFile& arrays, const std::string& name,
                         const TopicModel::Data& data, const fs::path& path) {
  TG_TRY(layout.coords, arrays.matrix(name));
  if (layout.coords.rows() != data.points.size()) {
    return damaged(path, fmt::format("{} has a wrong number of rows", name));
  }
  const bool is_map = name == "layout";
  const LayoutMethod method = is_map ? data.options.map.method : reduce_method(data.options);
  if (method != LayoutMethod::pca && method != LayoutMethod::svd) return {};
  Pca& axes = layout.axes;
  TG_TRY(axes.mean, arrays.floats(name + ".mean"));
  TG_TRY(axes.components, arrays.matrix(name + ".components"));
  TG_TRY(axes.explained_variance, arrays.doubles(name + ".variance"));
  TG_TRY(const auto total, arrays.doubles(name + ".total_variance"));
  if (axes.mean.size() != data.dimension || axes.components.cols() != data.dimension ||
      axes.components.rows() != layout.coords.cols() ||
      axes.explained_variance.size() != layout.coords.cols() || total.size() != 1) {
    return damaged(path, fmt::format("the axes of {} have a wrong shape", name));
  }
  axes.total_variance = total.front();
  axes.whiten = data.options.pca.whiten;
  return {};
}

/// What methods other than communities and hdbscan remember.
Result<void> read_clusters(TopicModel::Data& data, const ArrayFile& arrays, const fs::path& path) {
  if (arrays.contains("reduced")) {
    TG_TRY(read_layout(data.reduced, arrays, "reduced", data, path));
  }
  if (arrays.contains("cluster.centers")) {
    TG_TRY(data.cluster_centers, arrays.matrix("cluster.centers"));
    const std::size_t d = data.reduced.coords.empty() ? data.dimension : data.reduced.coords.cols();
    if (data.cluster_centers.rows() != idx(number_of_clusters(data)) ||
        data.cluster_centers.cols() != d) {
      return damaged(path, "cluster.centers has a wrong shape");
    }
  }
  if (arrays.contains("dbscan.is_core")) {
    TG_TRY(data.is_core, arrays.bytes("dbscan.is_core"));
    if (data.is_core.size() != data.points.size()) {
      return damaged(path, "dbscan.is_core has a wrong length");
    }
  }
  return arrays.contains("mixture.weights") ? read_mixture(data, arrays, path) : Result<void>{};
}

Result<TextColumn> read_texts(const ArrayFile& arrays, const char* name, const char* offsets_name,
                              const fs::path& path) {
  TG_TRY(const auto bytes, arrays.bytes(name));
  TG_TRY(const auto offsets, arrays.int64s(offsets_name));
  TextColumn column;
  for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
    if (offsets[i] < 0 || offsets[i] > offsets[i + 1] || idx(offsets[i + 1]) > bytes.size()) {
      return damaged(path, fmt::format("{} point outside {}", offsets_name, name));
    }
    column.push_back({reinterpret_cast<const char*>(bytes.data()) + offsets[i],
                      idx(offsets[i + 1] - offsets[i])});
  }
  return column;
}

/// How the terms were cut, so that the model can count further documents. Models of before 0.2 did
/// not keep the stop words; they follow from the languages, but not those of a file.
Result<void> read_plan(CountPlan& plan, const ArrayFile& arrays, const fs::path& path) {
  TG_TRY(plan.stem_language, stem_language(plan.options, plan.languages));
  if (!arrays.contains("counts.stop_words")) {
    CountOptions known = plan.options;
    if (known.stop_words == "detect" || known.stop_words.starts_with('@')) {
      known.stop_words =
          plan.languages.empty() ? "none" : fmt::format("{}", fmt::join(plan.languages, ","));
    }
    RunContext run;
    TG_TRY(auto resolved, plan_counting({}, known, run));
    plan.stop_words = std::move(resolved.stop_words);
    return {};
  }
  TG_TRY(const auto words,
         read_texts(arrays, "counts.stop_words", "counts.stop_word_offsets", path));
  for (std::size_t i = 0; i < words.size(); ++i) plan.stop_words.emplace_back(words[i]);
  return {};
}

Result<void> read_counts(TopicModel::Data& data, const ArrayFile& arrays, const fs::path& path) {
  TG_TRY(auto column, read_texts(arrays, "counts.terms", "counts.term_offsets", path));
  TG_TRY(auto frequency, arrays.int64s("counts.document_frequency"));
  if (column.size() != frequency.size())
    return damaged(path, "terms and frequencies differ in number");
  TermCounts& counts = data.description.counts;
  counts.counts.n_cols = column.size();
  counts.vocabulary = Vocabulary(std::move(column), std::move(frequency));
  TG_TRY(counts.counts.offsets, arrays.int64s("counts.offsets"));
  TG_TRY(counts.counts.columns, arrays.int32s("counts.columns"));
  TG_TRY(counts.counts.values, arrays.doubles("counts.values"));
  TG_TRY(data.description.idf, arrays.doubles("counts.idf"));
  if (counts.counts.offsets.empty() ||
      idx(counts.counts.offsets.back()) != counts.counts.columns.size() ||
      counts.counts.columns.size() != counts.counts.values.size()) {
    return damaged(path, "the term counts are not a sparse matrix");
  }
  counts.plan.options = data.options.words;
  TG_TRY(read_plan(counts.plan, arrays, path));
  data.description.has_outliers = counts.counts.rows() == idx(data.facts.n_topics) + 1;
  return {};
}

Result<void> read_points(TopicModel::Data& data, const ArrayFile& arrays, const fs::path& path) {
  Points& points = data.points;
  TG_TRY(points.of_document, arrays.int32s("points.of_document"));
  TG_TRY(points.weights, arrays.int32s("points.weights"));
  TG_TRY(points.first_row, arrays.int64s("points.first_row"));
  TG_TRY(points.keys, arrays.int64s("points.keys"));
  TG_TRY(data.clusters.labels, arrays.int32s("labels"));
  TG_TRY(data.clusters.strength, arrays.floats("strength"));
  if (arrays.contains("cluster_labels")) {
    TG_TRY(data.cluster_labels, arrays.int32s("cluster_labels"));
  }
  // Models of other programs know neither the texts nor places for them.
  if (arrays.contains("layout")) {
    TG_TRY(read_layout(data.map, arrays, "layout", data, path));
  }
  TG_TRY(data.centroids, arrays.matrix("centroids"));
  if (arrays.contains("outlier_vector")) {
    TG_TRY(data.outlier_vector, arrays.matrix("outlier_vector"));
  }
  if (arrays.contains("embeddings")) {
    TG_TRY(data.embeddings, arrays.matrix("embeddings"));
  }
  const std::size_t n = points.size();
  const auto n_points = narrow<std::int32_t>(n);
  data.clusters.n_clusters = narrow<std::int32_t>(data.facts.n_topics);
  const bool has_right_sizes =
      points.first_row.size() == n && (points.keys.size() == n || points.keys.empty()) &&
      data.clusters.labels.size() == n &&
      (data.cluster_labels.empty() || data.cluster_labels.size() == n) &&
      data.clusters.strength.size() == n &&
      (data.map.coords.cols() == 2 || data.map.coords.empty()) &&
      data.centroids.rows() == idx(data.facts.n_topics) &&
      (data.outlier_vector.empty() ||
       (data.outlier_vector.rows() == 1 && data.outlier_vector.cols() == data.dimension)) &&
      (data.embeddings.empty() ||
       (data.embeddings.rows() == n && data.embeddings.cols() == data.dimension));
  if (!has_right_sizes) return damaged(path, "the arrays do not agree in length");
  for (const std::int32_t point : points.of_document) {
    if (point < -1 || point >= n_points) return damaged(path, "points.of_document is out of range");
  }
  for (const std::int32_t label : data.clusters.labels) {
    if (label < kNoise || label >= data.clusters.n_clusters)
      return damaged(path, "labels are out of range");
  }
  return {};
}

Result<void> read_layers(TopicModel::Data& data, const ArrayFile& arrays, const fs::path& path) {
  for (std::size_t i = 0; i < data.layers.size(); ++i) {
    TopicLayer& layer = data.layers[i];
    CommunityLayer stored{.resolution = layer.resolution,
                          .stability = layer.stability,
                          .n_clusters = narrow<std::int32_t>(layer.names.size())};
    TG_TRY(stored.labels, arrays.int32s("layer." + std::to_string(i)));
    if (stored.labels.size() != data.points.size())
      return damaged(path, "a layer has a wrong length");
    if (!layer.parents.empty() && (i == 0 || layer.parents.size() != layer.names.size()))
      return damaged(path, "the parents of a layer have a wrong length");
    for (const std::int32_t parent : layer.parents) {
      if (parent < kNoise || (parent >= 0 && idx(parent) >= data.layers[i - 1].names.size()))
        return damaged(path, "the parents of a layer are out of range");
    }
    for (const std::int32_t label : stored.labels) {
      if (label < kNoise || label >= stored.n_clusters)
        return damaged(path, "a layer is out of range");
    }
    layer.labels.assign(data.points.of_document.size(), kNoise);
    for (std::size_t d = 0; d < layer.labels.size(); ++d) {
      const std::int32_t point = data.points.of_document[d];
      if (point >= 0) layer.labels[d] = stored.labels[idx(point)];
    }
    data.point_layers.push_back(std::move(stored));
  }
  return {};
}

}  // namespace

Result<TopicModel> TopicModel::load(const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    return model_error(ErrorCode::not_found, folder.string(), "there is no such model folder",
                       "expected a folder that `topograph fit -o` made");
  }
  auto data = std::make_unique<Data>();
  TG_TRY(const Json manifest, read_json(folder / kManifestFile, kMissing));
  TG_TRY(read_manifest(*data, manifest, folder / kManifestFile));
  TG_TRY(const Json topics, read_json(folder / kTopicsFile, kMissing));
  TG_TRY(read_topics(*data, topics, folder / kTopicsFile));
  const fs::path arrays_path = folder / kArraysFile;
  TG_TRY(const ArrayFile arrays, ArrayFile::open(arrays_path));
  TG_TRY(read_points(*data, arrays, arrays_path));
  TG_TRY(read_steering(*data, arrays, arrays_path));
  TG_TRY(read_growth(*data, arrays, arrays_path));
  TG_TRY(read_layers(*data, arrays, arrays_path));
  TG_TRY(read_counts(*data, arrays, arrays_path));
  TG_TRY(read_clusters(*data, arrays, arrays_path));
  if (data->options.cluster.method == ClusterMethod::hdbscan && !places_by_votes(*data)) {
    TG_TRY(data->hdbscan, read_hdbscan(arrays));
    Clustering& clusters = data->hdbscan->clusters;
    clusters = data->clusters;
    TG_TRY(clusters.persistence, arrays.doubles("persistence"));
    if (data->cluster_labels.empty()) {
      data->clusters.persistence = clusters.persistence;
    } else {
      clusters.labels = data->cluster_labels;
      clusters.n_clusters = number_of_clusters(*data);
    }
    if ((has_reduction(data->options) && data->reduced.coords.empty()) ||
        data->hdbscan->core_distances.size() != data->points.size() ||
        data->hdbscan->outlier_scores.size() != data->points.size()) {
      return damaged(arrays_path, "the HDBSCAN arrays do not agree in length");
    }
    if (!is_linkage_of(data->hdbscan->linkage, data->points.size()) ||
        !is_condensed_tree(*data->hdbscan, data->points.size())) {
      return damaged(arrays_path, "HDBSCAN's trees are not trees of the points");
    }
  }
  TG_TRY(read_memberships(*data, arrays, arrays_path));
  if (arrays.contains("linkage.left")) {
    TG_TRY(data->linkage, read_linkage(arrays, "linkage"));
    if (!is_linkage_of(*data->linkage, data->points.size())) {
      return damaged(arrays_path, "the linkage is not one of the points");
    }
  }
  std::error_code ignored;
  if (is_tfidf(data->options.embed) && fs::exists(folder / kTfidfFile, ignored)) {
    TG_TRY(data->tfidf, TfidfModel::load(folder / kTfidfFile));
    if (data->tfidf->dimension() != data->dimension) {
      return damaged(folder / kTfidfFile, "its vectors have another length than the model's");
    }
  }
  fill_documents(*data);
  return TopicModel(std::move(data));
}

}  // namespace topograph

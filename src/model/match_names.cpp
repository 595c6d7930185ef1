// Documents that are like the name of a wanted topic are its topic; only the rest is clustered.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <utility>

#include "model/regroup.hpp"
#include "model/steer.hpp"
#include "model/steering_steps.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/exact.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowsAtOnce = 8192;

Result<NearestTarget> nearest_names(MatrixView<const float> rows, MatrixView<const float> names,
                                    RunContext& run) {
  NearestTarget all;
  for (std::size_t begin = 0; begin < rows.rows(); begin += kRowsAtOnce) {
    if (run.stop_requested()) return cancelled();
    const std::size_t end = std::min(begin + kRowsAtOnce, rows.rows());
    TG_TRY(const auto part, nearest_targets(rows.rows(begin, end), names, run));
    all.ids.insert(all.ids.end(), part.ids.begin(), part.ids.end());
    all.similarity.insert(all.similarity.end(), part.similarity.begin(), part.similarity.end());
  }
  return all;
}

bool is_like(float similarity, const ZeroshotOptions& options) {
  return static_cast<double>(similarity) >= options.min_similarity;
}

/// Says of every name without documents how near they come.
Result<void> warn_of_unmatched(const TopicModel::Data& data, const std::vector<bool>& has_documents,
                               RunContext& run) {
  const ZeroshotOptions& options = data.options.zeroshot;
  for (std::size_t i = 0; i < options.topics.size(); ++i) {
    if (has_documents[i]) continue;
    TG_TRY(const auto best,
           exact_knn_query(data.embeddings.view(), data.matches.vectors.view().rows(i, i + 1), 1,
                           Metric::cosine, run));
    const float similarity = 1.0F - best.distances[0, 0];
    run.warn(is_like(similarity, options)
                 ? fmt::format("zeroshot: '{}' gets no topic: every document like it is more like "
                               "another name",
                               options.topics[i])
                 : fmt::format("zeroshot: '{}' gets no topic: the document most like it has "
                               "similarity {:.2f}, zeroshot.min_similarity is {:.2f}",
                               options.topics[i], similarity, options.min_similarity));
  }
  return {};
}

/// What is left to cluster, as a fit of its own.
struct Rest {
  std::vector<std::size_t> points = {};
  std::unique_ptr<TopicModel::Data> data = std::make_unique<TopicModel::Data>();
  PointTargets targets = {};
  double share = 1;  ///< Of all points, as far as the resolution follows it.
};

template <class T>
Matrix<T> rows_of(const Matrix<T>& all, const std::vector<std::size_t>& rows) {
  Matrix<T> some(rows.size(), all.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(all.row(rows[i]), some.row(i).begin());
  }
  return some;
}

void take_rest(const TopicModel::Data& data, const PointTargets& targets, Rest& rest) {
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    if (data.matches.of_point[p] >= 0) continue;
    rest.points.push_back(p);
    rest.data->points.weights.push_back(data.points.weights[p]);
    rest.data->points.first_row.push_back(data.points.first_row[p]);
    if (!targets.labels.empty()) rest.targets.labels.push_back(targets.labels[p]);
  }
  if (!targets.values.empty()) rest.targets.values = rows_of(targets.values, rest.points);
  rest.data->options = data.options;
  int& n_neighbors = rest.data->options.neighbors.n_neighbors;
  n_neighbors = std::min(n_neighbors, narrow<int>(rest.points.size()));
  rest.data->dimension = data.dimension;
  // Modularity compares with all edges: among fewer of them the same topics need a lower
  // resolution.
  CommunitiesOptions& options = rest.data->options.communities;
  auto& resolution = options.resolution;
  if (resolution && options.objective == CommunityObjective::modularity) {
    rest.share = static_cast<double>(rest.points.size()) / static_cast<double>(data.points.size());
    resolution = *resolution * rest.share;
  }
  if (has_reduction(data.options)) {
    rest.data->reduced.coords = rows_of(data.reduced.coords, rest.points);
  } else {
    rest.data->embeddings = rows_of(data.embeddings, rest.points);
  }
}

/// Fewer points cannot be clustered: they stay without a topic.
std::size_t least_points(const FitOptions& options) {
  if (options.cluster.method != ClusterMethod::hdbscan) return 2;
  const HdbscanOptions& hdbscan = options.hdbscan;
  return idx(std::max(hdbscan.min_cluster_size,
                      hdbscan.min_samples.value_or(hdbscan.min_cluster_size))) +
         1;
}

/// Labels of all points from those of the rest, behind the topics of the names.
std::vector<std::int32_t> labels_of_all(const std::vector<std::int32_t>& named, std::int32_t shift,
                                        const Rest& rest, std::span<const std::int32_t> labels) {
  std::vector<std::int32_t> all = named;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    all[rest.points[i]] = labels[i] < 0 ? kNoise : labels[i] + shift;
  }
  return all;
}

/// Memberships of all points from those of the rest, in the tree of HDBSCAN: a document like a name
/// was not asked what else it is like and belongs to its topic alone, the others to no name.
Memberships memberships_of_all(const TopicModel::Data& data, std::int32_t shift, const Rest& rest) {
  const Memberships& of_rest = rest.data->memberships;
  const std::size_t n = data.points.size();
  const std::size_t n_topics = idx(data.clusters.n_clusters);
  if (data.options.store.memberships == 0 || n_topics == 0) return {};
  const std::size_t k = std::max<std::size_t>(of_rest.k(), 1);
  Memberships rows{Matrix<std::int32_t>(n, k), Matrix<float>(n, k), std::vector<float>(n, 1.0F)};
  for (std::size_t p = 0; p < n; ++p) {
    if (data.matches.of_point[p] < 0) continue;
    rows.clusters[p, 0] = data.clusters.labels[p];
    rows.values[p, 0] = 1;
    rows.noise[p] = 0;
  }
  for (std::size_t i = 0; i < rest.points.size() && of_rest.k() > 0; ++i) {
    const std::size_t p = rest.points[i];
    for (std::size_t j = 0; j < k; ++j) {
      rows.clusters[p, j] = of_rest.clusters[i, j] + shift;
      rows.values[p, j] = of_rest.values[i, j];
    }
    rows.noise[p] = of_rest.noise[i];
  }
  std::vector<std::int32_t> same(n_topics);
  std::iota(same.begin(), same.end(), 0);
  return grouped_memberships(rows, same, n_topics, idx(data.options.store.memberships),
                             data.clusters.labels, data.options.hdbscan.compat);
}

}  // namespace

Result<void> match_names(TopicModel::Data& data, const Matrix<float>& names, RunContext& run) {
  data.matches.vectors = names;
  TG_TRY(auto nearest, nearest_names(data.embeddings.view(), names.view(), run));
  std::vector<bool> has_documents(names.rows(), false);
  for (std::size_t p = 0; p < nearest.ids.size(); ++p) {
    if (!is_like(nearest.similarity[p], data.options.zeroshot)) nearest.ids[p] = -1;
    if (nearest.ids[p] >= 0) has_documents[idx(nearest.ids[p])] = true;
  }
  data.matches.of_point = std::move(nearest.ids);
  data.matches.similarity = std::move(nearest.similarity);
  return warn_of_unmatched(data, has_documents, run);
}

bool has_matches(const TopicModel::Data& data) {
  return std::ranges::any_of(data.matches.of_point, [](std::int32_t name) { return name >= 0; });
}

Result<void> cluster_around_matches(TopicModel::Data& data, const PointTargets& targets,
                                    const FindRest& find_rest, RunContext& run) {
  const std::vector<std::int32_t>& of_point = data.matches.of_point;
  std::vector<std::int32_t> topic_of(data.matches.vectors.rows(), kNoise);
  for (const std::int32_t name : of_point) {
    if (name >= 0) topic_of[idx(name)] = 0;
  }
  std::int32_t n_named = 0;
  for (std::int32_t& topic : topic_of) {
    if (topic == 0) topic = n_named++;
  }
  std::vector<std::int32_t> named(of_point.size(), kNoise);
  data.clusters.strength.assign(of_point.size(), 0.0F);
  for (std::size_t p = 0; p < of_point.size(); ++p) {
    if (of_point[p] < 0) continue;
    named[p] = topic_of[idx(of_point[p])];
    data.clusters.strength[p] = std::clamp(data.matches.similarity[p], 0.0F, 1.0F);
  }
  Rest rest;
  take_rest(data, targets, rest);
  if (rest.points.size() >= least_points(data.options)) {
    TG_TRY(find_rest(*rest.data, rest.targets));
  } else if (!rest.points.empty()) {
    run.warn(
        fmt::format("zeroshot: {} documents are like no name, too few to cluster: they have "
                    "no topic",
                    rest.points.size()));
  }
  const Clustering& found = rest.data->clusters;
  for (std::size_t i = 0; i < found.strength.size(); ++i) {
    data.clusters.strength[rest.points[i]] = found.strength[i];
  }
  data.clusters.labels = labels_of_all(named, n_named, rest, found.labels);
  data.clusters.n_clusters = n_named + found.n_clusters;
  if (data.options.cluster.method == ClusterMethod::hdbscan) {
    data.memberships = memberships_of_all(data, n_named, rest);
  }
  for (const CommunityLayer& layer : rest.data->point_layers) {
    data.point_layers.push_back({.resolution = layer.resolution / rest.share,
                                 .stability = layer.stability,
                                 .n_clusters = n_named + layer.n_clusters,
                                 .labels = labels_of_all(named, n_named, rest, layer.labels)});
  }
  data.facts.quality = rest.data->facts.quality;
  data.facts.resolution = rest.data->facts.resolution / rest.share;
  data.cluster_number = std::move(rest.data->cluster_number);
  return {};
}

std::vector<std::int32_t> topics_of_names(const TopicModel::Data& data) {
  std::vector<std::map<std::int32_t, std::int64_t>> votes(data.matches.vectors.rows());
  for (std::size_t p = 0; p < data.matches.of_point.size(); ++p) {
    const std::int32_t name = data.matches.of_point[p];
    if (name >= 0) votes[idx(name)][data.clusters.labels[p]] += data.points.weights[p];
  }
  std::vector<std::int32_t> topics;
  for (const auto& of_name : votes) {
    std::int32_t best = kNoise;
    std::int64_t most = 0;
    for (const auto& [topic, n] : of_name) {
      if (n <= most) continue;
      most = n;
      best = topic;
    }
    topics.push_back(best);
  }
  return topics;
}

std::vector<std::int32_t> TopicModel::zeroshot_topics() const { return topics_of_names(*data_); }

void name_matches(TopicModel::Data& data) {
  const std::vector<std::int32_t> topics = topics_of_names(data);
  for (Topic& topic : data.description.table.topics) {
    const auto name = std::ranges::find(topics, topic.id);
    if (topic.id < 0 || name == topics.end()) continue;
    topic.label = data.options.zeroshot.topics[idx(name - topics.begin())];
    topic.is_named = true;
  }
}

Result<std::vector<std::int32_t>> match_new(const TopicModel::Data& data,
                                            MatrixView<const float> vectors,
                                            PredictedClusters& predicted, RunContext& run) {
  std::vector<std::int32_t> found(vectors.rows(), -1);
  if (!has_matches(data)) return found;
  std::vector<std::size_t> names;  // Only those that have documents: others are no topic.
  for (std::size_t name = 0; name < data.matches.vectors.rows(); ++name) {
    const auto first = std::ranges::find(data.matches.of_point, narrow<std::int32_t>(name));
    if (first != data.matches.of_point.end()) names.push_back(name);
  }
  const Matrix<float> targets = rows_of(data.matches.vectors, names);
  TG_TRY(const auto nearest, nearest_names(vectors, targets.view(), run));
  const std::vector<std::int32_t> topics = topics_of_names(data);
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    if (!is_like(nearest.similarity[i], data.options.zeroshot)) continue;
    const std::size_t name = names[idx(nearest.ids[i])];
    found[i] = narrow<std::int32_t>(name);
    predicted.labels[i] = topics[name];
    predicted.strength[i] =
        predicted.labels[i] < 0 ? 0.0F : std::clamp(nearest.similarity[i], 0.0F, 1.0F);
  }
  return found;
}

}  // namespace topograph

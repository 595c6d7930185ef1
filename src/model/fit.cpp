#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <utility>

#include "model/find_clusters.hpp"
#include "model/layouts.hpp"
#include "model/model_data.hpp"
#include "model/point_targets.hpp"
#include "model/steer.hpp"
#include "topograph/cluster/community_memberships.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/embed/embed_blocks.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/neighbors/index.hpp"
#include "topograph/neighbors/supervise.hpp"

namespace topograph {
namespace {

Result<void> check_fit_options(const FitOptions& options) {
  std::vector<Error> problems = check_options(options);
  const auto check_spread = [&](const MapOptions& map, const char* path) {
    if (map.min_dist > map.spread) {
      problems.push_back(
          {ErrorCode::invalid_argument,
           fmt::format("expected at most the spread ({}), found {}", map.spread, map.min_dist),
           path,
           {},
           Subject::option});
    }
  };
  check_spread(options.umap, "umap.min_dist");
  check_spread(options.map, "map.min_dist");
  if (options.store.memberships > 0 && options.cluster.method != ClusterMethod::hdbscan &&
      options.cluster.method != ClusterMethod::communities) {
    problems.push_back({ErrorCode::invalid_argument,
                        fmt::format("expected 0 with cluster.method = {}, found {}",
                                    enum_name(options.cluster.method), options.store.memberships),
                        "store.memberships",
                        "only --cluster communities and hdbscan give memberships in several topics",
                        Subject::option});
  }
  const auto add = [&](std::string message, const char* path) {
    problems.push_back(
        {ErrorCode::invalid_argument, std::move(message), path, {}, Subject::option});
  };
  const ClusterOptions& cluster = options.cluster;
  if (cluster.n_clusters_range.first > cluster.n_clusters_range.second) {
    add("expected the least number before the largest", "cluster.n_clusters_range");
  }
  if (cluster.method == ClusterMethod::communities && cluster.input) {
    add("communities cluster the neighbour graph", "cluster.input");
  }
  if (cluster.n_clusters && !has_number_of_clusters(cluster.method)) {
    add(fmt::format("{} finds the number of clusters by itself", enum_name(cluster.method)),
        "cluster.n_clusters");
  }
  if (!options.zeroshot.topics.empty()) {
    if (cluster.method == ClusterMethod::given) {
      add("the topics are given: expected no names of others", "zeroshot.topics");
    }
  }
  std::ranges::move(check_layout_options(options), std::back_inserter(problems));
  return merge_problems(problems);
}

Result<void> check_points(const Points& points, std::size_t n_documents,
                          const FitOptions& options) {
  if (n_documents == 0) {
    return input_error(ErrorCode::invalid_argument, "input", "expected documents, found none");
  }
  if (points.size() == 0) {
    return input_error(ErrorCode::invalid_argument, "input",
                       fmt::format("all {} documents are blank", n_documents),
                       "is --text the right column?");
  }
  const auto wanted = idx(options.neighbors.n_neighbors);
  if (points.size() > wanted) return {};
  std::string hint = "a map of topics needs more documents";
  if (points.size() >= 4) {
    hint = fmt::format("add documents, or try --neighbors {}",
                       std::max<std::size_t>(2, points.size() / 2));
  }
  return input_error(
      ErrorCode::invalid_argument, "input",
      fmt::format("expected more different documents than neighbors.n_neighbors = {}, "
                  "found {}",
                  wanted, points.size()),
      hint);
}

constexpr std::size_t kRowsRead = 4096;

Result<void> embed_points(TopicModel::Data& data, const Embedder* embedder, const RowSource* ready,
                          RunContext& run) {
  const Points& points = data.points;
  if (ready != nullptr) {
    data.embeddings = Matrix<float>(points.size(), ready->cols());
    for (std::size_t p = 0; p < points.size(); p += kRowsRead) {
      if (run.stop_requested()) return cancelled();
      const std::size_t end = std::min(p + kRowsRead, points.size());
      TG_TRY(ready->read(std::span(points.first_row).subspan(p, end - p),
                         data.embeddings.view().rows(p, end)));
    }
    return {};
  }
  if (embedder == nullptr) {
    TG_EXPECTS(is_tfidf(data.options.embed));
    const Stage stage(run, "embed", points.size());
    TG_TRY(auto fitted, TfidfModel::fit(points.texts, points.weights, data.options.embed, run));
    data.tfidf = std::move(fitted.model);
    data.embeddings = std::move(fitted.vectors);
    data.facts.n_tokens = fitted.report.n_tokens;
    return {};
  }
  data.embeddings = Matrix<float>(points.size(), embedder->dimension());
  TG_TRY(const EmbedReport report,
         embed_blocks(*embedder, points.texts, TextBlockLimits{}, data.embeddings.view(), run));
  data.facts.n_tokens = report.n_tokens;
  data.facts.n_truncated = report.n_truncated;
  if (report.precision) data.facts.precision = enum_name(*report.precision);
  return {};
}

Result<KnnGraph> find_graph(TopicModel::Data& data, RunContext& run) {
  const GraphOptions& options = data.options.neighbors;
  TG_TRY(FoundNeighbors found, find_neighbors(data.embeddings.view(), idx(options.n_neighbors - 1),
                                              options.metric, options, run));
  data.facts.neighbors = enum_name(found.report.method);
  if (found.report.method == NeighborMethod::approximate) {
    data.facts.neighbor_storage = enum_name(found.report.storage);
  }
  data.facts.neighbor_recall = found.report.recall.value_or(0);
  return std::move(found.graph);
}

Result<FuzzyGraph> build_graph(TopicModel::Data& data, const PointTargets& targets,
                               RunContext& run) {
  const GraphOptions& options = data.options.neighbors;
  const Stage stage(run, "neighbors");
  TG_TRY(const KnnGraph knn, find_graph(data, run));
  TG_TRY(auto graph, fuzzy_graph(knn,
                                 {.set_op_mix_ratio = options.set_op_mix_ratio,
                                  .local_connectivity = options.local_connectivity,
                                  .disconnection_distance = disconnection_distance(
                                      options.metric, options.disconnection_distance)},
                                 run));
  if (!targets.labels.empty()) {
    return supervise_by_labels(graph, targets.labels, data.options.target, run);
  }
  if (!targets.values.empty()) {
    return supervise_by_values(graph, targets.values.view(), options.n_neighbors,
                               data.options.target, run);
  }
  return graph;
}

Result<void> find_communities(TopicModel::Data& data, const FuzzyGraph& graph, RunContext& run) {
  const Stage stage(run, "communities");
  TG_TRY(auto found, communities(graph, data.points.weights, data.options.communities, run));
  data.clusters = std::move(found.base);
  data.point_layers = std::move(found.layers);
  data.facts.quality = found.quality;
  data.facts.resolution = found.resolution;
  if (data.options.store.memberships > 0) {
    TG_TRY(data.memberships,
           community_memberships(graph, data.clusters.labels, data.clusters.n_clusters,
                                 data.options.store.memberships, run));
  }
  return {};
}

/// Clusters of the documents that are like no name; memberships in communities are those of all.
Result<void> cluster_rest(TopicModel::Data& data, const FuzzyGraph& graph,
                          const PointTargets& targets, RunContext& run) {
  const bool by_graph = data.options.cluster.method == ClusterMethod::communities;
  const auto find = [&](TopicModel::Data& rest, const PointTargets& some) -> Result<void> {
    if (!by_graph) return find_clusters(rest, {}, run);
    rest.options.store.memberships = 0;
    // A graph of their own: the neighbours of many are documents like a name.
    TG_TRY(const FuzzyGraph own, build_graph(rest, some, run));
    return find_communities(rest, own, run);
  };
  TG_TRY(cluster_around_matches(data, targets, find, run));
  if (by_graph && data.options.store.memberships > 0) {
    TG_TRY(data.memberships,
           community_memberships(graph, data.clusters.labels, data.clusters.n_clusters,
                                 data.options.store.memberships, run));
  }
  return {};
}

Result<void> reduce(TopicModel::Data& data, const FuzzyGraph& graph, RunContext& run) {
  const Stage stage(run, "reduce");
  TG_TRY(data.reduced, fit_layout(data, reduction_request(data.options), graph, run));
  return {};
}

Result<void> describe(TopicModel::Data& data, RunContext& run) {
  Stage stage(run, "topics", 2 + data.point_layers.size());
  const Points& points = data.points;
  TG_TRY(auto plan, plan_counting(points.texts, data.options.words, run));
  stage.advance();
  TG_TRY(auto counts, count_topics(points.texts, data.clusters.labels, points.weights,
                                   data.clusters.n_clusters, plan, run));
  TG_TRY(const auto tfidf, seeded_weighting(data.options, counts, true, run));
  TG_TRY(
      data.description,
      describe_counts(std::move(counts), points.texts, data.clusters.labels, points.weights,
                      points.first_row, data.clusters.n_clusters, tfidf, data.options.topics, run));
  for (const std::string& warning : data.description.counts.warnings)
    run.warn("topics: " + warning);
  stage.advance();
  name_matches(data);
  complete_outlier_topic(data);
  return name_layers(data, stage, run);
}

Result<void> draw_map(TopicModel::Data& data, const FuzzyGraph& graph, RunContext& run) {
  const Stage stage(run, "map");
  TG_TRY(data.map, fit_layout(data, map_request(data.options), graph, run));
  return {};
}

void count_facts(TopicModel::Data& data) {
  FitFacts& facts = data.facts;
  facts.n_topics = data.clusters.n_clusters;
  facts.n_outliers = std::ranges::count(data.documents.topics, kNoise);
}

}  // namespace

Result<void> draw_map(TopicModel::Data& data, RunContext& run) {
  FuzzyGraph graph;
  if (places_by_neighbors(data.options.map.method)) {
    TG_TRY(graph, build_graph(data, {}, run));
  }
  return draw_map(data, graph, run);
}

Result<TopicModel> TopicModel::fit(const TextColumn& texts, const Embedder* embedder,
                                   MatrixView<const float> embeddings, const FitOptions& options,
                                   RunContext& run, std::span<const std::int32_t> given_labels,
                                   const UmapTargets& targets, const SteeringVectors& steering) {
  const MatrixRows rows(embeddings);
  return fit_from(texts, embedder, embeddings.empty() ? nullptr : &rows, options, run, given_labels,
                  targets, steering);
}

Result<TopicModel> TopicModel::fit(const TextColumn& texts, const RowSource& embeddings,
                                   const FitOptions& options, RunContext& run,
                                   std::span<const std::int32_t> given_labels,
                                   const UmapTargets& targets, const SteeringVectors& steering) {
  return fit_from(texts, nullptr, &embeddings, options, run, given_labels, targets, steering);
}

Result<TopicModel> TopicModel::fit_from(const TextColumn& texts, const Embedder* embedder,
                                        const RowSource* ready, const FitOptions& options,
                                        RunContext& run, std::span<const std::int32_t> given_labels,
                                        const UmapTargets& targets,
                                        const SteeringVectors& steering) {
  TG_TRY(check_fit_options(options));
  if (ready != nullptr && ready->rows() != texts.size()) {
    return input_error(
        ErrorCode::invalid_argument, "embeddings",
        fmt::format("expected {} rows, one per document, found {}", texts.size(), ready->rows()));
  }
  if (options.cluster.method == ClusterMethod::given && given_labels.size() != texts.size()) {
    return option_error("cluster.method",
                        fmt::format("expected {} given labels, one per document, found {}",
                                    texts.size(), given_labels.size()),
                        "name the column that holds them with --label");
  }
  auto data = std::make_unique<Data>();
  data->options = options;
  TG_TRY(read_steering_lists(data->options));
  {
    const Stage stage(run, "prepare");
    TG_TRY(data->points, make_points(texts, options.documents.duplicates, run));
    data->input_digest = text_digest({&texts});
  }
  data->facts.seed = run.seed();
  data->facts.n_documents = narrow<std::int64_t>(texts.size());
  data->facts.n_empty = std::ranges::count(data->points.of_document, -1);
  data->facts.n_duplicates =
      data->facts.n_documents - data->facts.n_empty - narrow<std::int64_t>(data->points.size());
  TG_TRY(check_points(data->points, texts.size(), options));
  TG_TRY(PointTargets known, point_targets(data->points, targets));
  if (!needs_graph(options) && !(known.labels.empty() && known.values.empty())) {
    return option_error("--supervise",
                        "targets shape the neighbour graph, which these methods do not look at",
                        "use communities, or umap for reduce.method or map.method");
  }
  if (ready != nullptr || embedder != nullptr) {
    TG_TRY(check_layout_width(options, ready != nullptr ? ready->cols() : embedder->dimension()));
  }
  // Before the documents where the encoder is known: a name that it does not know is found at once.
  SteeringVectors vectors;
  if (ready != nullptr || embedder != nullptr) {
    const std::size_t d = ready != nullptr ? ready->cols() : embedder->dimension();
    TG_TRY(vectors, checked_steering(data->options, steering, embedder, d, run));
  }
  TG_TRY(embed_points(*data, embedder, ready, run));
  data->dimension = data->embeddings.cols();
  TG_TRY(check_layout_width(options, data->dimension));
  if (data->tfidf) {
    TG_TRY(vectors,
           checked_steering(data->options, steering, data->tfidf.get(), data->dimension, run));
  }

  TG_TRY(steer(*data, vectors, known, run));

  FuzzyGraph graph;
  if (needs_graph(options)) {
    TG_TRY(graph, build_graph(*data, known, run));
  }
  if (has_reduction(options)) {
    TG_TRY(reduce(*data, graph, run));
  }
  if (has_matches(*data)) {
    TG_TRY(cluster_rest(*data, graph, known, run));
  } else if (options.cluster.method == ClusterMethod::communities) {
    TG_TRY(find_communities(*data, graph, run));
  } else {
    TG_TRY(find_clusters(*data, given_labels, run));
  }
  TG_TRY(describe(*data, run));
  TG_TRY(draw_map(*data, graph, run));
  data->centroids = topic_centroids(*data);
  if (!options.store.keep_embeddings) data->embeddings = {};
  fill_documents(*data);
  count_facts(*data);
  data->warnings = run.warnings();
  TopicModel model(std::move(data));
  if (!options.represent.main.empty() || !options.represent.aspects.empty()) {
    TG_TRY(model.represent(options.represent, {options.mmr, options.keybert, options.pos}, texts,
                           embedder, run));
  }
  return model;
}

}  // namespace topograph

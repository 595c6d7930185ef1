// Kinds made of trees: hierarchy, heatmap (ordered by one) and HDBSCAN's condensed tree.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "plot_kinds.hpp"
#include "topograph/cluster/agglomerative.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/topics/topic_distances.hpp"

namespace topograph::cli {
namespace {

/// 1 - cosine of every two topics of the figure, as `topograph hierarchy` measures it.
Result<std::vector<double>> distances_of(const FigureTopics& topics, const PlotSource& source,
                                         TopicBasis basis, RunContext& run) {
  const TopicModel& model = source.model();
  if (basis == TopicBasis::words && !model.has_counts()) {
    return model_error(ErrorCode::unsupported, source.fitted.folder.string(),
                       "it has no term counts to compare topics by: it was converted",
                       "--set hierarchy.by=vectors compares their mean vectors");
  }
  TG_TRY(const auto all, basis == TopicBasis::vectors
                             ? cosine_distances(model.topic_vectors(), run)
                             : cosine_distances(topic_weights(model).view(), run));
  const auto n = idx(model.facts().n_topics);
  std::vector<double> chosen;
  for (std::size_t i = 0; i < topics.topics.size(); ++i) {
    for (std::size_t j = i + 1; j < topics.topics.size(); ++j) {
      chosen.push_back(all[pair_position(idx(topics.topics[i].id), idx(topics.topics[j].id), n)]);
    }
  }
  return chosen;
}

/// The topic that most points of each selected cluster have now: topics may have been merged.
std::vector<SelectedCluster> selected_clusters(const TopicModel& model,
                                               const HdbscanResult& found) {
  std::vector<std::map<std::int32_t, std::int64_t>> topics_of(found.selected.size());
  for (std::size_t point = 0; point < found.clusters.labels.size(); ++point) {
    const std::int32_t cluster = found.clusters.labels[point];
    if (cluster >= 0) {
      topics_of[idx(cluster)][model.point_labels()[point]] += model.point_weights()[point];
    }
  }
  std::vector<SelectedCluster> selected;
  for (std::size_t c = 0; c < found.selected.size(); ++c) {
    const auto largest = std::ranges::max_element(
        topics_of[c], {}, &std::pair<const std::int32_t, std::int64_t>::second);
    const std::int32_t topic = largest == topics_of[c].end() ? kNoise : largest->first;
    selected.push_back({found.selected[c], topic});
  }
  return selected;
}

}  // namespace

Result<Scene> plot_hierarchy(const PlotRequest& request, const PlotSource& source,
                             RunContext& run) {
  TG_TRY(const FigureTopics topics, topics_of(request, source, 100));
  const HierarchyKindOptions& options = request.options.hierarchy;
  TG_TRY(auto distances, distances_of(topics, source, options.by, run));
  TG_TRY(const Linkage linkage,
         linkage_of_distances(std::move(distances), topics.topics.size(), options.linkage, run));
  const std::string axis = fmt::format("distance of the topics' {} ({} linkage)",
                                       enum_name(options.by), enum_name(options.linkage));
  return topic_tree(topics, linkage, axis, options, request.options.figure);
}

Result<Scene> plot_heatmap(const PlotRequest& request, const PlotSource& source, RunContext& run) {
  constexpr std::size_t most = 250;
  TG_TRY(const FigureTopics topics, topics_of(request, source, 60));
  const std::size_t n = topics.topics.size();
  if (n > most) {
    return option_error("figure.n_topics",
                        fmt::format("a heatmap has room for {} topics, found {}", most, n));
  }
  TG_TRY(const auto distances, distances_of(topics, source, TopicBasis::vectors, run));
  TG_TRY(const Linkage linkage, linkage_of_distances(distances, n, LinkageMethod::ward, run));
  Matrix<float> similarity(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    similarity[i, i] = 1;
    for (std::size_t j = i + 1; j < n; ++j) {
      similarity[i, j] = similarity[j, i] =
          static_cast<float>(1 - distances[pair_position(i, j, n)]);
    }
  }
  return similarity_heatmap(topics, similarity.view(), linkage, request.options.heatmap,
                            request.options.figure);
}

Result<Scene> plot_condensed_tree(const PlotRequest& request, const PlotSource& source) {
  const HdbscanResult* found = source.model().hdbscan();
  if (found == nullptr) {
    return model_error(ErrorCode::not_found, source.fitted.folder.string(),
                       "the model has no condensed tree: its topics were not found by HDBSCAN",
                       "fit it with --cluster hdbscan");
  }
  TG_TRY(const FigureTopics topics, topics_of(request, source, 0, false));
  return condensed_tree_figure(topics, found->condensed, selected_clusters(source.model(), *found),
                               request.options.condensed_tree, request.options.figure);
}

}  // namespace topograph::cli

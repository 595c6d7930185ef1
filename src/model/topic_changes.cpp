#include "topograph/model/topic_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "topograph/cluster/communities.hpp"
#include "topograph/cluster/kmeans.hpp"
#include "topograph/core/memory_budget.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"
#include "topograph/neighbors/index.hpp"
#include "topograph/topics/group_topics.hpp"
#include "topograph/topics/topic_distances.hpp"

namespace topograph {
namespace {

constexpr int kOctaves = 10;  // Of resolution, before a topic counts as one piece.
constexpr int kStarts = 4;    // Of k-means: a split should not hang on one unlucky start.

Result<void> check_topic(const TopicModel& model, std::int32_t topic) {
  const std::int64_t n = model.facts().n_topics;
  if (topic == kNoise) {
    return option_error("topic", "-1 is no topic: it holds the documents without one",
                        "`topograph outliers` gives them topics");
  }
  if (topic >= 0 && topic < n) return {};
  return option_error("topic",
                      n == 0 ? std::string("this model has no topics")
                             : fmt::format("expected a topic from 0 to {}, found {}", n - 1, topic),
                      "`topograph topics MODEL` lists them");
}

PointTopics identity(const TopicModel& model) {
  PointTopics ids(idx(narrow<std::int32_t>(model.facts().n_topics)));
  std::iota(ids.begin(), ids.end(), 0);
  return ids;
}

/// `new_of[t]` for every point of topic t.
PointTopics mapped(const TopicModel& model, const PointTopics& new_of) {
  PointTopics out;
  for (const std::int32_t label : model.point_labels()) {
    out.push_back(label < 0 ? kNoise : new_of[idx(label)]);
  }
  return out;
}

Result<Matrix<float>> dense_rows(const Csr<double>& rows, const RunContext& run) {
  TG_TRY(require_memory(rows.rows() * rows.cols() * sizeof(float),
                        fmt::format("{} terms of {} topics", rows.cols(), rows.rows()),
                        "compare the vectors", run));
  Matrix<float> dense(rows.rows(), rows.cols());
  const auto view = rows.view();
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto columns = view.row_columns(r);
    const auto values = view.row_values(r);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      dense[r, idx(columns[i])] = static_cast<float>(values[i]);
    }
  }
  return dense;
}

/// Topics that were wanted by name, ascending: no reduction makes one of them.
std::vector<std::int32_t> wanted_topics(const TopicModel& model) {
  std::set<std::int32_t> topics;
  for (const std::int32_t topic : model.zeroshot_topics()) {
    if (topic >= 0) topics.insert(topic);
  }
  return {topics.begin(), topics.end()};
}

/// Only the first wanted topic stays in its group.
void part_wanted(const std::vector<std::int32_t>& wanted, PointTopics& groups) {
  std::set<std::int32_t> taken;
  std::int32_t next = narrow<std::int32_t>(groups.size());
  for (const std::int32_t topic : wanted) {
    if (!taken.insert(groups[idx(topic)]).second) groups[idx(topic)] = next++;
  }
}

/// Wanted topics are so far from each other that nothing joins them.
void keep_apart(const std::vector<std::int32_t>& wanted, std::size_t n_topics,
                std::vector<double>& distances) {
  constexpr double farther_than_any_mean = 1e9;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (std::size_t j = i + 1; j < wanted.size(); ++j) {
      distances[pair_position(idx(wanted[i]), idx(wanted[j]), n_topics)] = farther_than_any_mean;
    }
  }
}

struct Members {
  std::vector<std::size_t> points = {};
  Matrix<float> vectors = {};
  std::vector<std::int32_t> weights = {};
};

Members members_of(const TopicModel& model, std::int32_t topic) {
  Members members;
  const auto labels = model.point_labels();
  for (std::size_t p = 0; p < labels.size(); ++p) {
    if (labels[p] == topic) members.points.push_back(p);
  }
  const MatrixView<const float> all = model.point_embeddings();
  members.vectors = Matrix<float>(members.points.size(), all.cols());
  for (std::size_t i = 0; i < members.points.size(); ++i) {
    std::ranges::copy(all.row(members.points[i]), members.vectors.row(i).begin());
    members.weights.push_back(model.point_weights()[members.points[i]]);
  }
  return members;
}

bool falls_apart(const PointTopics& parts) {
  return std::ranges::any_of(parts, [](std::int32_t part) { return part > 0; });
}

/// Modularity compares with all edges of a graph: among those of one topic the same cuts need a
/// resolution lower by its share of the documents.
double scale_within(const TopicModel& model, const Members& members) {
  if (model.options().communities.objective != CommunityObjective::modularity) return 1;
  return static_cast<double>(members.points.size()) /
         static_cast<double>(model.point_labels().size());
}

Result<PointTopics> communities_of(const TopicModel& model, const Members& members,
                                   std::optional<double> resolution, RunContext& run) {
  const GraphOptions& graph = model.options().neighbors;
  const std::size_t k = std::min(idx(graph.n_neighbors), members.points.size()) - 1;
  TG_TRY(const auto index,
         NeighborIndex::build(members.vectors.view(), k, graph.metric, graph, run));
  TG_TRY(const KnnGraph knn, index.graph(run));
  TG_TRY(const FuzzyGraph fuzzy, fuzzy_graph(knn, {}, run));
  CommunitiesOptions options = model.options().communities;
  options.n_layers = 0;
  options.min_strength = 0;
  const double scale = scale_within(model, members);
  const double of_fit = model.facts().resolution > 0 ? model.facts().resolution : 1;
  for (int octave = 0;; ++octave) {
    options.resolution = scale * resolution.value_or(std::ldexp(of_fit, octave));
    TG_TRY(auto found, communities(fuzzy, members.weights, options, run));
    if (resolution || octave == kOctaves || falls_apart(found.base.labels)) {
      return std::move(found.base.labels);
    }
  }
}

}  // namespace

Result<PointTopics> merge_topics(const TopicModel& model,
                                 const std::vector<std::vector<std::int32_t>>& groups) {
  PointTopics new_of = identity(model);
  std::set<std::int32_t> seen;
  for (const auto& group : groups) {
    if (group.size() < 2) {
      return option_error("topic", "expected two or more topics that become one, found fewer");
    }
    for (const std::int32_t topic : group) {
      TG_TRY(check_topic(model, topic));
      if (!seen.insert(topic).second) {
        return option_error("topic", fmt::format("topic {} is named twice", topic));
      }
      new_of[idx(topic)] = group.front();
    }
  }
  return mapped(model, new_of);
}

Result<PointTopics> delete_topics(const TopicModel& model, std::span<const std::int32_t> topics) {
  PointTopics new_of = identity(model);
  for (const std::int32_t topic : topics) {
    TG_TRY(check_topic(model, topic));
    new_of[idx(topic)] = kNoise;
  }
  return mapped(model, new_of);
}

Result<PointTopics> reduce_topics(const TopicModel& model, const ReduceTopicsOptions& options,
                                  RunContext& run) {
  if (model.facts().n_topics == 0) {
    return option_error("number of topics", "this model has no topics to make fewer of");
  }
  const bool by_words = options.by == TopicView::words;
  if (by_words) TG_TRY(need_counts(model));
  const Csr<double> words = by_words ? topic_weights(model) : Csr<double>();
  if (!options.n_topics) {
    Matrix<float> dense;
    if (by_words) {
      TG_TRY(dense, dense_rows(words, run));
    }
    TG_TRY(auto groups,
           group_topics_by_density(by_words ? dense.view() : model.topic_vectors(), run));
    part_wanted(wanted_topics(model), groups);
    return mapped(model, groups);
  }
  const bool skips_one = options.counts_outliers && model.description().has_outliers;
  const int wanted = *options.n_topics - (skips_one ? 1 : 0);
  const auto protected_topics = wanted_topics(model);
  if (wanted >= 0 && wanted < narrow<int>(protected_topics.size())) {
    return option_error("number of topics",
                        fmt::format("expected {} or more, the topics that were wanted by name, "
                                    "found {}",
                                    protected_topics.size(), wanted),
                        "`topograph merge` makes one of them all the same");
  }
  TG_TRY(auto distances, by_words ? cosine_distances(words.view(), run)
                                  : cosine_distances(model.topic_vectors(), run));
  keep_apart(protected_topics, idx(narrow<std::int32_t>(model.facts().n_topics)), distances);
  TG_TRY(const auto groups,
         group_topics(std::move(distances), idx(narrow<std::int32_t>(model.facts().n_topics)),
                      idx(std::max(wanted, 0)), run));
  return mapped(model, groups);
}

Result<PointTopics> split_topic(const TopicModel& model, std::int32_t topic,
                                const SplitTopicOptions& options, RunContext& run) {
  TG_TRY(check_topic(model, topic));
  if (!model.has_embeddings()) {
    return model_error(ErrorCode::unsupported, "model",
                       "it does not keep its vectors, and a split clusters them",
                       "fit it with --keep-embeddings true");
  }
  if (options.resolution && !(*options.resolution > 0 && std::isfinite(*options.resolution))) {
    return option_error("resolution",
                        fmt::format("expected a value > 0, found {}", *options.resolution));
  }
  const Members members = members_of(model, topic);
  const std::size_t n = members.points.size();
  if (n < 2 || (options.n_parts && n < idx(*options.n_parts))) {
    return option_error("topic", fmt::format("topic {} has {} different documents, too few to "
                                             "split",
                                             topic, n));
  }
  PointTopics parts;
  if (options.n_parts) {
    TG_TRY(auto found,
           kmeans(members.vectors.view(), members.weights, {},
                  {.n_clusters = *options.n_parts, .n_init = kStarts, .spherical = true}, run));
    parts = std::move(found.clusters.labels);
  } else {
    TG_TRY(parts, communities_of(model, members, options.resolution, run));
  }
  if (!falls_apart(parts)) {
    return option_error("topic", fmt::format("topic {} does not fall apart", topic),
                        options.resolution ? "raise --resolution, or say --into how many parts"
                                           : "say --into how many parts");
  }
  PointTopics labels(model.point_labels().begin(), model.point_labels().end());
  const auto next = narrow<std::int32_t>(model.facts().n_topics);
  for (std::size_t i = 0; i < n; ++i) {
    // Part 0 keeps the id; fragments without a part stay with it.
    if (parts[i] > 0) labels[members.points[i]] = next + parts[i] - 1;
  }
  return labels;
}

Result<void> need_counts(const TopicModel& model) {
  if (model.has_counts() || model.documents().topics.empty()) return {};
  return model_error(ErrorCode::unsupported, "model", "it has no term counts: it was converted",
                     "convert it again with --documents, or save it in BERTopic with "
                     "save_ctfidf=True");
}

Csr<double> topic_weights(const TopicModel& model) {
  const TopicDescription& description = model.description();
  const Csr<double> all =
      class_tfidf(description.counts.counts.view(), description.idf, model.options().ctfidf);
  if (!description.has_outliers) return all;
  const CsrView<double> view = all.view();
  Csr<double> rows;
  rows.n_cols = all.n_cols;
  const auto first = narrow<std::ptrdiff_t>(view.begin(1));
  rows.columns.assign(all.columns.begin() + first, all.columns.end());
  rows.values.assign(all.values.begin() + first, all.values.end());
  for (std::size_t r = 1; r < view.rows(); ++r) {
    rows.offsets.push_back(narrow<std::int64_t>(view.end(r) - view.begin(1)));
  }
  return rows;
}

}  // namespace topograph

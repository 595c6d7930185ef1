// The counts of new topics are sums of old ones: every old topic goes, as a whole, to the new one
// that takes most of its documents; the others' terms are counted again, taken away there and added
// where they went. All are whole numbers, so the result is that of counting anew.
#include "model/regroup.hpp"
#include "model/grow/grow_counts.hpp"
#include "model/represent_words.hpp"
#include "model/steer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "topograph/cluster/number_by_size.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/model/topic_changes.hpp"
#include "topograph/topics/topic_sums.hpp"

namespace topograph {
namespace {

using Labels = std::vector<std::int32_t>;

std::int32_t count_labels(std::span<const std::int32_t> labels) {
  std::int32_t highest = kNoise;
  for (const std::int32_t label : labels) highest = std::max(highest, label);
  return highest + 1;
}

/// For -1, 0, 1 … of `from`: the label of `to` with most documents of it (ties: the smaller).
Labels main_targets(std::span<const std::int32_t> from, std::span<const std::int32_t> to,
                    std::span<const std::int32_t> weights, std::int32_t n_from) {
  std::vector<std::map<std::int32_t, std::int64_t>> votes(idx(n_from) + 1);
  for (std::size_t p = 0; p < from.size(); ++p) votes[idx(from[p] + 1)][to[p]] += weights[p];
  Labels targets(votes.size(), kNoise);
  for (std::size_t row = 0; row < votes.size(); ++row) {
    std::int64_t most = 0;
    for (const auto& [target, votes_for] : votes[row]) {
      if (votes_for <= most) continue;
      most = votes_for;
      targets[row] = target;
    }
  }
  return targets;
}

/// What turns the old topics of points into new ones.
struct Regrouping {
  const TopicModel::Data& data;
  const Labels& labels;
  std::int32_t n_topics = 0;
  Labels targets = {};                    ///< Of old -1, 0, 1 …: the new topic of most of it.
  std::vector<std::int64_t> movers = {};  ///< Points that part from the rest of their old topic.

  [[nodiscard]] bool has_outliers() const {
    return std::ranges::find(labels, kNoise) != labels.end();
  }
  /// Row of the new counts.
  [[nodiscard]] std::int32_t row_of(std::int32_t label) const {
    return label + (has_outliers() ? 1 : 0);
  }
};

Regrouping compare(const TopicModel::Data& data, const Labels& labels) {
  Regrouping change{data, labels, count_labels(labels), {}, {}};
  const auto& old = data.clusters.labels;
  change.targets = main_targets(old, labels, data.points.weights, data.clusters.n_clusters);
  for (std::size_t p = 0; p < old.size(); ++p) {
    if (change.targets[idx(old[p] + 1)] != labels[p]) {
      change.movers.push_back(narrow<std::int64_t>(p));
    }
  }
  return change;
}

Result<TermCounts> moved_counts(const Regrouping& change, const TextColumn& texts,
                                RunContext& run) {
  const TermCounts& old = change.data.description.counts;
  const bool had_outliers = change.data.description.has_outliers;
  TermCounts counts{old.plan, old.vocabulary, {}, {}};
  const std::size_t n_rows = idx(change.n_topics) + (change.has_outliers() ? 1 : 0);
  Labels row_of;
  std::vector<double> factor;
  for (std::size_t row = 0; row < old.counts.rows(); ++row) {
    row_of.push_back(change.row_of(change.targets[row + (had_outliers ? 0 : 1)]));
    factor.push_back(1);
  }
  TG_TRY(const Csr<double> documents,
         count_documents(texts, change.movers, old.vocabulary, old.plan, run));
  // Every mover twice: once with a minus, where its old topic went.
  const Csr<double> all =
      stack_rows(old.counts.view(), stack_rows(documents.view(), documents.view()).view());
  for (const double sign : {-1.0, 1.0}) {
    for (const std::int64_t p : change.movers) {
      const std::int32_t was = change.data.clusters.labels[idx(p)];
      row_of.push_back(
          change.row_of(sign < 0 ? change.targets[idx(was + 1)] : change.labels[idx(p)]));
      factor.push_back(sign * term_weight(change.data, idx(p)));
    }
  }
  counts.counts = sum_rows(all.view(), row_of, n_rows, factor);
  if (!change.data.batches.empty()) {
    counts.counts = without_small(counts.counts.view(), kCountRounding);
  }
  return counts;
}

/// Labels that somebody gave follow most of their topic, unless a larger topic joins it: those of
/// topics that were wanted by name even then.
void keep_given_labels(const Regrouping& change, TopicTable& table) {
  const std::vector<std::int32_t> wanted = topics_of_names(change.data);
  const auto rank = [&](const Topic& topic) {
    return std::pair(std::ranges::find(wanted, topic.id) != wanted.end(), topic.count);
  };
  for (Topic& topic : table.topics) {
    const Topic* largest = nullptr;
    for (const Topic& old : change.data.description.table.topics) {
      if (old.id < 0 || change.targets[idx(old.id + 1)] != topic.id) continue;
      if (largest == nullptr || rank(old) > rank(*largest)) largest = &old;
    }
    if (topic.id < 0 || largest == nullptr || !largest->is_named) continue;
    topic.label = largest->label;
    topic.is_named = true;
  }
}

/// Mean vectors of merged topics, weighted by documents, when the vectors of the documents are not
/// kept.
/// @param first  0, or -1 for topic -1 alone, which has a vector where another program gave it one.
Matrix<float> merged_centroids(const Regrouping& change, std::int32_t first) {
  const TopicModel::Data& data = change.data;
  Matrix<float> out(first < 0 ? 1 : idx(change.n_topics), data.centroids.cols());
  std::vector<double> sums(out.size(), 0.0);
  std::vector<double> totals(out.rows(), 0.0);
  for (const Topic& topic : data.description.table.topics) {
    const std::int32_t target = change.targets[idx(topic.id + 1)];
    const bool has_vector = topic.id >= 0 || !data.outlier_vector.empty();
    if (!has_vector || (first < 0 ? target >= 0 : target < 0)) continue;
    const auto vector =
        topic.id < 0 ? data.outlier_vector.view().row(0) : data.centroids.view().row(idx(topic.id));
    const std::size_t at = idx(target - first);
    const auto weight = static_cast<double>(topic.count);
    totals[at] += weight;
    for (std::size_t j = 0; j < vector.size(); ++j) {
      sums[at * out.cols() + j] += weight * static_cast<double>(vector[j]);
    }
  }
  for (std::size_t t = 0; t < out.rows(); ++t) {
    for (std::size_t j = 0; j < out.cols() && totals[t] > 0; ++j) {
      out[t, j] = static_cast<float>(sums[t * out.cols() + j] / totals[t]);
    }
  }
  return out;
}

Memberships changed_memberships(const Regrouping& change) {
  const Memberships& old = change.data.memberships;
  if (old.k() == 0 || !change.movers.empty() || change.n_topics == 0) return {};
  return grouped_memberships(old, std::span(change.targets).subspan(1), idx(change.n_topics),
                             old.k(), change.labels, change.data.options.hdbscan.compat);
}

/// Blank texts stand for those that nobody has: no topic gets typical documents then.
TextColumn texts_of_points(const TextColumn& documents, const Points& points) {
  TextColumn texts;
  for (const std::int64_t row : points.first_row) {
    texts.push_back(documents.empty() ? std::string_view() : documents[idx(row)]);
  }
  return texts;
}

Result<void> check_documents(const TopicModel::Data& data, const TextColumn& documents) {
  const std::size_t n = data.points.of_document.size();
  if (documents.size() == n || (documents.empty() && data.points.keys.empty())) return {};
  return input_error(
      ErrorCode::invalid_argument, "documents",
      fmt::format("expected the {} documents of the fit, found {}", n, documents.size()));
}

}  // namespace

std::int32_t number_of_clusters(const TopicModel::Data& data) {
  if (data.hdbscan && !data.hdbscan->selected.empty()) {
    return narrow<std::int32_t>(data.hdbscan->selected.size());
  }
  return data.cluster_labels.empty() ? narrow<std::int32_t>(data.facts.n_topics)
                                     : count_labels(data.cluster_labels);
}

Result<void> TopicModel::regroup(std::span<const std::int32_t> topics, const TextColumn& documents,
                                 TopicOrder order, RunContext& run, const Embedder* embedder) {
  Data& data = *data_;
  if (embedder == nullptr) embedder = own_embedder();
  TG_EXPECTS(topics.size() == data.points.size());
  TG_TRY(need_counts(*this));
  TG_TRY(check_documents(data, documents));
  Labels labels(topics.begin(), topics.end());
  if (order == TopicOrder::by_size) number_by_size(labels, data.points.weights);
  Stage stage(run, "topics");
  const TextColumn texts = texts_of_points(documents, data.points);
  const Regrouping change = compare(data, labels);
  if (documents.empty() && !change.movers.empty()) {
    return model_error(ErrorCode::unsupported, "model",
                       "documents would leave the rest of their topic, and the model does not know "
                       "their words",
                       "convert it again with --documents");
  }
  TG_TRY(auto counts, moved_counts(change, texts, run));
  TG_TRY(const auto tfidf, seeded_weighting(data.options, counts, false, run));
  TG_TRY(auto description,
         describe_counts(std::move(counts), texts, labels, data.points.weights,
                         data.points.first_row, change.n_topics, tfidf, data.options.topics, run));
  keep_given_labels(change, description.table);
  TG_TRY(auto chains, write_words_again({texts, labels, data.embeddings.view(), embedder},
                                        data.options, description, run));
  const bool has_vectors = !data.embeddings.empty();
  Matrix<float> centroids = has_vectors ? Matrix<float>() : merged_centroids(change, 0);
  Matrix<float> outlier_vector = merged_centroids(change, kNoise);
  Memberships memberships = changed_memberships(change);
  if (data.memberships.k() > 0 && memberships.k() == 0) {
    run.warn("memberships in several topics were dropped: documents left their clusters");
  }

  const Labels old = std::exchange(data.clusters.labels, labels);
  if (data.cluster_labels.empty() && !places_by_votes(data)) {
    data.cluster_labels = old;
  }
  for (std::size_t p = 0; p < data.is_waiting.size(); ++p) {
    if (old[p] != data.clusters.labels[p]) data.is_waiting[p] = 0;
  }
  data.clusters.n_clusters = change.n_topics;
  data.clusters.persistence.clear();
  data.memberships = std::move(memberships);
  data.options.store.memberships = narrow<int>(data.memberships.k());
  data.description = std::move(description);
  data.options.represent = std::move(chains);
  data.facts.n_topics = data.clusters.n_clusters;
  complete_outlier_topic(data);
  if (!change.has_outliers()) outlier_vector = {};
  if (!data.outlier_vector.empty()) data.outlier_vector = std::move(outlier_vector);
  data.centroids = has_vectors ? topic_centroids(data) : std::move(centroids);
  fill_documents(data);
  data.facts.n_outliers = std::ranges::count(data.documents.topics, kNoise);
  change_layers(data, old);
  return {};
}

Result<void> TopicModel::set_label(std::int32_t topic, std::string label) {
  for (Topic& entry : data_->description.table.topics) {
    if (entry.id != topic) continue;
    entry.is_named = !label.empty();
    entry.label = label.empty() ? default_label(entry) : std::move(label);
    for (std::size_t i = 0; i < data_->point_layers.size(); ++i) {
      if (topic >= 0 && data_->point_layers[i].labels == data_->clusters.labels) {
        data_->layers[i].names[idx(topic)] = entry.label;
      }
    }
    return {};
  }
  return option_error("topic", fmt::format("there is no topic {}", topic),
                      "`topograph topics MODEL` lists them");
}

}  // namespace topograph

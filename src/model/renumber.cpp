#include <algorithm>
#include <utility>

#include "model/regroup.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/topics/topic_sums.hpp"

namespace topograph {
namespace {

/// Rows of topics in their new order; a row of -1 stays first.
Csr<double> moved_rows(const Csr<double>& rows, std::span<const std::int32_t> number_of,
                       bool has_outliers) {
  if (rows.rows() == 0) return rows;
  std::vector<std::int32_t> row_of;
  if (has_outliers) row_of.push_back(0);
  for (const std::int32_t number : number_of) row_of.push_back(number + (has_outliers ? 1 : 0));
  return sum_rows(rows.view(), row_of, rows.rows());
}

void renumber_table(TopicTable& table, std::span<const std::int32_t> number_of) {
  for (Topic& topic : table.topics) {
    if (topic.id < 0) continue;
    topic.id = number_of[idx(topic.id)];
    if (!topic.is_named) topic.label = default_label(topic);
  }
  std::ranges::sort(table.topics, {}, &Topic::id);
}

}  // namespace

void TopicModel::renumber(std::span<const std::int32_t> number_of) {
  Data& data = *data_;
  TG_EXPECTS(number_of.size() == idx(data.clusters.n_clusters));
  std::vector<std::int32_t> sorted(number_of.begin(), number_of.end());
  std::ranges::sort(sorted);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    TG_EXPECTS(sorted[i] == narrow<std::int32_t>(i));
  }
  const auto renumbered = [&](std::int32_t topic) {
    return topic < 0 ? topic : number_of[idx(topic)];
  };
  const std::vector<std::int32_t> old = data.clusters.labels;
  std::ranges::transform(old, data.clusters.labels.begin(), renumbered);
  if (data.cluster_labels.empty() && data.options.cluster.method != ClusterMethod::communities) {
    data.cluster_labels = old;
  }
  data.clusters.persistence.clear();
  for (std::size_t i = 0; i < data.memberships.clusters.size(); ++i) {
    std::int32_t& topic = data.memberships.clusters.data()[i];
    topic = renumbered(topic);
  }
  Matrix<float> centroids(data.centroids.rows(), data.centroids.cols());
  for (std::size_t t = 0; t < centroids.rows(); ++t) {
    std::ranges::copy(std::as_const(data.centroids).row(t),
                      centroids.row(idx(number_of[t])).begin());
  }
  data.centroids = std::move(centroids);
  TopicDescription& description = data.description;
  description.counts.counts =
      moved_rows(description.counts.counts, number_of, description.has_outliers);
  description.weights = moved_rows(description.weights, number_of, description.has_outliers);
  renumber_table(description.table, number_of);
  fill_documents(data);
  change_layers(data, old);
}

}  // namespace topograph

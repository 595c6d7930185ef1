#include "topograph/model/topic_model.hpp"

#include <algorithm>
#include <utility>

#include "model/model_data.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

std::string_view to_string(OutlierReason reason) {
  switch (reason) {
    case OutlierReason::none: return "";
    case OutlierReason::empty: return "empty";
    case OutlierReason::noise: return "noise";
    case OutlierReason::weak: return "weak";
    case OutlierReason::far: return "far";
  }
  return "";
}

TopicModel::TopicModel(std::unique_ptr<Data> data) : data_(std::move(data)) {}
TopicModel::TopicModel(TopicModel&&) noexcept = default;
TopicModel& TopicModel::operator=(TopicModel&&) noexcept = default;
TopicModel::~TopicModel() = default;

const TopicModel::Data& TopicModel::data() const { return *data_; }
const FitOptions& TopicModel::options() const { return data_->options; }
const FitFacts& TopicModel::facts() const { return data_->facts; }
const TopicTable& TopicModel::topics() const { return data_->description.table; }
const DocumentTopics& TopicModel::documents() const { return data_->documents; }
const std::vector<TopicLayer>& TopicModel::layers() const { return data_->layers; }
const ClusterNumber& TopicModel::cluster_number() const { return data_->cluster_number; }
MatrixView<const float> TopicModel::point_embeddings() const { return data_->embeddings.view(); }
MatrixView<const float> TopicModel::point_positions() const { return data_->map.coords.view(); }
std::span<const std::int32_t> TopicModel::point_labels() const { return data_->clusters.labels; }
std::span<const std::int32_t> TopicModel::point_weights() const { return data_->points.weights; }
std::span<const std::int64_t> TopicModel::point_rows() const { return data_->points.first_row; }
std::span<const std::int64_t> TopicModel::point_keys() const { return data_->points.keys; }
std::span<const std::int32_t> TopicModel::point_of_document() const {
  return data_->points.of_document;
}
const TopicDescription& TopicModel::description() const { return data_->description; }
MatrixView<const float> TopicModel::topic_vectors() const { return data_->centroids.view(); }
const HdbscanResult* TopicModel::hdbscan() const {
  return data_->hdbscan ? &*data_->hdbscan : nullptr;
}
const Linkage* TopicModel::linkage() const {
  if (data_->hdbscan) return &data_->hdbscan->linkage;
  return data_->linkage ? &*data_->linkage : nullptr;
}
std::span<const double> TopicModel::topic_persistence() const {
  return data_->clusters.persistence;
}
std::size_t TopicModel::dimension() const { return data_->dimension; }
bool TopicModel::has_embeddings() const { return !data_->embeddings.empty(); }
bool TopicModel::has_map() const { return !data_->map.coords.empty(); }
bool TopicModel::has_counts() const { return data_->description.counts.counts.rows() > 0; }
bool TopicModel::knows_texts() const { return !data_->points.keys.empty(); }
MatrixView<const float> TopicModel::outlier_vector() const { return data_->outlier_vector.view(); }
const Embedder* TopicModel::own_embedder() const { return data_->tfidf.get(); }
const std::string& TopicModel::input_json() const { return data_->input_json; }

void copy_memberships(const Memberships& from, std::size_t from_row, Memberships& to,
                      std::size_t to_row) {
  std::ranges::copy(from.clusters.row(from_row), to.clusters.row(to_row).begin());
  std::ranges::copy(from.values.row(from_row), to.values.row(to_row).begin());
  to.noise[to_row] = from.noise[from_row];
}

OutlierReason outlier_reason(const TopicModel::Data& data) {
  return data.options.cluster.method == ClusterMethod::communities ? OutlierReason::weak
                                                                   : OutlierReason::noise;
}

void fill_documents(TopicModel::Data& data) {
  const Points& points = data.points;
  const std::size_t n = points.of_document.size();
  DocumentTopics& documents = data.documents;
  documents.topics.assign(n, kNoise);
  documents.probabilities.assign(n, 0.0F);
  documents.positions = Matrix<float>(n, 2);
  documents.is_placed.assign(n, 0);
  documents.reasons.assign(n, OutlierReason::empty);
  const bool has_memberships = data.memberships.k() > 0;
  if (has_memberships) documents.memberships = noise_memberships(n, data.memberships.k());
  const OutlierReason outlier = outlier_reason(data);
  for (std::size_t i = 0; i < n; ++i) {
    if (points.of_document[i] < 0) continue;
    const std::size_t point = idx(points.of_document[i]);
    documents.topics[i] = data.clusters.labels[point];
    documents.probabilities[i] = data.clusters.strength[point];
    if (!data.map.coords.empty()) {
      documents.positions[i, 0] = data.map.coords[point, 0];
      documents.positions[i, 1] = data.map.coords[point, 1];
      documents.is_placed[i] = 1;
    }
    const bool is_far = !data.is_waiting.empty() && data.is_waiting[point] != 0;
    documents.reasons[i] = documents.topics[i] != kNoise ? OutlierReason::none
                           : is_far                      ? OutlierReason::far
                                                         : outlier;
    if (has_memberships) copy_memberships(data.memberships, point, documents.memberships, i);
  }
}

void complete_outlier_topic(TopicModel::Data& data) {
  std::vector<Topic>& topics = data.description.table.topics;
  const bool has_one = !topics.empty() && topics.front().id == kNoise;
  if (!has_one && data.facts.n_empty > 0) topics.insert(topics.begin(), Topic{.id = kNoise});
  if (topics.empty() || topics.front().id != kNoise) return;
  topics.front().count += data.facts.n_empty;
  topics.front().label =
      topics.front().count == data.facts.n_empty ? "empty documents" : "outliers";
}

}  // namespace topograph

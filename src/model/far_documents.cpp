#include "model/far_documents.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

double cosine(std::span<const float> a, std::span<const float> b) {
  double dot = 0;
  double square_a = 0;
  double square_b = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    dot += static_cast<double>(a[j]) * static_cast<double>(b[j]);
    square_a += static_cast<double>(a[j]) * static_cast<double>(a[j]);
    square_b += static_cast<double>(b[j]) * static_cast<double>(b[j]);
  }
  const double norms = std::sqrt(square_a * square_b);
  return norms > 0 ? dot / norms : 0.0;
}

struct Member {
  double similarity = 0;
  std::int64_t copies = 0;
};

/// The similarity that all but `share` of the members reach.
double least_similarity(std::vector<Member>& members, double share) {
  std::ranges::sort(members, {}, &Member::similarity);
  std::int64_t all = 0;
  for (const Member& member : members) all += member.copies;
  const double allowed = share * static_cast<double>(all);
  double below = 0;
  for (const Member& member : members) {
    below += static_cast<double>(member.copies);
    if (below > allowed) return member.similarity;
  }
  return 2;  // A share of 1: everything is far.
}

}  // namespace

std::vector<std::uint8_t> far_documents(const TopicModel::Data& data, const Matrix<float>& vectors,
                                        const std::vector<std::int32_t>& topics, double share) {
  std::vector<std::uint8_t> is_far(vectors.rows(), 0);
  if (share <= 0) return is_far;
  std::vector<std::vector<Member>> members(data.centroids.rows());
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    const std::int32_t topic = data.clusters.labels[p];
    if (topic < 0) continue;
    members[idx(topic)].push_back({cosine(std::as_const(data.embeddings).row(p),
                                          std::as_const(data.centroids).row(idx(topic))),
                                   data.points.weights[p]});
  }
  std::vector<double> least;
  for (auto& of_topic : members) least.push_back(least_similarity(of_topic, share));
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    const std::int32_t topic = topics[i];
    if (topic < 0) continue;
    const double similarity = cosine(vectors.row(i), std::as_const(data.centroids).row(idx(topic)));
    is_far[i] = similarity < least[idx(topic)] ? 1 : 0;
  }
  return is_far;
}

}  // namespace topograph

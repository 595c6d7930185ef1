#include "model/grow/usual_distances.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "model/layouts.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

constexpr std::size_t kNearest = 5;
constexpr std::size_t kSample = 2000;
constexpr std::size_t kTopicSample = 200;

void append_sample(const std::vector<std::size_t>& from, std::size_t most, RandomKey key,
                   std::vector<std::size_t>& to) {
  if (from.size() <= most) {
    to.insert(to.end(), from.begin(), from.end());
    return;
  }
  for (const std::int32_t i : sample_without_replacement(key, from.size(), most)) {
    to.push_back(from[idx(i)]);
  }
}

bool waits(const TopicModel::Data& data, std::size_t point) {
  return !data.is_waiting.empty() && data.is_waiting[point] != 0;
}

}  // namespace

float UsualDistances::beyond(double share) const {
  const auto allowed = static_cast<std::size_t>(share * static_cast<double>(all.size()));
  if (allowed >= all.size()) return -std::numeric_limits<float>::infinity();
  return all[all.size() - 1 - allowed];
}

double UsualDistances::share_as_far(std::int32_t topic, float distance) const {
  const auto found = topics.find(topic);
  const std::vector<float>& usual = found == topics.end() ? all : found->second;
  const auto n_farther = usual.end() - std::ranges::lower_bound(usual, distance);
  return static_cast<double>(n_farther + 1) / static_cast<double>(usual.size() + 1);
}

Result<std::vector<float>> distances_to_model(const TopicModel::Data& data,
                                              MatrixView<const float> vectors,
                                              std::span<const std::size_t> points,
                                              RunContext& run) {
  const std::size_t k =
      std::min(std::max(kNearest, idx(data.options.neighbors.n_neighbors)) + 1, data.points.size());
  TG_TRY(const KnnGraph found, nearest_points(data, vectors, k, run));
  std::vector<float> means;
  for (std::size_t i = 0; i < points.size(); ++i) {
    double sum = 0;
    std::size_t n = 0;
    float last = 0;
    for (std::size_t j = 0; j < found.k() && n < kNearest; ++j) {
      const std::size_t near = idx(found.ids[i, j]);
      if (near == points[i]) continue;
      last = found.distances[i, j];  // Where many wait, the others are at least as far.
      if (waits(data, near)) continue;
      sum += static_cast<double>(last);
      ++n;
    }
    for (; n < kNearest; ++n) sum += static_cast<double>(last);
    means.push_back(static_cast<float>(sum / static_cast<double>(kNearest)));
  }
  return means;
}

Result<UsualDistances> usual_distances(const TopicModel::Data& data,
                                       std::span<const std::int32_t> topics, RunContext& run) {
  const std::set<std::int32_t> wanted(topics.begin(), topics.end());
  std::vector<std::size_t> candidates;
  std::map<std::int32_t, std::vector<std::size_t>> members;
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    if (waits(data, p)) continue;
    candidates.push_back(p);
    const std::int32_t topic = data.clusters.labels[p];
    if (topic >= 0 && wanted.contains(topic)) members[topic].push_back(p);
  }
  const std::uint64_t seed = data.facts.seed;
  std::vector<std::size_t> points;
  append_sample(candidates, kSample, random_key(seed, "online.usual"), points);
  std::vector<std::size_t> ends{points.size()};
  for (const auto& [topic, of_topic] : members) {
    append_sample(of_topic, kTopicSample, random_key(seed, "online.usual." + std::to_string(topic)),
                  points);
    ends.push_back(points.size());
  }
  Matrix<float> vectors(points.size(), data.embeddings.cols());
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::ranges::copy(std::as_const(data.embeddings).row(points[i]), vectors.row(i).begin());
  }
  TG_TRY(const auto means, distances_to_model(data, vectors.view(), points, run));
  const auto sorted = [&](std::size_t begin, std::size_t end) {
    std::vector<float> part(means.begin() + narrow<std::ptrdiff_t>(begin),
                            means.begin() + narrow<std::ptrdiff_t>(end));
    std::ranges::sort(part);
    return part;
  };
  UsualDistances usual;
  usual.all = sorted(0, ends[0]);
  std::size_t at = 0;
  for (const auto& [topic, of_topic] : members) {
    usual.topics[topic] = sorted(ends[at], ends[at + 1]);
    ++at;
  }
  return usual;
}

}  // namespace topograph

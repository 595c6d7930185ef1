#include "topograph/model/borderline.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGrain = 512;

double length(std::span<const float> vector) {
  double sum = 0;
  for (const float v : vector) sum += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(sum);
}

double dot(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    sum += static_cast<double>(a[j]) * static_cast<double>(b[j]);
  }
  return sum;
}

/// Fills `other` and `margin` from the probabilities that are kept.
void compare_memberships(const Memberships& memberships, BorderlineDocument& document) {
  const auto row = narrow<std::size_t>(document.row);
  double own = 0;
  double best = -1;
  for (std::size_t j = 0; j < memberships.k(); ++j) {
    const std::int32_t topic = memberships.clusters[row, j];
    const auto value = static_cast<double>(memberships.values[row, j]);
    if (topic == document.topic) {
      own = value;
    } else if (topic >= 0 && value > best) {
      best = value;
      document.other = topic;
    }
  }
  document.margin = own - std::max(best, 0.0);
}

/// Fills `other` and `margin` from the topics' mean vectors.
void compare_vectors(std::span<const float> vector, MatrixView<const float> topics,
                     std::span<const double> lengths, BorderlineDocument& document) {
  const double own_length = length(vector);
  double own = 0;
  double best = 0;
  for (std::size_t t = 0; t < topics.rows(); ++t) {
    const double norms = own_length * lengths[t];
    const double cosine = norms > 0 ? dot(vector, topics.row(t)) / norms : 0;
    if (narrow<std::int32_t>(t) == document.topic) {
      own = cosine;
    } else if (document.other < 0 || cosine > best) {
      best = cosine;
      document.other = narrow<std::int32_t>(t);
    }
  }
  document.margin = own - best;
}

}  // namespace

Result<std::vector<BorderlineDocument>> borderline_documents(const TopicModel& model, std::size_t n,
                                                             RunContext& run) {
  const MatrixView<const float> topics = model.topic_vectors();
  const MatrixView<const float> vectors = model.point_embeddings();
  const Memberships& memberships = model.documents().memberships;
  const bool by_memberships = memberships.k() >= 2;
  if (model.facts().n_topics < 2) {
    return model_error(ErrorCode::invalid_argument, "topics",
                       "a document is between topics where there are two, this model has " +
                           std::to_string(model.facts().n_topics));
  }
  if (!by_memberships && vectors.rows() == 0) {
    return model_error(ErrorCode::unsupported, "embeddings",
                       "this model keeps neither vectors nor probabilities of its documents",
                       "fit with --keep-embeddings true or --probabilities 2");
  }
  const auto labels = model.point_labels();
  std::vector<double> lengths;
  for (std::size_t t = 0; t < topics.rows(); ++t) lengths.push_back(length(topics.row(t)));
  std::vector<BorderlineDocument> points(labels.size());
  TG_TRY(parallel_blocks(run, points.size(), kGrain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      points[i].row = model.point_rows()[i];
      points[i].topic = labels[i];
      if (labels[i] < 0) continue;
      if (by_memberships) {
        compare_memberships(memberships, points[i]);
      } else {
        compare_vectors(vectors.row(i), topics, lengths, points[i]);
      }
    }
  }));
  std::erase_if(points, [](const BorderlineDocument& p) { return p.topic < 0 || p.other < 0; });
  std::ranges::sort(points, [](const BorderlineDocument& a, const BorderlineDocument& b) {
    if (a.topic != b.topic) return a.topic < b.topic;
    return a.margin != b.margin ? a.margin < b.margin : a.row < b.row;
  });
  std::size_t place = 0;
  std::int32_t topic = -1;
  std::erase_if(points, [&](const BorderlineDocument& p) {
    if (p.topic != topic) place = 0;
    topic = p.topic;
    return place++ >= n;
  });
  return points;
}

}  // namespace topograph

#include "topograph/model/reduce_outliers.hpp"

#include <algorithm>
#include <cmath>

#include "topograph/core/narrow.hpp"
#include "topograph/topics/outlier_moves.hpp"
#include "topograph/topics/topic_distribution.hpp"

namespace topograph {
namespace {

using Rows = std::vector<std::int64_t>;

Result<std::vector<OutlierMove>> by_distribution(const TopicModel& model,
                                                 const TextColumn& documents, const Rows& rows,
                                                 double threshold, RunContext& run) {
  TextColumn texts;
  for (const std::int64_t row : rows) texts.push_back(documents[idx(row)]);
  const TermCounts& counts = model.description().counts;
  TG_TRY(const auto found,
         topic_distribution(texts, counts.vocabulary, counts.plan, topic_weights(model).view(),
                            model.description().idf, model.options().ctfidf,
                            {.min_similarity = threshold}, run));
  return moves_by_share(found.documents.view(), 0);
}

Result<std::vector<OutlierMove>> by_probability(const TopicModel& model, const Rows& rows,
                                                double threshold) {
  const Memberships& members = model.documents().memberships;
  if (members.k() == 0) {
    return model_error(ErrorCode::unsupported, "probabilities",
                       "the model keeps no memberships in several topics",
                       "fit it with --cluster hdbscan --probabilities K, or use another strategy");
  }
  std::vector<OutlierMove> moves;
  for (const std::int64_t row : rows) {
    OutlierMove best;
    for (std::size_t j = 0; j < members.k(); ++j) {
      const auto value = static_cast<double>(members.values[idx(row), j]);
      if (value >= threshold && value > best.score) best = {members.clusters[idx(row), j], value};
    }
    moves.push_back(best);
  }
  return moves;
}

Result<std::vector<OutlierMove>> by_vectors(const TopicModel& model,
                                            const std::vector<std::size_t>& points,
                                            double threshold, RunContext& run) {
  if (!model.has_embeddings()) {
    return model_error(ErrorCode::unsupported, "embeddings", "the model does not keep its vectors",
                       "fit it with --keep-embeddings true, or use another strategy");
  }
  const MatrixView<const float> all = model.point_embeddings();
  Matrix<float> vectors(points.size(), all.cols());
  for (std::size_t i = 0; i < points.size(); ++i) {
    std::ranges::copy(all.row(points[i]), vectors.row(i).begin());
  }
  return moves_by_vectors(vectors.view(), model.topic_vectors(), threshold, run);
}

}  // namespace

Result<PointTopics> reduce_outliers(const TopicModel& model, const TextColumn& documents,
                                    const ReduceOutliersOptions& options, RunContext& run) {
  PointTopics labels(model.point_labels().begin(), model.point_labels().end());
  std::vector<std::size_t> points;
  std::vector<std::int32_t> weights;
  Rows rows;
  std::int64_t n_documents = 0;
  for (std::size_t p = 0; p < labels.size(); ++p) {
    n_documents += model.point_weights()[p];
    if (labels[p] != kNoise) continue;
    points.push_back(p);
    weights.push_back(model.point_weights()[p]);
    rows.push_back(model.point_rows()[p]);
  }
  if (points.empty()) {
    return option_error("outliers", "every document with text has a topic: there is nothing to do");
  }
  if (model.facts().n_topics == 0) {
    return option_error("outliers", "the model has no topics that documents could go to");
  }
  std::vector<OutlierMove> moves;
  switch (options.strategy) {
    case OutlierStrategy::distributions: {
      TG_TRY(moves, by_distribution(model, documents, rows, options.threshold, run));
      break;
    }
    case OutlierStrategy::words: {
      const TermCounts& counts = model.description().counts;
      TG_TRY(const auto found,
             count_documents(documents, rows, counts.vocabulary, counts.plan, run));
      TG_TRY(moves,
             moves_by_words(found.view(), topic_weights(model).view(), model.description().idf,
                            model.options().ctfidf, options.threshold, run));
      break;
    }
    case OutlierStrategy::vectors: {
      TG_TRY(moves, by_vectors(model, points, options.threshold, run));
      break;
    }
    case OutlierStrategy::probabilities: {
      TG_TRY(moves, by_probability(model, rows, options.threshold));
      break;
    }
  }
  if (options.share) {
    keep_surest(moves, weights,
                std::llround(std::floor(*options.share * static_cast<double>(n_documents))));
  }
  for (std::size_t i = 0; i < points.size(); ++i) labels[points[i]] = moves[i].topic;
  return labels;
}

}  // namespace topograph

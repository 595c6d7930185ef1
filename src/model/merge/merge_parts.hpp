#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/model/merge_models.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph {

/// Models that become one, and where their topics go.
struct MergePlan {
  std::span<const ModelPart> parts = {};
  std::vector<std::vector<JoinedTopic>> topics = {};
  std::int32_t n_topics = 0;
  bool has_outliers = false;  ///< Some point has no topic.

  /// Topic of the merged model for one of a part.
  [[nodiscard]] std::int32_t merged(std::size_t part, std::int32_t topic) const {
    return topic < 0 ? topic : topics[part][static_cast<std::size_t>(topic)].id;
  }
};

[[nodiscard]] MergePlan plan_merge(std::span<const ModelPart> parts, double min_similarity);

/// Term counts of the merged topics: sums over the union of the terms. A part whose words were cut
/// by other rules than the first's is counted again.
[[nodiscard]] Result<TermCounts> merged_counts(const MergePlan& plan, RunContext& run);

/// Texts of a part's points; blank ones where it does not know them.
[[nodiscard]] TextColumn point_texts(const ModelPart& part);

/// Vectors of all points, or none when a part has not kept its own.
[[nodiscard]] Matrix<float> merged_embeddings(const MergePlan& plan);

/// Mean vectors of the merged topics (`first` 0), or of topic -1 where parts have one (`first` -1;
/// no row when none has), weighted by documents.
[[nodiscard]] Matrix<float> merged_vectors(const MergePlan& plan, std::int32_t first);

}  // namespace topograph

#pragma once

#include <optional>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {

/// How well the words of each topic go together (-1 left out, in the order of the table).
struct TopicCoherence {
  std::vector<std::optional<double>> npmi = {};  ///< By documents.
  std::vector<std::optional<double>> cv = {};    ///< By windows of 110 words.
};

/// In the model's own documents, in at most 50 000 evenly spread ones. @error cancelled.
[[nodiscard]] Result<TopicCoherence> topic_coherence(const TopicModel& model,
                                                     const TextColumn& texts, RunContext& run);

/// The mean, each topic counting once. None where no topic has a coherence.
[[nodiscard]] std::optional<double> mean_coherence(
    const std::vector<std::optional<double>>& coherence);

}  // namespace topograph::cli

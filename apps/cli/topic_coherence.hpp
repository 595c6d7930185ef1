#pragma once

#include <optional>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {

/// NPMI of the words of each topic (-1 left out, in the order of the table) in the model's own
/// documents, of at most 50 000 evenly spread ones. @error cancelled.
[[nodiscard]] Result<std::vector<std::optional<double>>> topic_coherence(const TopicModel& model,
                                                                         const TextColumn& texts,
                                                                         RunContext& run);

/// Their mean, each topic counting once. None where no topic has a coherence.
[[nodiscard]] std::optional<double> mean_coherence(
    const std::vector<std::optional<double>>& coherence);

}  // namespace topograph::cli

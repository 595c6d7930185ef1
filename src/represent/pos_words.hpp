#pragma once

#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/represent/represent_topics.hpp"

namespace topograph {

/// Terms of every topic that match a pattern of parts of speech somewhere in its documents: the
/// first two that contain one of its `words` are looked through for each of them.
/// @return  Terms with their class TF-IDF, best first; ties: the smaller term id.
/// @peer    BERTopic 0.17.4 `PartOfSpeech`, which looks phrases up as they are written.
[[nodiscard]] Result<std::vector<std::vector<TopicWord>>> words_by_part_of_speech(
    const std::vector<std::vector<TopicWord>>& words, const TopicEvidence& evidence,
    const PosOptions& options, RunContext& run);

}  // namespace topograph

#pragma once

#include <cstdint>
#include <span>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/model/options.hpp"
#include "topograph/represent/represent_topics.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph {

/// The points whose topics get words.
struct WordSource {
  const TextColumn& texts;  ///< One per point; all blank: nobody has them.
  std::span<const std::int32_t> labels;
  MatrixView<const float> vectors;  ///< (points, d), or empty.
  const Embedder* embedder;         ///< Null: there is none.
};

/// Words and aspects of the topics by the chains of `fit.represent`; labels that nobody gave
/// follow. Nothing is written when it fails.
/// @error option subject: a chain that cannot be read, or that needs the encoder; cancelled.
[[nodiscard]] Result<void> write_words(const WordSource& source, const FitOptions& fit,
                                       TopicDescription& description, RunContext& run);

/// The same after topics changed. Chains that need what is not there are left out, with a warning
/// that says what and why: the words are then those of the class TF-IDF, the aspect is gone.
/// @return The chains that the words have now.
[[nodiscard]] Result<RepresentOptions> write_words_again(const WordSource& source,
                                                         const FitOptions& fit,
                                                         TopicDescription& description,
                                                         RunContext& run);

}  // namespace topograph

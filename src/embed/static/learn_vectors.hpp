#pragma once

#include <cstddef>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/embed/distill.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

/// Moves token vectors so that the mean of a text's tokens points where its target does: the loss
/// is the mean of 1 - cosine, lowered by Adam over random batches of texts, with a rate that falls
/// linearly to zero. Only the tokens of a batch move; each counts its own steps.
///
/// @param texts    Ids of rows of `vectors`; texts without tokens are passed over.
/// @param targets  (texts, d) unit rows.
/// @param vectors  (tokens, d), changed in place.
/// @return         Mean cosine of the last epoch, each text as it was when its batch came.
/// @determinism    Bit-identical for any thread count and instruction set.
/// @error          cancelled.
/// @source         Kingma & Ba 2015 for Adam; the aim is that of tokenlearn, whose loss is the
///                 squared distance.
[[nodiscard]] Result<double> learn_vectors(const TokenBatch& texts, MatrixView<const float> targets,
                                           const LearnOptions& options, Matrix<float>& vectors,
                                           Stage& stage, RunContext& run);

}  // namespace topograph::detail

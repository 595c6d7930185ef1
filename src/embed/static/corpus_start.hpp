#pragma once

#include <cstddef>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

/// Where learning from a corpus begins.
struct CorpusStart {
  Matrix<float> vectors = {};     ///< (tokens, dimension)
  Matrix<float> targets = {};     ///< (texts, dimension) unit rows; zero where the teacher's is.
  double explained_variance = 0;  ///< Share of the teacher's squared length that is kept.
};

/// Projects the teacher's vectors on their principal axes (not centred: the cosine counts from the
/// origin) and maps the token vectors linearly so that the mean of a text's tokens comes as near to
/// its target as one matrix can bring it: ridge regression on unit rows, over at most 65 536 texts,
/// evenly spaced. So a token that no text holds moves with the rest of the vocabulary.
///
/// @param texts          Ids of `token_vectors`' rows.
/// @param teacher        (texts, d)
/// @param token_vectors  (tokens, columns)
/// @param dimension      In [1, d].
/// @determinism          Bit-identical for any thread count; float64 throughout.
[[nodiscard]] Result<CorpusStart> start_from_corpus(const TokenBatch& texts,
                                                    MatrixView<const float> teacher,
                                                    MatrixView<const float> token_vectors,
                                                    std::size_t dimension, RunContext& run);

}  // namespace topograph::detail

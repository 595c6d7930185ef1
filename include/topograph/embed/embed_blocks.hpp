#pragma once

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_blocks.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph {

/// Embeds a collection of any size: one call of `embedder` for each block that `TextBlockLimits`
/// cuts, in order. The vectors are those that embedding the same blocks one by one gives, so a
/// stream of documents and a collection in memory agree in every bit and share a store of blocks.
///
/// @param out  (texts.size(), dimension()).
/// @error      as `embedder`.
[[nodiscard]] Result<EmbedReport> embed_blocks(const Embedder& embedder, const TextColumn& texts,
                                               const TextBlockLimits& limits, MatrixView<float> out,
                                               RunContext& run);

}  // namespace topograph

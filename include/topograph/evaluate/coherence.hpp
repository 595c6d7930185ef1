#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// How well the words of each topic go together: the mean, over all pairs of its words, of their
/// normalised pointwise mutual information ln(p(a,b) / (p(a) p(b))) / -ln p(a,b), with shares of
/// the documents; -1 for a pair that never meets, 1 for one that always does.
///
/// @param documents  (n, V) which words occur in which document; columns ascend in each row.
/// @param words      Columns of the words of each topic; words that no document holds have no say.
/// @return           A number in [-1, 1] for each topic; none where fewer than two words occur.
/// @error            cancelled.
/// @determinism      Independent of the thread count: counts are whole numbers.
/// @cost             O(sum over documents of the square of their words).
/// @source           Bouma 2009; Lau, Newman & Baldwin 2014, with documents in place of windows.
[[nodiscard]] Result<std::vector<std::optional<double>>> npmi_coherence(
    CsrView<double> documents, std::span<const std::vector<std::int32_t>> words, RunContext& run);

}  // namespace topograph

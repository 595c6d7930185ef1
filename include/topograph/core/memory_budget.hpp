#pragma once

#include <cstddef>
#include <string>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// May the run hold `needed` bytes at once?
///
/// @param what  Who needs them, as in "exact neighbors of 700000 rows".
/// @param hint  What helps besides a larger budget, as in "use fewer rows".
/// @error       An option error of `memory` that says how much is needed and what the budget is.
[[nodiscard]] Result<void> require_memory(std::size_t needed, const std::string& what,
                                          const std::string& hint, const RunContext& run);

}  // namespace topograph

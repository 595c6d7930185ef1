#include "topograph/core/memory_budget.hpp"

#include <fmt/format.h>

namespace topograph {

Result<void> require_memory(std::size_t needed, const std::string& what, const std::string& hint,
                            const RunContext& run) {
  if (needed <= run.memory_bytes()) return {};
  constexpr std::size_t mib = std::size_t{1} << 20U;
  return option_error("memory",
                      fmt::format("{} need {} MiB, the budget is {} MiB", what, needed / mib + 1,
                                  run.memory_bytes() / mib),
                      "raise the budget, or " + hint);
}

}  // namespace topograph

#pragma once

#include <cstddef>
#include <functional>
#include <type_traits>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// One piece of a parallel loop. Boundaries depend on n and grain, never on the thread count.
struct Block {
  std::size_t index = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t worker = 0;  ///< In [0, run.threads()): index of per-worker scratch.
};

[[nodiscard]] constexpr std::size_t block_count(std::size_t n, std::size_t grain) {
  return grain == 0 ? 0 : (n + grain - 1) / grain;
}

namespace detail {
[[nodiscard]] Result<void> run_blocks(RunContext& run, std::size_t n, std::size_t grain,
                                      const std::function<Result<void>(const Block&)>& work);
}  // namespace detail

/// Calls `work(block)` for every block of [0, n), on all threads of the run.
///
/// @param work  Returns void or Result<void>; must write only what its block owns.
/// @error       cancelled when the run was stopped, else the error of the first failing block.
/// @determinism Store per-block partial results and add them in block order: bit-identical for any
///              number of threads. Nested calls run inline.
template <class Work>
[[nodiscard]] Result<void> parallel_blocks(RunContext& run, std::size_t n, std::size_t grain,
                                           Work&& work) {
  if constexpr (std::is_void_v<std::invoke_result_t<Work&, const Block&>>) {
    return detail::run_blocks(run, n, grain, [&work](const Block& block) -> Result<void> {
      work(block);
      return {};
    });
  } else {
    return detail::run_blocks(run, n, grain, [&work](const Block& block) { return work(block); });
  }
}

}  // namespace topograph

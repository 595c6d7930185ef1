#include "topograph/core/parallel.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>
#include <vector>

#include "topograph/core/expects.hpp"

namespace topograph::detail {
namespace {

// Set while this thread works on a block: a nested loop then runs inline, as the same worker.
thread_local const Block* current_block = nullptr;

Result<void> run_inline(RunContext& run, std::size_t n, std::size_t grain, std::size_t worker,
                        const std::function<Result<void>(const Block&)>& work) {
  for (std::size_t b = 0; b < block_count(n, grain); ++b) {
    if (run.stop_requested()) return cancelled();
    TG_TRY(work(Block{b, b * grain, std::min(n, (b + 1) * grain), worker}));
  }
  return {};
}

}  // namespace

Result<void> run_blocks(RunContext& run, std::size_t n, std::size_t grain,
                        const std::function<Result<void>(const Block&)>& work) {
  TG_EXPECTS(grain > 0);
  const std::size_t n_blocks = block_count(n, grain);
  if (current_block != nullptr) return run_inline(run, n, grain, current_block->worker, work);
  if (run.threads() == 1 || n_blocks <= 1) return run_inline(run, n, grain, 0, work);

  std::vector<std::optional<Error>> errors(n_blocks);
  std::atomic<std::size_t> first_failed{n_blocks};
  run.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, n_blocks, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (std::size_t b = range.begin(); b != range.end(); ++b) {
            // Blocks below a failing one still run, so the error does not depend on the threads.
            if (b > first_failed.load(std::memory_order_relaxed) || run.stop_requested()) return;
            const auto slot =
                static_cast<std::size_t>(tbb::this_task_arena::current_thread_index());
            const Block block{b, b * grain, std::min(n, (b + 1) * grain), slot};
            current_block = &block;
            Result<void> outcome;
            try {
              outcome = work(block);
            } catch (...) {
              current_block = nullptr;
              throw;
            }
            current_block = nullptr;
            if (!outcome) {
              errors[b] = std::move(outcome).error();
              std::size_t first = first_failed.load(std::memory_order_relaxed);
              while (b < first && !first_failed.compare_exchange_weak(first, b)) {
              }
            }
          }
        },
        tbb::simple_partitioner{});
  });
  for (auto& error : errors) {
    if (error) return std::unexpected(std::move(*error));
  }
  if (run.stop_requested()) return cancelled();
  return {};
}

}  // namespace topograph::detail

#include "topograph/core/parallel.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

TEST(ParallelBlocks, CoversEveryItemOnce) {
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    std::vector<int> hits(1003, 0);
    ASSERT_TRUE(parallel_blocks(run, hits.size(), 10, [&](const Block& block) {
      ASSERT_LT(block.worker, idx(threads));
      for (std::size_t i = block.begin; i < block.end; ++i) ++hits[i];
    }));
    EXPECT_EQ(std::accumulate(hits.begin(), hits.end(), 0), 1003);
    EXPECT_EQ(*std::max_element(hits.begin(), hits.end()), 1);
  }
}

TEST(ParallelBlocks, DoesNothingForNoItems) {
  RunContext run;
  ASSERT_TRUE(parallel_blocks(run, 0, 10, [](const Block&) { FAIL(); }));
}

TEST(ParallelBlocks, ReturnsTheErrorOfTheFirstFailingBlock) {
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto outcome = parallel_blocks(run, 1000, 10, [](const Block& block) -> Result<void> {
      if (block.index >= 3) return option_error("block " + std::to_string(block.index), "no");
      return {};
    });
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().where, "block 3");
  }
}

TEST(ParallelBlocks, RunsNestedLoopsInline) {
  RunContext run({.threads = 3});
  std::atomic<int> n{0};
  ASSERT_TRUE(parallel_blocks(run, 8, 1, [&](const Block& outer) -> Result<void> {
    return parallel_blocks(run, 5, 1, [&](const Block& inner) {
      EXPECT_EQ(inner.worker, outer.worker);
      ++n;
    });
  }));
  EXPECT_EQ(n, 40);
}

TEST(ParallelBlocks, StopsOnRequest) {
  std::stop_source stop;
  RunContext run({.threads = 2, .stop = stop.get_token()});
  std::atomic<int> n{0};
  const auto outcome = parallel_blocks(run, 10000, 1, [&](const Block&) {
    if (++n == 5) stop.request_stop();
  });
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
  EXPECT_LT(n, 10000);
}

TEST(ParallelBlocks, CarriesAnExceptionToTheCaller) {
  RunContext run({.threads = 2});
  EXPECT_THROW((void)parallel_blocks(run, 50, 1,
                                     [](const Block& block) {
                                       if (block.index == 20) throw std::bad_alloc();
                                     }),
               std::bad_alloc);
}

TEST(ParallelBlocks, GivesTheSameSumForAnyNumberOfThreads) {
  std::vector<double> sums;
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    std::vector<double> partial(block_count(100000, 777));
    ASSERT_TRUE(parallel_blocks(run, 100000, 777, [&](const Block& block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        partial[block.index] += std::sin(static_cast<double>(i)) * 1e-3;
      }
    }));
    sums.push_back(std::accumulate(partial.begin(), partial.end(), 0.0));
  }
  for (const double sum : sums) EXPECT_EQ(sum, sums[0]);
}

}  // namespace
}  // namespace topograph

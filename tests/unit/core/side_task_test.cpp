#include "topograph/core/side_task.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <new>

namespace topograph {
namespace {

TEST(SideTask, RunsBesideTheCallerAndReturnsItsResult) {
  for (const int threads : {1, 2, 3}) {
    RunContext run({.threads = threads});
    SideTask task(run);
    int value = 0;
    for (int turn = 1; turn <= 100; ++turn) {
      task.start([&value, turn]() -> Result<void> {
        value = turn;
        return {};
      });
      ASSERT_TRUE(task.wait());
      EXPECT_EQ(value, turn);
    }
    task.start([]() -> Result<void> { return cancelled(); });
    EXPECT_FALSE(task.wait());
    EXPECT_TRUE(task.wait());
  }
}

TEST(SideTask, HandsExceptionsToTheWaitingThread) {
  for (const int threads : {1, 2}) {
    RunContext run({.threads = threads});
    SideTask task(run);
    task.start([]() -> Result<void> { throw std::bad_alloc(); });
    EXPECT_THROW(static_cast<void>(task.wait()), std::bad_alloc);
  }
}

TEST(SideTask, EndsBeforeWhatItUsesGoesAway) {
  RunContext run({.threads = 2});
  std::atomic<int> n_done = 0;
  {
    SideTask task(run);
    task.start([&n_done]() -> Result<void> {
      ++n_done;
      return {};
    });
  }
  EXPECT_EQ(n_done, 1);
}

}  // namespace
}  // namespace topograph

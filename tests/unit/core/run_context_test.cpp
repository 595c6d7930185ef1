#include "topograph/core/run_context.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace topograph {
namespace {

class Recorder : public ProgressSink {
 public:
  void on_progress(const ProgressEvent& event) override {
    events.push_back(
        {event.kind, std::string(event.stage), event.overall, event.done, event.total});
  }
  void on_log(LogLevel, std::string_view message) override { messages.emplace_back(message); }
  struct Seen {
    ProgressEvent::Kind kind;
    std::string stage;
    double overall;
    std::uint64_t done;
    std::uint64_t total;
  };
  std::vector<Seen> events;
  std::vector<std::string> messages;
};

TEST(RunContext, RecordsEveryStageWithItsTime) {
  Recorder sink;
  RunContext run({.threads = 1, .progress = &sink});
  run.set_plan({{"a", 1}, {"b", 3}});
  { const Stage stage(run, "a", 10); }
  { const Stage stage(run, "b", 10); }
  ASSERT_EQ(run.stage_records().size(), 2U);
  EXPECT_EQ(run.stage_records()[1].name, "b");
  ASSERT_EQ(sink.events.size(), 4U);
  EXPECT_EQ(sink.events[0].kind, ProgressEvent::Kind::begin);
  EXPECT_DOUBLE_EQ(sink.events[2].overall, 0.25);
  EXPECT_DOUBLE_EQ(sink.events[3].overall, 1.0);
}

TEST(RunContext, FoldsAStageInsideAnotherIntoTheOuterOne) {
  RunContext run({.threads = 1});
  {
    const Stage outer(run, "outer");
    Stage inner(run, "inner", 5);
    inner.advance(5);
  }
  ASSERT_EQ(run.stage_records().size(), 1U);
  EXPECT_EQ(run.stage_records()[0].name, "outer");
}

TEST(RunContext, ShowsTheStepsOfAnInnerStageAsThoseOfTheOuterOne) {
  Recorder sink;
  RunContext run({.threads = 1, .progress = &sink});
  {
    const Stage outer(run, "outer");
    Stage inner(run, "inner", 4);
    inner.advance(3);
  }
  ASSERT_EQ(sink.events.size(), 3U);
  EXPECT_EQ(sink.events[1].stage, "outer");
  EXPECT_EQ(sink.events[1].done, 3U);
  EXPECT_EQ(sink.events[1].total, 4U);
}

TEST(RunContext, KeepsWarningsAndLogsThem) {
  Recorder sink;
  RunContext run({.progress = &sink});
  run.warn("careful");
  EXPECT_EQ(run.warnings(), std::vector<std::string>{"careful"});
  EXPECT_EQ(sink.messages, std::vector<std::string>{"careful"});
}

TEST(RunContext, TakesAtLeastOneThreadAndAMemoryBudgetFromTheMachine) {
  RunContext run;
  EXPECT_GE(run.threads(), 1);
  EXPECT_GT(run.memory_bytes(), 0U);
  EXPECT_EQ(run.seed(), 42U);
}

}  // namespace
}  // namespace topograph

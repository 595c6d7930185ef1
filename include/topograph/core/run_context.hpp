#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/progress.hpp"

namespace topograph {

/// How to run: everything that may change the speed, and the seed. Only the seed changes results.
struct RunSettings {
  int threads = 0;  ///< 0: the CPU quota of the process (affinity and cgroup), or TG_THREADS.
  std::uint64_t seed = 42;
  std::size_t memory_bytes = 0;  ///< Budget for large buffers; 0: three quarters of what is free.
  std::stop_token stop = {};
  ProgressSink* progress = nullptr;  ///< Not owned; may be null.
};

/// Passed last, by reference, to every function with a long loop: threads, cancellation,
/// progress, seed, memory budget. It holds no random generator.
class RunContext {
 public:
  explicit RunContext(const RunSettings& settings = {});
  ~RunContext();
  RunContext(const RunContext&) = delete;
  RunContext& operator=(const RunContext&) = delete;
  RunContext(RunContext&&) = delete;
  RunContext& operator=(RunContext&&) = delete;

  [[nodiscard]] int threads() const;
  [[nodiscard]] std::uint64_t seed() const;
  [[nodiscard]] std::size_t memory_bytes() const;
  [[nodiscard]] bool stop_requested() const;
  [[nodiscard]] const std::stop_token& stop_token() const;

  void log(LogLevel level, std::string_view message);
  /// Logs a warning and keeps it for the manifest.
  void warn(std::string message);
  [[nodiscard]] const std::vector<std::string>& warnings() const;

  /// Announces the stages to come; the shares need not sum to 1.
  void set_plan(std::vector<PlannedStage> plan);
  [[nodiscard]] const std::vector<StageRecord>& stage_records() const;

  /// Runs `work` inside the thread arena, with `threads()` workers available.
  void execute(const std::function<void()>& work);

 private:
  friend class Stage;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Scope of one stage: reports its begin and end, its progress, its time and peak memory.
/// Stages do not overlap; a stage opened inside another is part of it: it has no record of its own,
/// and what it counts is what the outer stage shows from then on (see `count_inner_stages`).
class Stage {
 public:
  Stage(RunContext& run, std::string name, std::uint64_t total = 0);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  Stage(Stage&&) = delete;
  Stage& operator=(Stage&&) = delete;

  void set_total(std::uint64_t total);
  /// From now on stages opened inside this one add to its count instead of starting their own:
  /// for work done in blocks, each by a function with a stage of its own.
  void count_inner_stages();
  /// Adds finished work; safe from any thread; forwards to the sink at most 20 times a second.
  void advance(std::uint64_t amount = 1);

 private:
  RunContext& run_;
  bool is_outer_ = false;
};

}  // namespace topograph

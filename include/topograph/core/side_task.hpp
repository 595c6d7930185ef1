#pragma once

#include <functional>
#include <memory>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Work of another kind, such as reading a file, beside what the run's threads do meanwhile.
///
/// It takes a free thread of the run; a run of one thread does it in `start`.
/// @determinism The work and what goes on beside it must not share what either writes.
class SideTask {
 public:
  explicit SideTask(RunContext& run);
  /// Ends the work before what it uses goes away; its result is lost.
  ~SideTask();
  SideTask(const SideTask&) = delete;
  SideTask& operator=(const SideTask&) = delete;
  SideTask(SideTask&&) = delete;
  SideTask& operator=(SideTask&&) = delete;

  /// The result of earlier work must have been taken.
  void start(std::function<Result<void>()> work);
  /// The result of the work started last; success when there is none.
  [[nodiscard]] Result<void> wait();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph

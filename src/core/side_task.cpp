#include "topograph/core/side_task.hpp"

#include <tbb/task_group.h>

#include <exception>
#include <utility>

#include "topograph/core/expects.hpp"

namespace topograph {

struct SideTask::Impl {
  explicit Impl(RunContext& context) : run(context) {}

  void work_once() {
    try {
      result = work();
    } catch (...) {
      // Crosses to the thread that waits.
      problem = std::current_exception();
    }
  }

  RunContext& run;
  tbb::task_group group = {};
  std::function<Result<void>()> work = {};
  Result<void> result = {};
  std::exception_ptr problem = {};
};

SideTask::SideTask(RunContext& run) : impl_(std::make_unique<Impl>(run)) {}

SideTask::~SideTask() {
  if (impl_->run.threads() > 1) impl_->run.execute([this] { impl_->group.wait(); });
}

void SideTask::start(std::function<Result<void>()> work) {
  TG_EXPECTS(!impl_->work);
  impl_->work = std::move(work);
  if (impl_->run.threads() == 1) return impl_->work_once();
  impl_->run.execute([this] { impl_->group.run([this] { impl_->work_once(); }); });
}

Result<void> SideTask::wait() {
  if (!impl_->work) return {};
  if (impl_->run.threads() > 1) impl_->run.execute([this] { impl_->group.wait(); });
  impl_->work = nullptr;
  if (const auto problem = std::exchange(impl_->problem, nullptr)) std::rethrow_exception(problem);
  return std::exchange(impl_->result, Result<void>());
}

}  // namespace topograph

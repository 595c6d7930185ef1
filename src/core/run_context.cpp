#include "topograph/core/run_context.hpp"

#include <sched.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>

#include "topograph/core/expects.hpp"

namespace topograph {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// CPUs this process may use: affinity mask, lowered by the cgroup v2 or v1 quota.
int cpu_quota() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  int n = 1;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0) n = std::max(1, CPU_COUNT(&mask));
  double quota = -1;
  double period = -1;
  if (std::ifstream v2("/sys/fs/cgroup/cpu.max"); v2) {
    std::string first;
    if (v2 >> first >> period && first != "max") quota = std::strtod(first.c_str(), nullptr);
  } else if (std::ifstream q("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"); q) {
    std::ifstream p("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
    q >> quota;
    p >> period;
  }
  if (quota > 0 && period > 0)
    n = std::min(n, std::max(1, static_cast<int>(std::ceil(quota / period))));
  return n;
}

int default_threads() {
  if (const char* text = std::getenv("TG_THREADS"); text != nullptr) {
    const int n = std::atoi(text);
    if (n > 0) return n;
  }
  return cpu_quota();
}

std::size_t status_kib(const char* key) {
  std::ifstream status("/proc/self/status");
  const std::string wanted = std::string(key) + ":";
  std::string word;
  while (status >> word) {
    if (word == wanted) {
      std::size_t kib = 0;
      status >> kib;
      return kib;
    }
  }
  return 0;
}

std::size_t available_bytes() {
  std::ifstream info("/proc/meminfo");
  std::string word;
  while (info >> word) {
    if (word == "MemAvailable:") {
      std::size_t kib = 0;
      info >> kib;
      return kib * 1024;
    }
  }
  return std::size_t{4} << 30U;
}

/// Lets VmHWM start again from now, so that it tells the peak of one stage (Linux >= 4.0).
void reset_peak_memory() {
  std::ofstream clear("/proc/self/clear_refs");
  if (clear) clear << "5";
}

}  // namespace

struct RunContext::Impl {
  explicit Impl(const RunSettings& given)
      : settings(given),
        n_threads(given.threads > 0 ? given.threads : default_threads()),
        // More workers than cores are allowed: results must not depend on it, and tests check that.
        limit(tbb::global_control::max_allowed_parallelism,
              static_cast<std::size_t>(std::max(n_threads, 1))),
        arena(std::max(n_threads, 1)) {
    if (settings.memory_bytes == 0) settings.memory_bytes = available_bytes() / 4 * 3;
  }

  void report(ProgressEvent::Kind kind) {
    if (settings.progress == nullptr) return;
    ProgressEvent event;
    event.kind = kind;
    event.stage = stage_name;
    event.total = total.load();
    event.done = done.load();
    if (event.total > 0) event.done = std::min(event.done, event.total);
    event.elapsed_s = seconds_since(stage_start);
    const double share =
        event.total > 0 ? static_cast<double>(event.done) / static_cast<double>(event.total) : 0.0;
    if (const double step_s = seconds_since(step_start); share > 0.02 && step_s > 0.2) {
      event.remaining_s = step_s * (1.0 - share) / share;
    }
    event.overall = overall(kind == ProgressEvent::Kind::end ? 1.0 : share);
    settings.progress->on_progress(event);
  }

  double overall(double share_of_current) const {
    double sum = 0;
    double finished = 0;
    for (const PlannedStage& planned : plan) {
      sum += planned.share;
      const bool is_done = std::any_of(records.begin(), records.end(), [&](const StageRecord& r) {
        return r.name == planned.name;
      });
      if (is_done)
        finished += planned.share;
      else if (planned.name == stage_name)
        finished += planned.share * share_of_current;
    }
    return sum > 0 ? std::min(1.0, finished / sum) : 0.0;
  }

  RunSettings settings;
  int n_threads;
  tbb::global_control limit;
  tbb::task_arena arena;
  std::vector<PlannedStage> plan = {};
  std::vector<StageRecord> records = {};
  std::vector<std::string> warnings = {};

  std::mutex sink_mutex;
  std::atomic<bool> has_stage{false};
  std::string stage_name = {};
  Clock::time_point stage_start = {};
  Clock::time_point step_start = {};  // of the part that `done` and `total` count
  std::atomic<bool> counts_inner{false};
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> total{0};
  std::atomic<std::int64_t> next_report_us{0};
};

RunContext::RunContext(const RunSettings& settings) : impl_(std::make_unique<Impl>(settings)) {}
RunContext::~RunContext() = default;

int RunContext::threads() const { return impl_->n_threads; }
std::uint64_t RunContext::seed() const { return impl_->settings.seed; }
std::size_t RunContext::memory_bytes() const { return impl_->settings.memory_bytes; }
bool RunContext::stop_requested() const { return impl_->settings.stop.stop_requested(); }
const std::stop_token& RunContext::stop_token() const { return impl_->settings.stop; }
const std::vector<std::string>& RunContext::warnings() const { return impl_->warnings; }
const std::vector<StageRecord>& RunContext::stage_records() const { return impl_->records; }

void RunContext::log(LogLevel level, std::string_view message) {
  const std::lock_guard lock(impl_->sink_mutex);
  if (impl_->settings.progress != nullptr) impl_->settings.progress->on_log(level, message);
}

void RunContext::warn(std::string message) {
  log(LogLevel::warning, message);
  const std::lock_guard lock(impl_->sink_mutex);
  impl_->warnings.push_back(std::move(message));
}

void RunContext::set_plan(std::vector<PlannedStage> plan) { impl_->plan = std::move(plan); }

void RunContext::execute(const std::function<void()>& work) { impl_->arena.execute(work); }

Stage::Stage(RunContext& run, std::string name, std::uint64_t total) : run_(run) {
  RunContext::Impl& impl = *run_.impl_;
  bool expected = false;
  is_outer_ = impl.has_stage.compare_exchange_strong(expected, true);
  const std::lock_guard lock(impl.sink_mutex);
  if (!is_outer_) {
    // Part of the outer stage: its steps become what the outer stage counts from here on.
    if (total > 0 && !impl.counts_inner) {
      impl.done = 0;
      impl.total = total;
      impl.step_start = Clock::now();
    }
    return;
  }
  impl.stage_name = std::move(name);
  impl.stage_start = Clock::now();
  impl.step_start = impl.stage_start;
  impl.done = 0;
  impl.total = total;
  impl.next_report_us = 0;
  impl.counts_inner = false;
  reset_peak_memory();
  impl.report(ProgressEvent::Kind::begin);
}

Stage::~Stage() {
  if (!is_outer_) return;
  RunContext::Impl& impl = *run_.impl_;
  const std::lock_guard lock(impl.sink_mutex);
  impl.records.push_back(
      {impl.stage_name, seconds_since(impl.stage_start), status_kib("VmHWM") * 1024});
  impl.report(ProgressEvent::Kind::end);
  impl.has_stage = false;
}

void Stage::set_total(std::uint64_t total) {
  if (is_outer_ || !run_.impl_->counts_inner) run_.impl_->total = total;
}

void Stage::count_inner_stages() { run_.impl_->counts_inner = true; }

void Stage::advance(std::uint64_t amount) {
  RunContext::Impl& impl = *run_.impl_;
  impl.done += amount;
  if (impl.settings.progress == nullptr) return;
  const auto now = static_cast<std::int64_t>(seconds_since(impl.stage_start) * 1e6);
  std::int64_t next = impl.next_report_us.load(std::memory_order_relaxed);
  if (now < next || !impl.next_report_us.compare_exchange_strong(next, now + 50'000)) return;
  const std::unique_lock lock(impl.sink_mutex, std::try_to_lock);
  if (lock) impl.report(ProgressEvent::Kind::update);
}

}  // namespace topograph

#pragma once

// What the drivers have in common: settings `name=value`, neighbours from a file, what it cost.

#include <sys/resource.h>
#include <sys/time.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "topograph/core/container.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph::bench {

/// A setting `name=value` in two.
inline std::pair<std::string, std::string> split_setting(std::string_view setting) {
  const std::size_t equals = std::min(setting.find('='), setting.size());
  const std::size_t value = std::min(equals + 1, setting.size());
  return {std::string(setting.substr(0, equals)), std::string(setting.substr(value))};
}

/// Sets `seed`, `threads` or `memory_mib` of the run, or an option.
template <class Options>
Result<void> apply(const std::string& name, const std::string& value, Options& options,
                   RunSettings& run) {
  if (name == "seed") {
    run.seed = std::strtoull(value.c_str(), nullptr, 10);
  } else if (name == "threads") {
    run.threads = std::atoi(value.c_str());
  } else if (name == "memory_mib") {
    run.memory_bytes = std::strtoull(value.c_str(), nullptr, 10) << 20U;
  } else {
    return set_option(options, name, value);
  }
  return {};
}

/// The arrays `ids` and `distances` (n, k).
inline Result<KnnGraph> read_neighbors(const ArrayFile& file) {
  KnnGraph knn;
  TG_TRY(knn.distances, file.matrix("distances"));
  TG_TRY(const auto ids, file.int32s("ids"));
  knn.ids = Matrix<std::int32_t>(knn.distances.rows(), knn.distances.cols());
  std::copy_n(ids.begin(), std::min(ids.size(), knn.ids.size()), knn.ids.data());
  return knn;
}

/// A line of /proc/self/status, in KiB; 0 where there is none.
inline long status_kib(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::atol(line.c_str() + name.size() + 1);
  }
  return 0;
}

/// What the work since its making took. Forgets the peak memory so far (that of the parent process,
/// at first).
class Costs {
 public:
  Costs() {
    std::ofstream("/proc/self/clear_refs") << "5";
    held_kib_ = status_kib("VmRSS");
    cpu_ = cpu_now();
    begin_ = std::chrono::steady_clock::now();
  }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }
  /// Of all threads, user and system.
  [[nodiscard]] double cpu_seconds() const { return cpu_now() - cpu_; }
  /// Most memory above what was held at the beginning.
  [[nodiscard]] long above_input_mib() const { return (status_kib("VmHWM") - held_kib_) / 1024; }
  [[nodiscard]] static long peak_mib() { return status_kib("VmHWM") / 1024; }

 private:
  static double cpu_now() {
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    const auto in_seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
  }

  long held_kib_ = 0;
  double cpu_ = 0;
  std::chrono::steady_clock::time_point begin_ = {};
};

/// Asks to stop after some time, from a signal handler: nobody waits for a stop here, so that the
/// request is no more than an atomic write.
class StopAfter {
 public:
  explicit StopAfter(std::stop_source& stop) { source() = &stop; }
  void begin(long milliseconds) const {
    std::signal(SIGALRM, [](int) {
      asked_at() = std::chrono::steady_clock::now();
      source()->request_stop();
    });
    const itimerval timer{
        .it_interval = {},
        .it_value = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000}};
    setitimer(ITIMER_REAL, &timer, nullptr);
  }
  [[nodiscard]] double ms_since_stop() const {
    const auto since = std::chrono::steady_clock::now() - asked_at();
    return std::chrono::duration<double, std::milli>(since).count();
  }

 private:
  static std::stop_source*& source() {
    static std::stop_source* stop = nullptr;
    return stop;
  }
  static std::chrono::steady_clock::time_point& asked_at() {
    static std::chrono::steady_clock::time_point asked;
    return asked;
  }
};

/// The body of main: prints what went wrong.
inline int run_driver(Result<void> (*drive)(int, char**), int argc, char** argv) {
  const auto outcome = drive(argc, argv);
  if (outcome) return EXIT_SUCCESS;
  std::fputs((to_string(outcome.error()) + "\n").c_str(), stderr);
  return EXIT_FAILURE;
}

}  // namespace topograph::bench

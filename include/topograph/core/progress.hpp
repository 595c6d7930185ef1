#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace topograph {

enum class LogLevel : std::uint8_t { info, warning };

/// One report about a running stage.
struct ProgressEvent {
  enum class Kind : std::uint8_t { begin, update, end };
  Kind kind = Kind::update;
  std::string_view stage = {};
  std::uint64_t done = 0;
  std::uint64_t total = 0;  ///< 0: unknown.
  double elapsed_s = 0;
  std::optional<double> remaining_s = {};  ///< Of this stage, once it can be told.
  double overall = 0;                      ///< Share of the whole plan that is done, in [0, 1].
};

/// Receives progress and log lines. Called from one thread at a time.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  virtual void on_progress(const ProgressEvent& event) = 0;
  virtual void on_log(LogLevel level, std::string_view message) = 0;
};

/// A stage of a pipeline and its expected share of the time.
struct PlannedStage {
  std::string name = {};
  double share = 0;
};

/// What a finished stage cost.
struct StageRecord {
  std::string name = {};
  double seconds = 0;
  std::size_t peak_bytes = 0;  ///< Highest resident memory during the stage; 0 if not known.
};

}  // namespace topograph

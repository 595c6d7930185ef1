#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "topograph/core/error.hpp"
#include "topograph/core/random.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/net/http.hpp"

namespace topograph {

/// How long to wait before attempt `attempt` (1: the first repetition) of request `item`: base
/// times 2^(attempt - 1), at most a minute, times a factor in [0.5, 1) drawn from the key.
[[nodiscard]] std::chrono::milliseconds retry_delay(std::chrono::milliseconds base, int attempt,
                                                    RandomKey key, std::uint64_t item);

/// What a server asks for in `Retry-After`: seconds or a date.
[[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response);

/// Answers that another attempt may change: 408, 425, 429, 500, 502, 503, 504 and their kin.
[[nodiscard]] bool is_temporary(int status);
/// Failures that another attempt may change: timeouts and connections that end or fail.
[[nodiscard]] bool is_temporary(const HttpFailure& failure);

/// Waits. @error cancelled as soon as the run is stopped.
[[nodiscard]] Result<void> pause(std::chrono::milliseconds duration, RunContext& run);

}  // namespace topograph

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace topograph::detail {

/// Milliseconds since 1970-01-01T00:00:00Z of an ISO 8601 time: YYYY-MM, YYYY-MM-DD, with 'T' or a
/// space and HH:MM[:SS[.fraction]] after it, and Z or +HH:MM; years 0000..9999. Without an offset
/// it is read as UTC. Nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);

}  // namespace topograph::detail

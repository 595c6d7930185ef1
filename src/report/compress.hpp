#pragma once

#include <string>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// One gzip member, compressed in parallel blocks that share their 32 KiB window.
///
/// @determinism The header carries no time and no system; the bytes depend on the input and the
///              zlib in use, not on the number of threads.
[[nodiscard]] Result<std::string> gzip(std::string_view bytes, RunContext& run);

/// Standard base64 with padding (RFC 4648, section 4).
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace topograph::detail

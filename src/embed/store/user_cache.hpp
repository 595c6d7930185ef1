#pragma once

#include <filesystem>

namespace topograph::detail {

/// $XDG_CACHE_HOME or ~/.cache; empty when neither is known.
[[nodiscard]] std::filesystem::path user_cache();

}  // namespace topograph::detail

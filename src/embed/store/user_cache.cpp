#include "embed/store/user_cache.hpp"

#include <cstdlib>
#include <utility>

namespace topograph::detail {
namespace fs = std::filesystem;

fs::path user_cache() {
  for (const auto& [variable, below] : {std::pair{"XDG_CACHE_HOME", ""}, {"HOME", ".cache"}}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return fs::path(value) / below;
  }
  return {};
}

}  // namespace topograph::detail

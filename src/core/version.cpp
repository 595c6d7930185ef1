#include "topograph/core/version.hpp"

namespace topograph {

std::string_view version() { return TOPOGRAPH_VERSION; }

}  // namespace topograph

#pragma once

#include "topograph/cluster/number_by_size.hpp"

namespace topograph::detail {

using topograph::number_by_size;

}  // namespace topograph::detail

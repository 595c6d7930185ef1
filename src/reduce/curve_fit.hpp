#pragma once

#include <optional>

#include "topograph/reduce/umap.hpp"

namespace topograph::detail {

/// Parameters that the user set stay as they are; the others are fitted.
struct FixedAb {
  std::optional<double> a = {};
  std::optional<double> b = {};
};

/// `fit_ab` with some of the parameters held.
[[nodiscard]] CurveAb fit_free_ab(double spread, double min_dist, const FixedAb& fixed);

}  // namespace topograph::detail

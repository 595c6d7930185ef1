#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace topograph {

/// A straight map from data to points of the figure; a domain without extent maps to the middle.
struct LinearScale {
  double from_low = 0;
  double from_high = 1;
  double to_low = 0;
  double to_high = 1;

  [[nodiscard]] double operator()(double value) const {
    if (from_high == from_low) return (to_low + to_high) / 2;
    return to_low + (value - from_low) / (from_high - from_low) * (to_high - to_low);
  }
};

/// Positions of an axis and what is written there.
struct Ticks {
  std::vector<double> values = {};
  std::vector<std::string> texts = {};
};

/// Round values (1, 2, 2.5 or 5 times a power of ten) inside of [low, high], about `n_wanted`.
/// All are written with the same number of digits; large ones as 12k, 3.5M.
[[nodiscard]] Ticks linear_ticks(double low, double high, std::size_t n_wanted);
/// Powers of ten inside of [low, high], low > 0; with 2 and 5 of each when they are few.
[[nodiscard]] Ticks log_ticks(double low, double high);
/// Round times: years, quarters, months, days, hours or minutes, in UTC. Times are microseconds
/// since 1970.
/// @param least_months  No finer than so many months: those are named as "2026" or "Mar 2026".
[[nodiscard]] Ticks time_ticks(std::int64_t low, std::int64_t high, std::size_t n_wanted,
                               std::int64_t least_months = 0);

/// "1 234 567" with thin spaces, as numbers are written in text.
[[nodiscard]] std::string grouped(std::int64_t value);
/// "1 label", "2 labels", "1 234 labels".
[[nodiscard]] std::string counted(std::int64_t n, std::string_view one, std::string_view many);

}  // namespace topograph

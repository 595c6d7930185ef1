#include "topograph/plot/scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace topograph {
namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

/// Smallest of 1, 2, 2.5, 5, 10 times a power of ten that is at least `raw`.
double round_step(double raw) {
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 2.5, 5.0}) {
    if (factor * power >= raw * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

int decimals_of(double step) {
  for (int digits = 0; digits < 12; ++digits) {
    const double scaled = step * std::pow(10.0, digits);
    if (std::abs(scaled - std::round(scaled)) < 1e-6 * scaled) return digits;
  }
  return 12;
}

std::string number_text(double value, double step, double largest) {
  if (largest < 1e-4) return fmt::format("{:.3g}", value);
  for (const auto& [size, suffix] : {std::pair{1e9, "G"}, {1e6, "M"}, {1e3, "k"}}) {
    if (largest >= 10 * size || (largest >= size && size > 1e3)) {
      return value == 0 ? "0"
                        : fmt::format("{:.{}f}{}", value / size, decimals_of(step / size), suffix);
    }
  }
  const int decimals = decimals_of(step);
  if (decimals == 0) return grouped(std::llround(value));
  return fmt::format("{:.{}f}", value, decimals);
}

std::int64_t microseconds_of(sys_days day) {
  return std::chrono::duration_cast<microseconds>(day.time_since_epoch()).count();
}

/// Months from year 0 to the first day of that month.
std::int64_t month_start(std::int64_t months) {
  const auto year = std::chrono::year(static_cast<int>(months / 12));
  const auto month = std::chrono::month(static_cast<unsigned>(months % 12) + 1);
  return microseconds_of(sys_days(year / month / 1));
}

std::int64_t month_number(std::int64_t time) {
  const auto day =
      std::chrono::floor<days>(std::chrono::sys_time<microseconds>(microseconds(time)));
  const year_month_day date(day);
  return std::int64_t{12} * static_cast<int>(date.year()) + static_cast<unsigned>(date.month()) - 1;
}

std::string month_text(std::int64_t months, std::int64_t step) {
  static constexpr std::array<const char*, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (step % 12 == 0) return std::to_string(months / 12);
  return fmt::format("{} {}", names[static_cast<std::size_t>(months % 12)], months / 12);
}

std::string moment_text(std::int64_t time, std::int64_t step, std::int64_t day) {
  const auto at = std::chrono::sys_time<microseconds>(microseconds(time));
  const auto midnight = std::chrono::floor<days>(at);
  const year_month_day date(midnight);
  const std::string text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (step >= day) return text;
  const auto minutes = std::chrono::floor<std::chrono::minutes>(at - midnight).count();
  return fmt::format("{} {:02}:{:02}", text.substr(5), minutes / 60, minutes % 60);
}

}  // namespace

Ticks linear_ticks(double low, double high, std::size_t n_wanted) {
  Ticks ticks;
  if (!(high > low)) {
    ticks.values = {low};
    ticks.texts = {fmt::format("{:.4g}", low)};
    return ticks;
  }
  const double step =
      round_step((high - low) / static_cast<double>(std::max<std::size_t>(n_wanted, 1)));
  const double slack = step * 1e-6;
  const double largest = std::max(std::abs(low), std::abs(high));
  for (double k = std::ceil((low - slack) / step); k * step <= high + slack; ++k) {
    const double value = k == 0 ? 0 : k * step;
    ticks.values.push_back(value);
    ticks.texts.push_back(number_text(value, step, largest));
  }
  return ticks;
}

Ticks log_ticks(double low, double high) {
  Ticks ticks;
  const bool is_wide = high / low > 500;
  for (double power = std::floor(std::log10(low)); power <= std::log10(high) + 1e-9; ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10.0, power);
      if (is_wide && factor != 1) continue;
      if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) continue;
      ticks.values.push_back(value);
      ticks.texts.push_back(fmt::format("{:.6g}", value));
    }
  }
  return ticks;
}

Ticks time_ticks(std::int64_t low, std::int64_t high, std::size_t n_wanted,
                 std::int64_t least_months) {
  constexpr std::int64_t minute = 60'000'000;
  constexpr std::int64_t day = 24 * 60 * minute;
  const auto wanted = static_cast<std::int64_t>(std::max<std::size_t>(n_wanted, 1));
  Ticks ticks;
  if (high - low > 60 * day || least_months > 0) {
    for (const std::int64_t months :
         {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{6}, std::int64_t{12},
          std::int64_t{24}, std::int64_t{60}, std::int64_t{120}, std::int64_t{240},
          std::int64_t{600}, std::int64_t{1200}, std::int64_t{12000}}) {
      const std::int64_t first = (month_number(low) + months - 1) / months * months;
      const std::int64_t last = month_number(high) / months * months;
      if (months < least_months) continue;
      if ((last - first) / months + 1 > wanted && months < 12000) continue;
      for (std::int64_t at = first; at <= last; at += months) {
        if (month_start(at) < low || month_start(at) > high) continue;
        ticks.values.push_back(static_cast<double>(month_start(at)));
        ticks.texts.push_back(month_text(at, months));
      }
      return ticks;
    }
  }
  for (const std::int64_t step : {minute, 5 * minute, 15 * minute, 60 * minute, 180 * minute,
                                  360 * minute, 720 * minute, day, 2 * day, 7 * day, 14 * day}) {
    if ((high - low) / step + 1 > wanted && step < 14 * day) continue;
    // Floor division, also before 1970.
    std::int64_t at = low / step * step;
    while (at < low) at += step;
    for (; at <= high; at += step) {
      ticks.values.push_back(static_cast<double>(at));
      ticks.texts.push_back(moment_text(at, step, day));
    }
    return ticks;
  }
  return ticks;
}

std::string counted(std::int64_t n, std::string_view one, std::string_view many) {
  return grouped(n) + " " + std::string(n == 1 ? one : many);
}

std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  for (auto at = static_cast<std::int64_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), "\u2009");
  }
  return value < 0 ? "\u2212" + digits : digits;
}

}  // namespace topograph

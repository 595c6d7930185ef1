#include "plot_times.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>

namespace topograph::cli {
namespace {

/// Year, month, day, hour, minute, second out of text like 2020-05-17 08:30:00; later ones may
/// lack.
std::optional<std::int64_t> parse_time(std::string_view text) {
  std::array<int, 6> parts{1970, 1, 1, 0, 0, 0};
  constexpr std::array<std::string_view, 6> separators{"", "-/.", "-/.", "T ", ":", ":"};
  std::size_t n = 0;
  for (; n < parts.size() && !text.empty(); ++n) {
    if (n > 0) {
      if (separators[n].find(text.front()) == std::string_view::npos) break;
      text.remove_prefix(1);
    }
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), parts[n]);
    const auto length = static_cast<std::size_t>(end - text.data());
    if (code != std::errc{} || length != (n == 0 ? 4U : 2U)) return std::nullopt;
    text.remove_prefix(length);
  }
  // Fractions of a second and a Z change nothing that a figure shows.
  if (n == 6 && text.starts_with('.')) {
    text.remove_prefix(1);
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') text.remove_prefix(1);
  }
  if (text == "Z") text = {};
  const std::chrono::year_month_day date{std::chrono::year{parts[0]},
                                         std::chrono::month{static_cast<unsigned>(parts[1])},
                                         std::chrono::day{static_cast<unsigned>(parts[2])}};
  const bool is_time = parts[3] < 24 && parts[4] < 60 && parts[5] < 61 && n != 4;
  if (!text.empty() || n == 0 || !date.ok() || !is_time) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  const auto moment = days + std::chrono::hours(parts[3]) + std::chrono::minutes(parts[4]) +
                      std::chrono::seconds(parts[5]);
  return std::chrono::duration_cast<std::chrono::microseconds>(moment).count();
}

}  // namespace

Result<std::vector<std::optional<std::int64_t>>> column_times(const Column& column) {
  std::vector<std::optional<std::int64_t>> times(column.size());
  const auto* stamps = std::get_if<std::vector<Timestamp>>(&column.values);
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (!column.is_valid(row)) continue;
    if (stamps != nullptr) {
      times[row] = (*stamps)[row].microseconds;
      continue;
    }
    const std::string text = cell_text(column, row);
    if (text.empty()) continue;
    times[row] = parse_time(text);
    if (!times[row]) {
      return input_error(ErrorCode::parse, fmt::format("column {}, row {}", column.name, row),
                         fmt::format("expected a date or time, found '{}'", text.substr(0, 60)),
                         "write dates as 2020-05-17 or 2020-05-17 08:30:00");
    }
  }
  return times;
}

}  // namespace topograph::cli

#include "report/time_text.hpp"

#include <chrono>
#include <cstddef>

namespace topograph::detail {
namespace {

/// Reads a text from left to right; every step fails for good after the first failure.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool is_done() const { return rest_.empty(); }
  [[nodiscard]] bool is_next(char c) const { return !rest_.empty() && rest_[0] == c; }

  bool skip(char c) {
    if (!is_next(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `n` digits.
  std::optional<int> digits(std::size_t n) {
    if (rest_.size() < n) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') return std::nullopt;
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(n);
    return value;
  }
  /// Digits after the decimal sign, as milliseconds.
  int fraction() {
    int value = 0;
    int scale = 100;
    while (!rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9') {
      value += scale * (rest_[0] - '0');
      scale /= 10;
      rest_.remove_prefix(1);
    }
    return value;
  }

 private:
  std::string_view rest_;
};

constexpr std::int64_t minute_ms = 60000;

std::optional<std::int64_t> time_of_day(Reader& reader) {
  const auto hour = reader.digits(2);
  if (!hour || *hour > 24 || !reader.skip(':')) return std::nullopt;
  const auto minute = reader.digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t ms = (*hour * 60 + *minute) * minute_ms;
  if (!reader.skip(':')) return ms;
  const auto second = reader.digits(2);
  if (!second || *second > 60) return std::nullopt;
  ms += *second * 1000;
  if (reader.skip('.') || reader.skip(',')) ms += reader.fraction();
  return ms;
}

std::optional<std::int64_t> offset(Reader& reader) {
  if (reader.is_done() || reader.skip('Z')) return 0;
  const bool is_east = reader.is_next('+');
  if (!reader.skip('+') && !reader.skip('-')) return std::nullopt;
  const auto hours = reader.digits(2);
  if (!hours) return std::nullopt;
  reader.skip(':');
  const std::int64_t minutes = reader.is_done() ? 0 : reader.digits(2).value_or(-1);
  if (minutes < 0) return std::nullopt;
  const std::int64_t ms = (*hours * 60 + minutes) * minute_ms;
  return is_east ? ms : -ms;
}

}  // namespace

std::optional<std::int64_t> parse_time(std::string_view text) {
  Reader reader(text);
  const auto year = reader.digits(4);
  if (!year || !reader.skip('-')) return std::nullopt;
  const auto month = reader.digits(2);
  if (!month) return std::nullopt;
  int day = 1;
  std::int64_t ms = 0;
  if (reader.skip('-')) {
    const auto found = reader.digits(2);
    if (!found) return std::nullopt;
    day = *found;
    if (reader.skip('T') || reader.skip(' ')) {
      const auto clock = time_of_day(reader);
      if (!clock) return std::nullopt;
      const auto east = offset(reader);
      if (!east) return std::nullopt;
      ms = *clock - *east;
    }
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!reader.is_done() || !date.ok()) return std::nullopt;
  constexpr std::int64_t day_ms = 24 * 60 * minute_ms;
  return std::chrono::sys_days{date}.time_since_epoch().count() * day_ms + ms;
}

}  // namespace topograph::detail

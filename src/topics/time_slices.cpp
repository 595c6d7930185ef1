#include "topograph/topics/time_slices.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>
#include <map>
#include <variant>

#include "topograph/core/narrow.hpp"
#include "topograph/text/normalize.hpp"

namespace topograph {
namespace {

namespace chr = std::chrono;
constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

/// Reads the parts of a time from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool is_done() const { return rest_.empty(); }
  bool accept(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// A number of exactly `n_digits`.
  std::optional<int> number(std::size_t n_digits) {
    if (rest_.size() < n_digits) return {};
    int value = 0;
    const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + n_digits, value);
    if (code != std::errc{} || end != rest_.data() + n_digits || value < 0) return {};
    rest_.remove_prefix(n_digits);
    return value;
  }
  /// Digits behind the point, in microseconds.
  std::int64_t fraction() {
    std::int64_t value = 0;
    std::int64_t unit = kSecond;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      unit /= 10;
      value += unit * (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  [[nodiscard]] char front() const { return rest_.empty() ? '\0' : rest_.front(); }

 private:
  std::string_view rest_;
};

std::optional<std::int64_t> days_of(int year, int month, int day) {
  const chr::year_month_day date{chr::year{year}, chr::month{static_cast<unsigned>(month)},
                                 chr::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return {};
  return chr::sys_days{date}.time_since_epoch().count();
}

std::optional<std::int64_t> scan_clock(Scanner& scan) {
  const auto hour = scan.number(2);
  if (!hour || *hour > 24 || !scan.accept(":")) return {};
  const auto minute = scan.number(2);
  if (!minute || *minute > 59) return {};
  std::int64_t time = (*hour * 60 + *minute) * 60 * kSecond;
  if (scan.accept(":")) {
    const auto second = scan.number(2);
    if (!second || *second > 60) return {};
    time += *second * kSecond;
    if (scan.accept(".,")) time += scan.fraction();
  }
  if (scan.accept("Z")) return time;
  if (scan.front() == '+' || scan.front() == '-') {
    const int sign = scan.front() == '+' ? 1 : -1;
    scan.accept("+-");
    const auto hours = scan.number(2);
    scan.accept(":");
    const auto minutes = scan.is_done() ? std::optional<int>(0) : scan.number(2);
    if (!hours || !minutes) return {};
    time -= sign * (*hours * 60 + *minutes) * 60 * kSecond;
  }
  return time;
}

std::optional<Timestamp> parse_iso(std::string_view text) {
  Scanner scan(text);
  const auto year = scan.number(4);
  if (!year) return {};
  int month = 1;
  int day = 1;
  std::int64_t clock = 0;
  constexpr std::string_view between = "-/.";
  if (scan.accept(between)) {
    const auto m = scan.number(2);
    if (!m) return {};
    month = *m;
    if (scan.accept(between)) {
      const auto d = scan.number(2);
      if (!d) return {};
      day = *d;
      if (scan.accept("T ")) {
        const auto time = scan_clock(scan);
        if (!time) return {};
        clock = *time;
      }
    }
  }
  const auto days = days_of(*year, month, day);
  if (!scan.is_done() || !days) return {};
  return Timestamp{*days * kDay + clock};
}

std::optional<Timestamp> parse_as(const std::string& text, const std::string& format) {
  std::tm parts = {};
  parts.tm_mday = 1;
  const char* end = ::strptime(text.c_str(), format.c_str(), &parts);
  if (end == nullptr || *end != '\0') return {};
  const auto days = days_of(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
  if (!days) return {};
  const std::int64_t seconds = (parts.tm_hour * 60 + parts.tm_min) * 60 + parts.tm_sec;
  return Timestamp{*days * kDay + (seconds - parts.tm_gmtoff) * kSecond};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

std::unexpected<Error> no_time(const Column& column, std::size_t row, std::string_view text,
                               const std::string& format) {
  return input_error(ErrorCode::parse, "column " + column.name + ", row " + std::to_string(row),
                     "expected a date" + (format.empty() ? "" : " written as " + format) +
                         ", found '" + std::string(text) + "'",
                     format.empty() ? "dates like 2020-05-17 are read; say how others are written, "
                                      "e.g. --time-format %d/%m/%Y"
                                    : "");
}

std::int64_t floor_to(std::int64_t value, std::int64_t unit) {
  const std::int64_t rest = value % unit;
  return value - (rest < 0 ? rest + unit : rest);
}

std::int64_t start_of(Timestamp time, TimeUnit unit) {
  const std::int64_t day = floor_to(time.microseconds, kDay);
  if (unit == TimeUnit::hour) return floor_to(time.microseconds, 3600 * kSecond);
  if (unit == TimeUnit::day) return day;
  const chr::sys_days days{chr::days{day / kDay}};
  if (unit == TimeUnit::week) {
    const auto since_monday = chr::weekday{days} - chr::Monday;
    return day - since_monday.count() * kDay;
  }
  const chr::year_month_day date{days};
  unsigned month = static_cast<unsigned>(date.month());
  if (unit == TimeUnit::quarter) month = (month - 1) / 3 * 3 + 1;
  if (unit == TimeUnit::year) month = 1;
  const chr::year_month_day first{date.year(), chr::month{month}, chr::day{1}};
  return chr::sys_days{first}.time_since_epoch().count() * kDay;
}

double bin_width(std::int64_t first, std::int64_t last, std::size_t n_bins) {
  return static_cast<double>(last - first) / static_cast<double>(n_bins);
}

std::int64_t bin_edge(std::int64_t first, double width, std::int64_t bin) {
  return first + static_cast<std::int64_t>(std::llround(width * static_cast<double>(bin)));
}

/// At least as long as every unit of the kind, and shorter than two of them.
std::int64_t longest(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::hour: return 3600 * kSecond;
    case TimeUnit::day: return kDay;
    case TimeUnit::week: return 7 * kDay;
    case TimeUnit::month: return 31 * kDay;
    case TimeUnit::quarter: return 92 * kDay;
    case TimeUnit::year: break;
  }
  return 366 * kDay;
}

/// Slices by a start of each document, in microseconds.
template <class StartOf>
TimeSlices slice(std::span<const std::optional<Timestamp>> times, StartOf&& start) {
  std::map<std::int64_t, std::int32_t> number;
  for (const auto& time : times) {
    if (time) number.try_emplace(start(*time), 0);
  }
  TimeSlices slices;
  for (auto& [at, id] : number) {
    id = narrow<std::int32_t>(slices.start.size());
    slices.start.push_back({at});
  }
  for (const auto& time : times) {
    slices.of_document.push_back(time ? number.at(start(*time)) : -1);
  }
  return slices;
}

}  // namespace

std::optional<Timestamp> parse_time(std::string_view text, const std::string& format) {
  const std::string_view core = trimmed(text);
  return format.empty() ? parse_iso(core) : parse_as(std::string(core), format);
}

Result<std::vector<std::optional<Timestamp>>> read_times(const Column& column,
                                                         const std::string& format) {
  std::vector<std::optional<Timestamp>> times(column.size());
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (!column.is_valid(row)) continue;
    if (const auto* stamps = std::get_if<std::vector<Timestamp>>(&column.values)) {
      times[row] = (*stamps)[row];
      continue;
    }
    const std::string text = cell_text(column, row);
    if (is_blank(text)) continue;
    times[row] = parse_time(text, format);
    if (!times[row]) return no_time(column, row, text, format);
  }
  return times;
}

TimeSlices slice_at_times(std::span<const std::optional<Timestamp>> times) {
  return slice(times, [](Timestamp time) { return time.microseconds; });
}

TimeSlices slice_in_bins(std::span<const std::optional<Timestamp>> times, std::size_t n_bins) {
  std::optional<std::int64_t> first;
  std::int64_t last = 0;
  for (const auto& time : times) {
    if (!time) continue;
    last = first ? std::max(last, time->microseconds) : time->microseconds;
    first = first ? std::min(*first, time->microseconds) : time->microseconds;
  }
  if (!first || n_bins == 0) return slice(times, [](Timestamp time) { return time.microseconds; });
  const double width = bin_width(*first, last, n_bins);
  const auto edge = [&](std::int64_t bin) { return bin_edge(*first, width, bin); };
  return slice(times, [&](Timestamp time) {
    if (width <= 0) return *first;
    auto bin = static_cast<std::int64_t>(
        std::ceil(static_cast<double>(time.microseconds - *first) / width) - 1);
    bin = std::clamp<std::int64_t>(bin, 0, static_cast<std::int64_t>(n_bins) - 1);
    // Rounding may have put it one bin too low or too high.
    while (bin > 0 && time.microseconds <= edge(bin)) --bin;
    while (bin + 1 < static_cast<std::int64_t>(n_bins) && time.microseconds > edge(bin + 1)) ++bin;
    return edge(bin);
  });
}

TimeSlices slice_by_unit(std::span<const std::optional<Timestamp>> times, TimeUnit unit) {
  return slice(times, [unit](Timestamp time) { return start_of(time, unit); });
}

std::vector<Timestamp> starts_of_bins(Timestamp first, Timestamp last, std::size_t n_bins) {
  const double width = bin_width(first.microseconds, last.microseconds, n_bins);
  if (width <= 0) return {first};
  std::vector<Timestamp> starts;
  for (std::size_t b = 0; b < n_bins; ++b) {
    starts.push_back({bin_edge(first.microseconds, width, narrow<std::int64_t>(b))});
  }
  return starts;
}

std::vector<Timestamp> starts_of_units(Timestamp first, Timestamp last, TimeUnit unit) {
  std::vector<Timestamp> starts;
  for (std::int64_t at = start_of(first, unit); at <= last.microseconds;
       at = start_of({at + longest(unit)}, unit)) {
    starts.push_back({at});
  }
  return starts;
}

}  // namespace topograph

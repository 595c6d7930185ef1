#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/column_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"

namespace topograph {

/// Reads a date or time: 2020, 2020-05, 2020-05-17, with a time behind T or a space, seconds and
/// their fractions, Z or an offset like +02:00; "/" and "." may stand for "-". Without an offset
/// the time is UTC.
/// @param format  How dates are written instead, as for strptime ("%d/%m/%Y"); empty: as above.
/// @return        Nothing when the text is something else, or no such day exists.
[[nodiscard]] std::optional<Timestamp> parse_time(std::string_view text, const std::string& format);

/// Times of a column: timestamps as they are, text parsed, whole numbers as years; missing and
/// blank ones have none.
/// @error input subject: a cell that is no time (row named, with a hint at the format).
[[nodiscard]] Result<std::vector<std::optional<Timestamp>>> read_times(const Column& column,
                                                                       const std::string& format);

enum class TimeUnit : std::uint8_t { hour, day, week, month, quarter, year };
template <>
struct EnumNames<TimeUnit> {
  static constexpr std::array<std::string_view, 6> names{"hour",  "day",     "week",
                                                         "month", "quarter", "year"};
};

/// Documents by the span of time they are in.
struct TimeSlices {
  std::vector<std::int32_t> of_document = {};  ///< -1: the document has no time.
  std::vector<Timestamp> start = {};  ///< Ascending; slices without documents are left out.
};

/// One slice per different time.
[[nodiscard]] TimeSlices slice_at_times(std::span<const std::optional<Timestamp>> times);

/// Spans of equal length from the first to the last time, the right ends included; the first one
/// starts at the first time.
/// @peer pandas `cut`, as BERTopic's `nr_bins` uses it, whose first bin starts a little earlier.
[[nodiscard]] TimeSlices slice_in_bins(std::span<const std::optional<Timestamp>> times,
                                       std::size_t n_bins);

/// Calendar units of UTC; weeks start on Monday.
[[nodiscard]] TimeSlices slice_by_unit(std::span<const std::optional<Timestamp>> times,
                                       TimeUnit unit);

/// Starts of the n spans that `slice_in_bins` cuts the time from `first` to `last` into, those
/// without documents too; one when first = last.
[[nodiscard]] std::vector<Timestamp> starts_of_bins(Timestamp first, Timestamp last,
                                                    std::size_t n_bins);
/// Starts of all calendar units from the one that `first` is in to that of `last`.
[[nodiscard]] std::vector<Timestamp> starts_of_units(Timestamp first, Timestamp last,
                                                     TimeUnit unit);

}  // namespace topograph

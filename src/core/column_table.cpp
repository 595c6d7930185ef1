#include "topograph/core/column_table.hpp"

#include <fmt/format.h>

#include <chrono>
#include <type_traits>

namespace topograph {
namespace {

std::string timestamp_text(Timestamp time) {
  using namespace std::chrono;
  const sys_time<microseconds> point{microseconds{time.microseconds}};
  const auto day = floor<days>(point);
  const year_month_day date{day};
  const hh_mm_ss clock{point - day};
  std::string text =
      fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  if (point == day) return text;
  text += fmt::format("T{:02}:{:02}:{:02}", clock.hours().count(), clock.minutes().count(),
                      clock.seconds().count());
  if (clock.subseconds().count() != 0) text += fmt::format(".{:06}", clock.subseconds().count());
  return text + "Z";
}

}  // namespace

std::size_t Column::size() const {
  return std::visit([](const auto& v) { return v.size(); }, values);
}

std::optional<std::size_t> ColumnTable::find(std::string_view name) const {
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (columns[c].name == name) return c;
  }
  return std::nullopt;
}

std::string cell_text(const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return {};
  return std::visit(
      [row](const auto& values) -> std::string {
        using V = std::remove_cvref_t<decltype(values)>;
        if constexpr (std::is_same_v<V, TextColumn>) {
          return std::string(values[row]);
        } else if constexpr (std::is_same_v<V, std::vector<std::uint8_t>>) {
          return values[row] != 0 ? "true" : "false";
        } else if constexpr (std::is_same_v<V, std::vector<Timestamp>>) {
          return timestamp_text(values[row]);
        } else {
          return fmt::format("{}", values[row]);
        }
      },
      column.values);
}

Column take_rows(const Column& column, std::span<const std::int64_t> rows) {
  Column out{.name = column.name};
  std::visit(
      [&](const auto& values) {
        std::remove_cvref_t<decltype(values)> taken;
        for (const std::int64_t row : rows) taken.push_back(values[static_cast<std::size_t>(row)]);
        out.values = std::move(taken);
      },
      column.values);
  if (!column.valid.empty()) {
    for (const std::int64_t row : rows) {
      out.valid.push_back(column.valid[static_cast<std::size_t>(row)]);
    }
  }
  return out;
}

}  // namespace topograph

#include "topograph/topics/time_slices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace topograph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string iso(std::optional<Timestamp> time) {
  return time ? cell_text({"", std::vector<Timestamp>{*time}, {}}, 0) : "none";
}

std::vector<std::optional<Timestamp>> times(const std::vector<std::string>& texts) {
  std::vector<std::optional<Timestamp>> out;
  for (const std::string& text : texts) out.push_back(parse_time(text, ""));
  return out;
}

std::vector<std::string> starts(const TimeSlices& slices) {
  std::vector<std::string> out;
  for (const Timestamp start : slices.start) out.push_back(iso(start).substr(0, 10));
  return out;
}

TEST(ParseTime, ReadsDatesWithMoreOrFewerParts) {
  EXPECT_EQ(parse_time("1970", "")->microseconds, 0);
  EXPECT_EQ(parse_time("1970-01-02", "")->microseconds, 86'400'000'000);
  EXPECT_EQ(parse_time(" 1970/01/02 ", "")->microseconds, 86'400'000'000);
  EXPECT_EQ(parse_time("1970-02", "")->microseconds, 31 * 86'400'000'000);
  EXPECT_EQ(parse_time("1970-01-01T01:02:03.5Z", "")->microseconds, 3'723'500'000);
  EXPECT_EQ(parse_time("1970-01-01 02:00+02:00", "")->microseconds, 0);
  EXPECT_EQ(parse_time("1969-12-31T23:59:59", "")->microseconds, -1'000'000);
}

TEST(ParseTime, RefusesWhatIsNoDate) {
  for (const char* text : {"", "x", "202", "2020-13-01", "2021-02-29", "2020-01-01x", "2020-1-1",
                           "2020-01-01T25:00", "2020-01-01T10:61", "01/02/2020"}) {
    EXPECT_FALSE(parse_time(text, "")) << text;
  }
}

TEST(ParseTime, FollowsAGivenFormat) {
  EXPECT_EQ(parse_time("17/05/2020", "%d/%m/%Y"), parse_time("2020-05-17", ""));
  EXPECT_FALSE(parse_time("2020-05-17", "%d/%m/%Y"));
  EXPECT_FALSE(parse_time("31/02/2020", "%d/%m/%Y"));
}

TEST(ReadTimes, NamesTheRowThatIsNoTime) {
  TextColumn cells;
  for (const char* cell : {"2020-01-01", " ", "soon"}) cells.push_back(cell);
  const auto found = read_times({"when", cells, {}}, "");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().where, "column when, row 2");
  EXPECT_THAT(found.error().hint, HasSubstr("--time-format"));
  const auto years = read_times({"when", std::vector<std::int64_t>{1999, 2001}, {1, 0}}, "");
  ASSERT_TRUE(years);
  EXPECT_EQ(iso((*years)[0]).substr(0, 10), "1999-01-01");
  EXPECT_FALSE((*years)[1]);
}

TEST(TimeSlices, AreSpansWithTheirRightEnds) {
  const auto slices =
      slice_in_bins(times({"2020-01-01", "2020-01-11", "2020-01-12", "2020-01-31", "x"}), 3);
  EXPECT_THAT(slices.of_document, ElementsAre(0, 0, 1, 2, -1));
  EXPECT_THAT(starts(slices), ElementsAre("2020-01-01", "2020-01-11", "2020-01-21"));
  EXPECT_THAT(slice_in_bins(times({"2020-01-01", "2020-01-01"}), 5).of_document, ElementsAre(0, 0));
  EXPECT_THAT(slice_in_bins(times({"x"}), 5).of_document, ElementsAre(-1));
}

TEST(TimeSlices, BeginWhereCalendarUnitsBegin) {
  const auto at = times({"2021-08-19T15:30", "1969-12-31"});
  EXPECT_THAT(starts(slice_by_unit(at, TimeUnit::week)), ElementsAre("1969-12-29", "2021-08-16"));
  EXPECT_THAT(starts(slice_by_unit(at, TimeUnit::month)), ElementsAre("1969-12-01", "2021-08-01"));
  EXPECT_THAT(starts(slice_by_unit(at, TimeUnit::quarter)),
              ElementsAre("1969-10-01", "2021-07-01"));
  EXPECT_THAT(starts(slice_by_unit(at, TimeUnit::year)), ElementsAre("1969-01-01", "2021-01-01"));
  EXPECT_THAT(starts(slice_by_unit(at, TimeUnit::day)), ElementsAre("1969-12-31", "2021-08-19"));
  EXPECT_THAT(slice_at_times(at).of_document, ElementsAre(1, 0));
}

TEST(StartsOfBins, AreThoseOfTheSlicesAndTheEmptyOnesBetween) {
  const auto at = times({"2020-01-01", "2020-01-02", "2020-01-31"});
  const auto slices = slice_in_bins(at, 10);
  const auto all = starts_of_bins(*at[0], *at[2], 10);
  ASSERT_EQ(all.size(), 10U);
  EXPECT_EQ(all.front(), slices.start.front());
  EXPECT_EQ(all.back(), slices.start.back());
  EXPECT_EQ(starts_of_bins(*at[0], *at[0], 10).size(), 1U);
}

TEST(StartsOfUnits, LeaveNoneOutAndEndWithTheLastTime) {
  const auto at = times({"2019-11-30T23:00", "2021-03-01"});
  for (const auto& [unit, n] : {std::pair{TimeUnit::day, 458},
                                {TimeUnit::week, 67},
                                {TimeUnit::month, 17},
                                {TimeUnit::quarter, 6},
                                {TimeUnit::year, 3},
                                {TimeUnit::hour, 457 * 24 + 2 - 24}}) {
    const auto all = starts_of_units(*at[0], *at[1], unit);
    EXPECT_EQ(all.size(), static_cast<std::size_t>(n)) << enum_name(unit);
    const auto slices = slice_by_unit(at, unit);
    EXPECT_EQ(all.front(), slices.start.front());
    EXPECT_EQ(all.back(), slices.start.back());
    EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Timestamp::microseconds));
  }
}

}  // namespace
}  // namespace topograph

#include "topograph/report/columns.hpp"

#include <cmath>
#include <initializer_list>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace topograph {
namespace {

TextColumn cells(std::initializer_list<const char*> texts) {
  TextColumn out;
  for (const char* text : texts) out.push_back(text);
  return out;
}

ReportColumn only(Column column, const ColumnRoles& roles = {}) {
  auto made = report_columns({.columns = {std::move(column)}}, roles);
  EXPECT_EQ(made.size(), 1U);
  return made.empty() ? ReportColumn{} : made[0];
}

TEST(ReportColumns, ReadsIsoTimesInAllTheirLengths) {
  const auto column = only({"date", cells({"1970-01-02", "1970-01", "", "1970-01-01T00:00:01.5Z",
                                           "1970-01-01 01:00:00+01:00"})});
  EXPECT_EQ(column.kind, ColumnKind::time);
  EXPECT_EQ(column.numbers[0], 86400000);
  EXPECT_EQ(column.numbers[1], 0);
  EXPECT_TRUE(std::isnan(column.numbers[2]));
  EXPECT_EQ(column.numbers[3], 1500);
  EXPECT_EQ(column.numbers[4], 0);
}

TEST(ReportColumns, ADateThatDoesNotExistMakesTheColumnText) {
  EXPECT_EQ(only({"date", cells({"2023-02-29", "2023-02-28"})}).kind, ColumnKind::category);
}

TEST(ReportColumns, YearsAreTimesWhereTheRoleSaysSo) {
  const auto column = only({"year", cells({"1970", "1971"})}, {.time = "year"});
  EXPECT_EQ(column.kind, ColumnKind::time);
  EXPECT_EQ(column.numbers[1], 365.0 * 86400000);
}

TEST(ReportColumns, OrdersCategoriesByFrequency) {
  const auto column = only({"section", cells({"b", "a", "c", "a", ""})}, {.label = "section"});
  EXPECT_EQ(column.kind, ColumnKind::category);
  EXPECT_EQ(column.role, "label");
  EXPECT_THAT(column.values, testing::ElementsAre("a", "b", "c"));
  EXPECT_THAT(column.codes, testing::ElementsAre(1, 0, 2, 0, -1));
}

TEST(ReportColumns, TellsAmountsFromCodes) {
  TextColumn amounts;
  for (int i = 0; i < 40; ++i) amounts.push_back(std::to_string(i * 17));
  EXPECT_EQ(only({"claps", amounts}).kind, ColumnKind::number);
  EXPECT_EQ(only({"split", cells({"0", "1", "0"})}).kind, ColumnKind::category);
  EXPECT_EQ(only({"score", std::vector<double>{0.5, 1.5}}).kind, ColumnKind::number);
}

TEST(ReportColumns, KnowsLinksAndLeavesTextsAlone) {
  EXPECT_EQ(only({"url", cells({"https://a.org/1", "", "http://b.org"})}).kind, ColumnKind::link);
  EXPECT_EQ(only({"url", cells({"https://a.org/1", "javascript:alert(1)"})}).kind,
            ColumnKind::category);
  EXPECT_EQ(only({"name", cells({"a", "b"})}, {.id = "name"}).kind, ColumnKind::text);
}

TEST(ReportColumns, LeavesOutWhatHoldsNothing) {
  EXPECT_TRUE(report_columns({.columns = {{"reason", cells({"", ""})}}}, {}).empty());
  const ColumnTable table{.columns = {{"text", cells({"a"})}}};
  EXPECT_TRUE(report_columns(table, {.left_out = {"text"}}).empty());
}

}  // namespace
}  // namespace topograph

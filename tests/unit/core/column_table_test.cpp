#include "topograph/core/column_table.hpp"

#include <gtest/gtest.h>

namespace topograph {
namespace {

TEST(ColumnTable, PrintsCellsOfEveryTypeAsText) {
  EXPECT_EQ(cell_text({"f", std::vector<float>{0.1F}, {}}, 0), "0.1");
  EXPECT_EQ(cell_text({"d", std::vector<double>{1e300}, {}}, 0), "1e+300");
  EXPECT_EQ(cell_text({"b", std::vector<std::uint8_t>{1}, {}}, 0), "true");
  EXPECT_EQ(cell_text({"t", std::vector<Timestamp>{{0}}, {}}, 0), "1970-01-01");
  EXPECT_EQ(cell_text({"t", std::vector<Timestamp>{{-1}}, {}}, 0), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(cell_text({"i", std::vector<std::int64_t>{7}, {0}}, 0), "");
}

TEST(ColumnTable, FindsColumnsByName) {
  const ColumnTable table{
      {{"a", std::vector<std::int32_t>{1}, {}}, {"b", std::vector<std::int32_t>{2}, {}}}};
  EXPECT_EQ(table.find("b"), 1U);
  EXPECT_FALSE(table.find("c"));
  EXPECT_EQ(table.n_rows(), 1U);
}

TEST(ColumnTable, TakesRowsWithTheirValidity) {
  const Column column{"a", std::vector<std::int32_t>{1, 2, 3}, {1, 0, 1}};
  const std::vector<std::int64_t> rows = {2, 1};
  const Column taken = take_rows(column, rows);
  EXPECT_EQ(std::get<std::vector<std::int32_t>>(taken.values), (std::vector<std::int32_t>{3, 2}));
  EXPECT_FALSE(taken.is_valid(1));
}

}  // namespace
}  // namespace topograph

#include "topograph/plot/scale.hpp"

#include <gmock/gmock.h>

namespace topograph {
namespace {

using testing::ElementsAre;

constexpr std::int64_t kDay = 86'400'000'000;

TEST(LinearScale, MapsEndsAndMiddle) {
  const LinearScale scale{10, 20, 100, 300};
  EXPECT_DOUBLE_EQ(scale(10), 100);
  EXPECT_DOUBLE_EQ(scale(15), 200);
  EXPECT_DOUBLE_EQ(LinearScale({5, 5, 0, 10})(5), 5);
}

TEST(LinearTicks, AreRoundAndInside) {
  EXPECT_THAT(linear_ticks(0, 1, 5).texts, ElementsAre("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"));
  EXPECT_THAT(linear_ticks(-3, 3, 3).texts, ElementsAre("−2", "0", "2"));
  EXPECT_THAT(linear_ticks(0, 1500, 3).texts, ElementsAre("0", "500", "1\u2009000", "1\u2009500"));
  EXPECT_THAT(linear_ticks(0, 40000, 4).texts, ElementsAre("0", "10k", "20k", "30k", "40k"));
  EXPECT_THAT(linear_ticks(0, 2500000, 5).texts,
              ElementsAre("0", "0.5M", "1.0M", "1.5M", "2.0M", "2.5M"));
}

TEST(Counted, FollowsTheNumber) {
  EXPECT_EQ(counted(1, "label", "labels"), "1 label");
  EXPECT_EQ(counted(1234, "label", "labels"), "1\u2009234 labels");
}

TEST(LinearTicks, OfOneValueIsThatValue) {
  EXPECT_THAT(linear_ticks(3, 3, 5).values, ElementsAre(3));
}

TEST(LogTicks, HaveOneTwoFiveUntilThatIsTooMuch) {
  EXPECT_THAT(log_ticks(1, 20).texts, ElementsAre("1", "2", "5", "10", "20"));
  EXPECT_THAT(log_ticks(1, 10000).texts, ElementsAre("1", "10", "100", "1000", "10000"));
}

TEST(TimeTicks, ChooseYearsMonthsAndDays) {
  EXPECT_THAT(time_ticks(0, 365 * 5 * kDay, 8).texts,
              ElementsAre("1970", "1971", "1972", "1973", "1974"));
  EXPECT_THAT(time_ticks(0, 100 * kDay, 6).texts,
              ElementsAre("Jan 1970", "Feb 1970", "Mar 1970", "Apr 1970"));
  EXPECT_THAT(time_ticks(0, 3 * kDay, 4).texts,
              ElementsAre("1970-01-01", "1970-01-02", "1970-01-03", "1970-01-04"));
  EXPECT_THAT(time_ticks(0, kDay / 4, 8).texts.front(), "01-01 00:00");
}

TEST(TimeTicks, WorkBefore1970) {
  EXPECT_THAT(time_ticks(-366 * kDay, -1, 4).texts,
              ElementsAre("Jan 1969", "Apr 1969", "Jul 1969", "Oct 1969"));
}

TEST(Grouped, PartsThousandsByThinSpaces) {
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1\u2009234\u2009567");
}

}  // namespace
}  // namespace topograph

#include "topograph/plot/place_labels.hpp"

#include <gmock/gmock.h>

#include "topograph/core/random.hpp"

namespace topograph {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

constexpr Box kMap{100, 0, 400, 300};

std::vector<LabelRequest> random_requests(std::size_t n, std::uint64_t seed) {
  const RandomKey key = random_key(seed, "test.labels");
  std::vector<LabelRequest> requests;
  for (std::size_t i = 0; i < n; ++i) {
    requests.push_back({{100 + 300 * uniform(key, i, 0), 300 * uniform(key, i, 1)},
                        20 + 60 * uniform(key, i, 2),
                        8 + 12 * uniform(key, i, 3),
                        uniform(key, i, 4)});
  }
  return requests;
}

std::size_t overlaps(const std::vector<LabelPlace>& places) {
  std::size_t n = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      n += places[i].is_placed && places[j].is_placed && places[i].box.overlaps(places[j].box);
    }
  }
  return n;
}

std::size_t placed(const std::vector<LabelPlace>& places) {
  return static_cast<std::size_t>(
      std::count_if(places.begin(), places.end(), [](const LabelPlace& p) { return p.is_placed; }));
}

double side_of(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

TEST(SpreadIntervals, LeavesWhatFitsWhereItWants) {
  EXPECT_THAT(spread_intervals(std::vector{10.0, 50.0}, std::vector{10.0, 10.0}, 2, 0, 100),
              ElementsAre(DoubleEq(10), DoubleEq(50)));
}

TEST(SpreadIntervals, SharesThePushBetweenRivals) {
  EXPECT_THAT(spread_intervals(std::vector{50.0, 50.0}, std::vector{10.0, 10.0}, 2, 0, 100),
              ElementsAre(DoubleEq(44), DoubleEq(56)));
}

TEST(SpreadIntervals, StaysInsideOfItsBounds) {
  EXPECT_THAT(
      spread_intervals(std::vector{-20.0, 0.0, 1.0}, std::vector{10.0, 10.0, 10.0}, 0, 0, 30),
      ElementsAre(DoubleEq(5), DoubleEq(15), DoubleEq(25)));
}

TEST(LabelsBeside, NeverOverlapAndKeepToTheirSides) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto requests = random_requests(5 + seed, seed);
    const auto places = labels_beside(requests, kMap, 3);
    EXPECT_EQ(overlaps(places), 0U) << "seed " << seed;
    for (const LabelPlace& place : places) {
      if (!place.is_placed) continue;
      EXPECT_TRUE(place.box.right <= 100 + 1e-9 || place.box.left >= 400 - 1e-9);
      EXPECT_GE(place.box.top, -1e-9);
      EXPECT_LE(place.box.bottom, 300 + 1e-9);
    }
  }
}

TEST(LabelsBeside, LeadersOfASideDoNotCross) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto requests = random_requests(24, seed);
    const auto places = labels_beside(requests, kMap, 2);
    for (std::size_t i = 0; i < places.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (!places[i].is_placed || !places[j].is_placed) continue;
        const Point a = places[i].leader_bend;
        const Point c = places[j].leader_bend;
        if (a.x != c.x) continue;
        const Point b = requests[i].anchor;
        const Point d = requests[j].anchor;
        EXPECT_FALSE(side_of(a, b, c) * side_of(a, b, d) < 0 &&
                     side_of(c, d, a) * side_of(c, d, b) < 0)
            << "seed " << seed << " labels " << i << " " << j;
      }
    }
  }
}

TEST(LabelsBeside, LeavesOutTheLeastImportantWhenRoomIsShort) {
  auto requests = random_requests(200, 7);
  const auto places = labels_beside(requests, kMap, 3);
  EXPECT_GT(placed(places), 20U);
  EXPECT_LT(placed(places), 80U);
  double lowest_placed = 2;
  double highest_left_out = -1;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].is_placed) {
      lowest_placed = std::min(lowest_placed, requests[i].priority);
    } else {
      highest_left_out = std::max(highest_left_out, requests[i].priority);
    }
  }
  EXPECT_GT(lowest_placed, highest_left_out);
}

TEST(LabelsBeside, AllAnchorsAtOnePlaceStillFindRoom) {
  const std::vector<LabelRequest> requests(12, {{250, 150}, 50, 20, 1});
  const auto places = labels_beside(requests, kMap, 2);
  EXPECT_EQ(placed(places), 12U);
  EXPECT_EQ(overlaps(places), 0U);
}

TEST(LabelsBeside, ALabelTallerThanTheMapIsLeftOut) {
  EXPECT_EQ(placed(labels_beside(std::vector<LabelRequest>{{{250, 150}, 50, 301, 1}}, kMap, 2)),
            0U);
  EXPECT_TRUE(labels_beside({}, kMap, 2).empty());
}

TEST(LabelsOver, SitOnTheirAnchorsUntilOthersAreInTheWay) {
  const std::vector<LabelRequest> requests{{{250, 150}, 40, 10, 2}, {{250, 152}, 40, 10, 1}};
  const auto places = labels_over(requests, kMap, 2, 100);
  EXPECT_DOUBLE_EQ(places[0].box.center().x, 250);
  EXPECT_DOUBLE_EQ(places[0].box.center().y, 150);
  EXPECT_TRUE(places[1].is_placed);
  EXPECT_EQ(overlaps(places), 0U);
}

TEST(LabelsOver, NeverOverlapEachOtherOrWhatIsTaken) {
  const std::vector<Box> taken{{200, 100, 300, 200}};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto places = labels_over(random_requests(60, seed), kMap, 1, 120, taken);
    EXPECT_EQ(overlaps(places), 0U);
    for (const LabelPlace& place : places) {
      if (place.is_placed) {
        EXPECT_FALSE(place.box.overlaps(taken[0]));
        EXPECT_TRUE(kMap.contains(place.box));
      }
    }
  }
}

}  // namespace
}  // namespace topograph

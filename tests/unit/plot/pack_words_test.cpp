#include "topograph/plot/pack_words.hpp"

#include <gtest/gtest.h>

#include "topograph/core/random.hpp"

namespace topograph {
namespace {

BitMask block(std::size_t width, std::size_t height) {
  BitMask mask(width, height);
  for (std::size_t y = 0; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) mask.set(x, y);
  }
  return mask;
}

/// A frame with nothing inside of it.
BitMask frame(std::size_t side) {
  BitMask mask(side, side);
  for (std::size_t i = 0; i < side; ++i) {
    mask.set(i, 0);
    mask.set(i, side - 1);
    mask.set(0, i);
    mask.set(side - 1, i);
  }
  return mask;
}

TEST(BitMask, MeetsWhereverAPixelIsShared) {
  const RandomKey key = random_key(5, "test.mask");
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    BitMask big(200, 20);
    BitMask small(1 + uniform_below(key, trial, 0, 130), 1 + uniform_below(key, trial, 1, 15));
    for (std::uint64_t i = 0; i < 12; ++i) {
      big.set(uniform_below(key, trial, 10 + i, 200), uniform_below(key, trial, 40 + i, 20));
      small.set(uniform_below(key, trial, 70 + i, small.width()),
                uniform_below(key, trial, 100 + i, small.height()));
    }
    const std::size_t x = uniform_below(key, trial, 2, 200 - small.width() + 1);
    const std::size_t y = uniform_below(key, trial, 3, 20 - small.height() + 1);
    bool is_shared = false;
    for (std::size_t r = 0; r < small.height(); ++r) {
      for (std::size_t c = 0; c < small.width(); ++c) {
        is_shared = is_shared || (small.get(c, r) && big.get(x + c, y + r));
      }
    }
    EXPECT_EQ(big.meets(small, x, y), is_shared) << "trial " << trial;
    big.add(small, x, y);
    for (std::size_t r = 0; r < small.height(); ++r) {
      for (std::size_t c = 0; c < small.width(); ++c) {
        ASSERT_TRUE(!small.get(c, r) || big.get(x + c, y + r));
      }
    }
  }
}

TEST(BitMask, OfInkIsPaddedAndTurned) {
  const InkMask ink{.pixels = {1, 0, 0}, .width = 3, .height = 1};
  const BitMask padded = BitMask::of_ink(ink, {1, 1}, false);
  EXPECT_EQ(padded.width(), 5U);
  EXPECT_EQ(padded.height(), 3U);
  EXPECT_TRUE(padded.get(0, 0) && padded.get(2, 2));
  EXPECT_FALSE(padded.get(3, 0));
  const BitMask turned = BitMask::of_ink(ink, {}, true);
  EXPECT_EQ(turned.width(), 1U);
  EXPECT_EQ(turned.height(), 3U);
  EXPECT_TRUE(turned.get(0, 2));  // reading upwards, the first pixel is at the bottom
  EXPECT_FALSE(turned.get(0, 0));
}

TEST(PackMasks, NoTwoSharePixelsAndTheFirstIsInTheMiddle) {
  std::vector<BitMask> masks;
  for (std::size_t i = 0; i < 40; ++i) masks.push_back(block(10 + i % 7, 5 + i % 3));
  const auto places = pack_masks(masks, 150, 100);
  EXPECT_NEAR(static_cast<double>(places[0].x) + 5, 75, 2);
  EXPECT_NEAR(static_cast<double>(places[0].y) + 2.5, 50, 2);
  BitMask taken(150, 100);
  for (std::size_t i = 0; i < masks.size(); ++i) {
    ASSERT_TRUE(places[i].is_placed) << i;
    ASSERT_LE(places[i].x + masks[i].width(), 150U);
    ASSERT_LE(places[i].y + masks[i].height(), 100U);
    EXPECT_FALSE(taken.meets(masks[i], places[i].x, places[i].y)) << i;
    taken.add(masks[i], places[i].x, places[i].y);
  }
}

TEST(PackMasks, SmallShapesLieInTheHolesOfLargeOnes) {
  const auto places = pack_masks(std::vector<BitMask>{frame(60), block(12, 12)}, 60, 60);
  ASSERT_TRUE(places[1].is_placed);
  EXPECT_GT(places[1].x, 0U);
  EXPECT_LT(places[1].x + 12, 60U);
}

TEST(PackMasks, AllOrNoneStopsAtTheFirstWithoutRoom) {
  const std::vector<BitMask> masks{block(8, 8), block(30, 5), block(2, 2)};
  const auto places = pack_masks(masks, 20, 10, {.all_or_none = true});
  EXPECT_TRUE(places[0].is_placed);
  EXPECT_FALSE(places[2].is_placed);
}

TEST(PackMasks, WhatIsTooLargeIsLeftOut) {
  const auto places =
      pack_masks(std::vector<BitMask>{block(30, 5), block(8, 8), block(9, 9)}, 20, 10);
  EXPECT_FALSE(places[0].is_placed);
  EXPECT_TRUE(places[1].is_placed);
  EXPECT_FALSE(places[2].is_placed && places[1].x < 9 && places[1].x + 8 > 11);
}

}  // namespace
}  // namespace topograph

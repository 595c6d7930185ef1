#include "topograph/evaluate/window_coherence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace topograph {
namespace {

using Words = std::vector<std::vector<std::int32_t>>;

/// Texts as lists of words, -1 for words that no topic names.
TermPlaces places_of(const Words& texts) {
  TermPlaces out;
  for (const auto& text : texts) {
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      if (text[i] >= 0) out.places.push_back({text[i], i, i + 1});
    }
    out.first.push_back(static_cast<std::int64_t>(out.places.size()));
    out.n_tokens.push_back(static_cast<std::int32_t>(text.size()));
  }
  return out;
}

double coherence(const Words& texts, const std::vector<std::int32_t>& topic, std::size_t window) {
  RunContext run;
  return (*cv_coherence(places_of(texts), Words{topic}, 6, run, window))[0].value();
}

double npmi(double both, double one, double other) {
  return std::log((both + 1e-12) / (one * other)) / -std::log(both + 1e-12);
}

/// Of two words with m(a, a), m(a, b), m(b, b).
double of_two(double aa, double ab, double bb) {
  const double x = aa + ab;
  const double y = ab + bb;
  const double length = std::hypot(x, y);
  return ((aa * x + ab * y) / (std::hypot(aa, ab) * length) +
          (ab * x + bb * y) / (std::hypot(ab, bb) * length)) /
         2;
}

TEST(WindowCoherence, IsOneForWordsThatAlwaysMeet) {
  EXPECT_NEAR(coherence({{0, 1}, {1, 0, 0}, {2}, {}}, {0, 1}, 110), 1, 1e-12);
}

TEST(WindowCoherence, IsTheMeanCosineOfTheWordsVectorsWithTheirSum) {
  // p(0) = 3/4, p(1) = 2/4, p(0, 1) = 1/4.
  const double found = coherence({{0, 1}, {0}, {0}, {1}}, {0, 1}, 110);
  const double ab = npmi(0.25, 0.75, 0.5);
  EXPECT_NEAR(found, of_two(npmi(0.75, 0.75, 0.75), ab, npmi(0.5, 0.5, 0.5)), 1e-12);
}

TEST(WindowCoherence, CountsEveryWindowOnceHoweverOftenItHoldsAWord) {
  // Windows of three of "0 0 . 1 . .": 00. 0.1 .1. 1..: p(0) = 2/4, p(1) = 3/4, p(0, 1) = 1/4.
  const double found = coherence({{0, 0, -1, 1, -1, -1}}, {0, 1}, 3);
  const double ab = npmi(0.25, 0.5, 0.75);
  EXPECT_NEAR(found, of_two(npmi(0.5, 0.5, 0.5), ab, npmi(0.75, 0.75, 0.75)), 1e-12);
}

TEST(WindowCoherence, JoinsWordsThatComeBackInALaterWindow) {
  // "0 . . 1 . 0", windows of two: 0. .. .1 1. .0: p(0) = 2/5, p(1) = 2/5, never together.
  const double found = coherence({{0, -1, -1, 1, -1, 0}}, {0, 1}, 2);
  EXPECT_NEAR(found, of_two(1, npmi(0, 0.4, 0.4), 1), 1e-9);
}

TEST(WindowCoherence, AnNgramIsInAWindowThatHoldsAllOfIt) {
  // A text of four tokens, term 0 spans the first two, term 1 is the last one; windows of three.
  TermPlaces texts{{0, 2}, {4}, {{0, 0, 2}, {1, 3, 4}}};
  RunContext run;
  const auto found = cv_coherence(texts, Words{{0, 1}}, 2, run, 3);
  ASSERT_TRUE(found);
  EXPECT_NEAR(*(*found)[0], of_two(1, npmi(0, 0.5, 0.5), 1), 1e-9);
  texts.places[0] = {0, 0, 4};  // Longer than any window.
  EXPECT_FALSE((*cv_coherence(texts, Words{{0, 1}}, 2, run, 3))[0]);
}

TEST(WindowCoherence, HasNoSayWhereFewerThanTwoWordsOccur) {
  RunContext run;
  const auto found = cv_coherence(places_of({{0}, {0}}), Words{{0, 5}, {}, {0}, {0, 0}}, 6, run);
  ASSERT_TRUE(found);
  for (const auto& value : *found) EXPECT_FALSE(value);
}

TEST(WindowCoherence, IsOneForWordsThatAreInEveryWindow) {
  EXPECT_NEAR(coherence({{0, 1}, {1, 0}}, {0, 1}, 110), 1, 1e-12);
}

TEST(WindowCoherence, IsTheSameForAnyNumberOfThreads) {
  Words texts;
  for (std::int32_t i = 0; i < 3000; ++i) {
    texts.push_back({i % 6, -1, i % 5, (i / 7) % 6, -1, i % 3});
  }
  const Words words = {{0, 1, 2}, {3, 4, 5}, {5, 0}};
  RunContext one({.threads = 1});
  const auto expected = *cv_coherence(places_of(texts), words, 6, one, 4);
  for (const int threads : {2, 3, 7}) {
    RunContext run({.threads = threads});
    EXPECT_EQ(*cv_coherence(places_of(texts), words, 6, run, 4), expected);
  }
}

TEST(WindowCoherence, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  RunContext run({.stop = stop.get_token()});
  const auto found = cv_coherence(places_of({{0, 1}}), Words{{0, 1}}, 2, run);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace topograph

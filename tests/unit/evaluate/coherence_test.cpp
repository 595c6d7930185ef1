#include "topograph/evaluate/coherence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace topograph {
namespace {

using Words = std::vector<std::vector<std::int32_t>>;

/// Documents as lists of the words that they hold.
Csr<double> documents(const std::vector<std::vector<std::int32_t>>& rows, std::size_t n_words) {
  Csr<double> out;
  for (const auto& row : rows) {
    out.columns.insert(out.columns.end(), row.begin(), row.end());
    out.values.insert(out.values.end(), row.size(), 1.0);
    out.offsets.push_back(static_cast<std::int64_t>(out.columns.size()));
  }
  out.n_cols = n_words;
  return out;
}

std::vector<std::optional<double>> coherence(const std::vector<std::vector<std::int32_t>>& rows,
                                             const Words& words) {
  RunContext run;
  return *npmi_coherence(documents(rows, 6).view(), words, run);
}

TEST(NpmiCoherence, IsOneForWordsThatAlwaysMeetAndMinusOneForThoseThatNeverDo) {
  const std::vector<std::vector<std::int32_t>> rows = {{0, 1}, {0, 1}, {2}, {3}};
  const auto found = coherence(rows, {{0, 1}, {2, 3}});
  EXPECT_DOUBLE_EQ(*found[0], 1);
  EXPECT_DOUBLE_EQ(*found[1], -1);
}

TEST(NpmiCoherence, IsZeroForWordsThatMeetByChance) {
  EXPECT_NEAR(*coherence({{0, 1}, {0}, {1}, {}}, {{0, 1}})[0], 0, 1e-12);
}

TEST(NpmiCoherence, IsTheMeanOverThePairsOfATopic) {
  // p(0) = p(1) = p(2) = 3/5, p(0,1) = 2/5, p(0,2) = 2/5, p(1,2) = 1/5.
  const auto found = coherence({{0, 1, 2}, {0, 1}, {0, 2}, {1}, {2}}, {{2, 0, 1}});
  const double near = std::log(0.4 / 0.36) / -std::log(0.4);
  const double far = std::log(0.2 / 0.36) / -std::log(0.2);
  EXPECT_NEAR(*found[0], (2 * near + far) / 3, 1e-12);
}

TEST(NpmiCoherence, HasNoSayWhereFewerThanTwoWordsOccur) {
  const auto found = coherence({{0}, {0}}, {{0, 5}, {}, {0}, {0, 0}});
  for (const auto& value : found) EXPECT_FALSE(value);
}

TEST(NpmiCoherence, IsOneForWordsThatAreInEveryDocument) {
  EXPECT_DOUBLE_EQ(*coherence({{0, 1}, {0, 1}}, {{0, 1}})[0], 1);
}

TEST(NpmiCoherence, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  RunContext run({.stop = stop.get_token()});
  const Words words = {{0, 1}};
  const auto found = npmi_coherence(documents({{0, 1}}, 2).view(), words, run);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace topograph

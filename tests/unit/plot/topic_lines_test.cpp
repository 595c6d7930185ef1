#include "topograph/plot/topic_lines.hpp"

#include <gtest/gtest.h>

#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_texts;
using test::topics_of;

TimeCounts series(std::size_t n_bins, std::size_t n_topics) {
  TimeCounts out{
      {}, 1, "month", Matrix<double>(n_bins, n_topics), std::vector<double>(n_bins, 100.0)};
  for (std::size_t b = 0; b < n_bins; ++b) {
    out.times.push_back(static_cast<std::int64_t>(b) * 86'400'000'000 * 30);
    for (std::size_t t = 0; t < n_topics; ++t)
      out.counts[b, t] = static_cast<double>((b * 7 + t * 3) % 20);
  }
  return out;
}

TEST(TopicTimeLines, NameEveryLineAtItsEnd) {
  for (const SeriesShare share : {SeriesShare::none, SeriesShare::time, SeriesShare::topic}) {
    const auto scene = topic_time_lines(topics_of(6), series(20, 6), {.share = share}, {});
    ASSERT_TRUE(scene);
    EXPECT_EQ(n_texts(*scene, "label of"), 6U);
    EXPECT_TRUE(is_on_page(*scene));
  }
}

TEST(TopicTimeLines, OneTimeAndNoDocumentsAreFine) {
  EXPECT_TRUE(is_on_page(*topic_time_lines(topics_of(2), series(1, 2), {}, {})));
  TimeCounts empty = series(3, 2);
  for (std::size_t i = 0; i < 6; ++i) empty.counts.data()[i] = 0;
  EXPECT_TRUE(
      is_on_page(*topic_time_lines(topics_of(2), empty, {.share = SeriesShare::topic}, {})));
}

TEST(TopicTimeLines, NamesWithoutRoomAreCounted) {
  const auto scene = topic_time_lines(topics_of(200), series(5, 200), {}, {});
  EXPECT_TRUE(is_on_page(*scene));
  EXPECT_EQ(n_texts(*scene, "found no room"), 1U);
}

TEST(TermRank, DrawsBothScales) {
  for (const bool is_log : {false, true}) {
    const auto scene = term_rank_lines(topics_of(5), {.log_scale = is_log}, {});
    ASSERT_TRUE(scene);
    EXPECT_EQ(n_texts(*scene, "label of"), 5U);
    EXPECT_TRUE(is_on_page(*scene));
  }
}

TEST(TermRank, WithoutWordsIsSaidToBeSo) {
  const auto scene = term_rank_lines(topics_of(5, 0), {}, {});
  ASSERT_FALSE(scene);
  EXPECT_EQ(scene.error().subject, Subject::model);
}

}  // namespace
}  // namespace topograph

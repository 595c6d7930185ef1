#include "topograph/plot/share_bars.hpp"

#include <gtest/gtest.h>

#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_texts;
using test::topics_of;

ClassCounts classes(std::size_t n) {
  ClassCounts out{{}, Matrix<std::int64_t>(n, 3), {}};
  for (std::size_t r = 0; r < n; ++r) {
    out.names.push_back("class " + std::to_string(r));
    out.totals.push_back(static_cast<std::int64_t>(10 + r));
    for (std::size_t t = 0; t < 3; ++t) out.counts[r, t] = static_cast<std::int64_t>((r + t) % 4);
  }
  return out;
}

TEST(ClassBars, ShowEveryClassAndTheKey) {
  for (const bool is_share : {true, false}) {
    const auto scene = class_bars(topics_of(3), classes(5), {.normalize = is_share}, {});
    ASSERT_TRUE(scene);
    EXPECT_EQ(n_texts(*scene, "class "), 5U);
    EXPECT_EQ(n_texts(*scene, "label of"), 3U);
    EXPECT_EQ(n_texts(*scene, "other"), 1U);
    EXPECT_TRUE(is_on_page(*scene));
  }
}

TEST(ClassBars, ManyClassesAreCutToTheLargest) {
  const auto scene = class_bars(topics_of(3), classes(500), {}, {});
  EXPECT_TRUE(is_on_page(*scene));
  EXPECT_EQ(n_texts(*scene, "40 largest of 500 classes"), 1U);
}

TEST(DistributionBars, ShowTopicsAboveTheLimitAndTheRest) {
  const DocumentShares document{"a text", {2, 0, 1}, {0.5, 0.2, 0.001}, 0.3};
  const auto scene = distribution_bars(topics_of(3), document, {}, {});
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_texts(*scene, "label of"), 2U);
  EXPECT_EQ(n_texts(*scene, "no topic"), 1U);
  EXPECT_EQ(n_texts(*scene, "a text"), 1U);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(DistributionBars, AMegabyteOfTextAndNoTopicAreFine) {
  const DocumentShares document{std::string(1 << 20, 'x'), {}, {}, 0};
  const auto scene = distribution_bars(topics_of(0), document, {}, {});
  ASSERT_TRUE(scene);
  EXPECT_TRUE(is_on_page(*scene));
  EXPECT_EQ(n_texts(*scene, "1.5 % or more"), 1U);
}

}  // namespace
}  // namespace topograph

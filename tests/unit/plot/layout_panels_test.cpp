#include "topograph/plot/layout_panels.hpp"

#include <gtest/gtest.h>

#include "topograph/core/random.hpp"
#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_dots;
using test::n_texts;
using test::topics_of;

std::vector<LayoutPanel> panels(std::size_t n_panels, std::size_t n) {
  const RandomKey key = random_key(2, "test.panels");
  std::vector<LayoutPanel> out;
  for (std::size_t p = 0; p < n_panels; ++p) {
    out.push_back({"panel " + std::to_string(p), Matrix<float>(n, 2)});
    for (std::size_t i = 0; i < n; ++i) {
      out.back().layout[i, 0] = static_cast<float>(normal(key, i, 2 * p));
      out.back().layout[i, 1] = static_cast<float>(normal(key, i, 2 * p + 1));
    }
  }
  return out;
}

TEST(LayoutPanels, DrawEveryDocumentInEveryPanel) {
  const std::vector<std::int32_t> topics(300, 1);
  const auto scene = layout_panels(topics_of(3), panels(3, 300), topics, {}, {});
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_dots(*scene), 900U);
  EXPECT_EQ(n_texts(*scene, "panel "), 3U);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(LayoutPanels, NoTopicsAndOneDocumentAreFine) {
  const std::vector<std::int32_t> topics{-1};
  const auto scene = layout_panels(topics_of(0), panels(7, 1), topics, {}, {});
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_dots(*scene), 7U);
  EXPECT_TRUE(is_on_page(*scene));
}

}  // namespace
}  // namespace topograph

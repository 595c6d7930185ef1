#include "topograph/plot/matrix_figure.hpp"

#include <gmock/gmock.h>

#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_texts;
using test::texts_of;
using test::topics_of;

Linkage pairs() {  // (0 2) and (1 3)
  return {.left = {0, 1, 4}, .right = {2, 3, 5}, .height = {1, 2, 3}, .size = {2, 2, 4}};
}

Matrix<float> similarity() {
  Matrix<float> values(4, 4);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) values[i, j] = i == j ? 1.0F : i % 2 == j % 2 ? 0.8F : 0.1F;
  }
  return values;
}

TEST(SimilarityHeatmap, PutsSimilarTopicsSideBySide) {
  const Matrix<float> values = similarity();
  const auto scene =
      similarity_heatmap(topics_of(4), values.view(), pairs(), {.show_values = true}, {});
  ASSERT_TRUE(scene);
  std::vector<std::string> names;
  for (const TextMark& text : texts_of(*scene)) {
    if (text.text.find("label of") != std::string::npos && text.angle == 0)
      names.push_back(text.text);
  }
  EXPECT_THAT(names, testing::ElementsAre("0 · label of 0", "2 · label of 2", "1 · label of 1",
                                          "3 · label of 3"));
  EXPECT_EQ(n_texts(*scene, "0.80"), 4U);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(SimilarityHeatmap, OneTopicIsOneCell) {
  Matrix<float> values(1, 1);
  values[0, 0] = 1;
  EXPECT_TRUE(
      is_on_page(*similarity_heatmap(topics_of(1), values.view(), {}, {.n_clusters = 3}, {})));
}

ClassCounts classes() {
  ClassCounts out{{"b </script>", "a", "empty"}, Matrix<std::int64_t>(3, 2), {10, 8, 0}};
  out.counts[0, 0] = 1;
  out.counts[0, 1] = 7;
  out.counts[1, 0] = 8;
  return out;
}

TEST(ContingencyHeatmap, OrdersClassesByTheirTopics) {
  const auto scene = contingency_heatmap(topics_of(2), classes(), {}, {});
  ASSERT_TRUE(scene);
  std::vector<std::string> names;
  for (const TextMark& text : texts_of(*scene)) {
    if (text.text == "a" || text.text == "b </script>" || text.text == "empty")
      names.push_back(text.text);
  }
  EXPECT_THAT(names, testing::ElementsAre("a", "b </script>", "empty"));
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(ContingencyHeatmap, ShowsTheLargestClassesOnly) {
  const auto scene = contingency_heatmap(topics_of(2), classes(), {.max_classes = 1}, {});
  EXPECT_EQ(n_texts(*scene, "1 largest of 3 classes"), 1U);
  EXPECT_EQ(n_texts(*scene, "empty"), 0U);
}

}  // namespace
}  // namespace topograph

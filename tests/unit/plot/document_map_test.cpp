#include "topograph/plot/document_map.hpp"

#include <gmock/gmock.h>

#include "topograph/core/random.hpp"
#include "unit/plot/figures.hpp"

namespace topograph {
namespace {

using test::is_on_page;
using test::n_dots;
using test::n_texts;
using test::texts_of;
using test::topics_of;

struct Documents {
  Matrix<float> layout;
  std::vector<std::int32_t> topics;
  [[nodiscard]] DocumentMapInput input() const { return {layout.view(), topics, {}}; }
};

/// Blobs on a circle; document i has topic i mod n_topics, or none where that is n_topics.
Documents blobs(std::size_t n, std::size_t n_topics, bool has_outliers) {
  const RandomKey key = random_key(3, "test.map");
  Documents out{Matrix<float>(n, 2), {}};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t t = i % (n_topics + (has_outliers ? 1 : 0));
    const double angle = 6.2831853 * static_cast<double>(t) / static_cast<double>(n_topics + 1);
    out.layout[i, 0] = static_cast<float>(10 * std::cos(angle) + normal(key, i, 0));
    out.layout[i, 1] = static_cast<float>(10 * std::sin(angle) + normal(key, i, 1));
    out.topics.push_back(t == n_topics ? -1 : static_cast<std::int32_t>(t));
  }
  return out;
}

Result<Scene> map_of(const Documents& documents, const FigureTopics& topics,
                     const DocumentMapOptions& options = {}, const FigureOptions& figure = {}) {
  RunContext run({.threads = 1});
  return document_map(documents.input(), topics, options, figure, run);
}

Box box_of(const TextMark& text) {
  return {text.left.x, text.left.y - 0.8 * text.style.size, text.left.x + text.width,
          text.left.y + 0.2 * text.style.size};
}

TEST(DocumentMap, DrawsEveryDocumentAndLabel) {
  const auto scene = map_of(blobs(700, 6, true), topics_of(6));
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_dots(*scene), 700U);
  EXPECT_EQ(n_texts(*scene, "label of"), 6U);
  EXPECT_TRUE(is_on_page(*scene));
}

TEST(DocumentMap, LabelsDoNotOverlap) {
  for (const MapLabels where : {MapLabels::beside, MapLabels::over}) {
    const auto scene = map_of(blobs(2000, 40, false), topics_of(40), {.labels = where});
    ASSERT_TRUE(scene);
    const auto texts = texts_of(*scene);
    EXPECT_GT(texts.size(), 20U);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_FALSE(box_of(texts[i]).overlaps(box_of(texts[j])))
            << texts[i].text << " and " << texts[j].text;
      }
    }
  }
}

TEST(DocumentMap, SampleDrawsAShareOfEveryTopic) {
  const auto scene = map_of(blobs(1000, 4, true), topics_of(4), {.sample = 0.25});
  EXPECT_EQ(n_dots(*scene), 250U);
}

TEST(DocumentMap, OtherTopicsAndOutliersCanBeHidden) {
  const Documents documents = blobs(1000, 4, true);
  EXPECT_EQ(n_dots(*map_of(documents, topics_of(2))), 1000U);
  EXPECT_EQ(n_dots(*map_of(documents, topics_of(2), {.hide_others = true})), 600U);
  EXPECT_EQ(n_dots(*map_of(documents, topics_of(4), {.hide_outliers = true})), 800U);
}

TEST(DocumentMap, LabelsCanBeHidden) {
  const auto scene = map_of(blobs(100, 4, false), topics_of(4), {.labels = MapLabels::none});
  EXPECT_EQ(n_texts(*scene, "label of"), 0U);
}

TEST(DocumentMap, OnlyOutliersAreDrawnGrey) {
  Documents documents = blobs(50, 1, false);
  documents.topics.assign(50, -1);
  const auto scene = map_of(documents, topics_of(0));
  ASSERT_TRUE(scene);
  EXPECT_EQ(n_dots(*scene), 50U);
}

TEST(DocumentMap, TwoThousandTopicsAreLabelledAsFarAsThereIsRoom) {
  const auto scene = map_of(blobs(4000, 2000, false), topics_of(2000), {.max_labels = 2000});
  ASSERT_TRUE(scene);
  EXPECT_TRUE(is_on_page(*scene));
  EXPECT_GT(n_texts(*scene, "label of"), 20U);
  EXPECT_EQ(n_texts(*scene, "found no room"), 1U);
}

TEST(DocumentMap, OneDocumentAndEqualPlacesAreFine) {
  Documents documents = blobs(20, 1, false);
  for (std::size_t i = 0; i < 20; ++i) documents.layout[i, 0] = documents.layout[i, 1] = 3;
  EXPECT_TRUE(is_on_page(*map_of(documents, topics_of(1))));
  EXPECT_TRUE(is_on_page(*map_of(blobs(1, 1, false), topics_of(1))));
}

TEST(DocumentMap, AFarIslandIsDrawnInAndDoesNotShrinkTheRest) {
  Documents documents = blobs(1000, 4, false);
  documents.layout[0, 0] = 1e6F;
  const auto scene = map_of(documents, topics_of(4));
  ASSERT_TRUE(scene);
  EXPECT_TRUE(is_on_page(*scene));
  EXPECT_EQ(n_texts(*scene, "drawn nearer"), 1U);
  const auto usual = map_of(blobs(1000, 4, false), topics_of(4));
  const auto extent = [](const Scene& s) {
    double low = 1e9;
    double high = 0;
    for (const Mark& mark : s.marks) {
      if (const auto* dots = std::get_if<DotsMark>(&mark)) {
        for (const Point p : dots->centers) {
          low = std::min(low, p.y);
          high = std::max(high, p.y);
        }
      }
    }
    return high - low;
  };
  EXPECT_GT(extent(*scene), 0.8 * extent(*usual));
}

TEST(DocumentMap, NoPlacedDocumentIsSaidToBeSo) {
  const Documents documents = blobs(5, 1, false);
  const std::vector<std::uint8_t> placed(5, 0);
  RunContext run({.threads = 1});
  const auto scene =
      document_map({documents.layout.view(), documents.topics, placed}, topics_of(1), {}, {}, run);
  ASSERT_FALSE(scene);
  EXPECT_EQ(scene.error().subject, Subject::model);
}

TEST(DensestPoint, LiesInTheCrowdAndNotInTheMiddle) {
  std::vector<Point> members;
  for (int i = 0; i < 90; ++i) members.push_back({i * 0.001, 0});
  for (int i = 0; i < 30; ++i) members.push_back({10.0 + i, 5});
  EXPECT_LT(densest_point(members).x, 0.1);
  EXPECT_EQ(densest_point({}), Point{});
}

}  // namespace
}  // namespace topograph

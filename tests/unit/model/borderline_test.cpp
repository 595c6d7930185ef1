#include "topograph/model/borderline.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Two topics along two axes; document 3 of either lies nearest to the other one.
Result<TopicModel> two_topics(bool keeps_vectors = true) {
  TextColumn texts;
  Matrix<float> vectors(12, 2);
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < 12; ++i) {
    const bool is_second = i >= 7;
    texts.push_back((is_second ? "oven flour " : "comet orbit ") + std::to_string(i * 17));
    const bool is_between = i == 3 || i == 10;
    vectors[i, is_second ? 1 : 0] = 1;
    vectors[i, is_second ? 0 : 1] = is_between ? 0.8F : 0.01F * static_cast<float>(i);
    labels.push_back(is_second ? 1 : 0);
  }
  labels[0] = -1;
  FitOptions options;
  options.cluster.method = ClusterMethod::given;
  options.neighbors.n_neighbors = 4;
  options.store.keep_embeddings = keeps_vectors;
  RunContext run({.threads = 2});
  return TopicModel::fit(texts, nullptr, vectors.view(), options, run, labels);
}

TEST(Borderline, TheLeastMarginComesFirst) {
  const auto model = two_topics();
  ASSERT_TRUE(model) << to_string(model.error());
  RunContext run;
  const auto found = borderline_documents(*model, 2, run);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 4U);
  EXPECT_EQ((*found)[0].row, 3);
  EXPECT_EQ((*found)[0].topic, 0);
  EXPECT_EQ((*found)[0].other, 1);
  EXPECT_EQ((*found)[2].row, 10);
  EXPECT_EQ((*found)[2].other, 0);
  for (const std::size_t i : {0U, 2U}) {
    EXPECT_LT((*found)[i].margin, (*found)[i + 1].margin);
    EXPECT_EQ((*found)[i].topic, (*found)[i + 1].topic);
  }
  EXPECT_EQ(borderline_documents(*model, 100, run)->size(), 11U);  // Not the outlier.
  EXPECT_TRUE(borderline_documents(*model, 0, run)->empty());
}

TEST(Borderline, AnyNumberOfThreadsGivesTheSameMargins) {
  const auto model = two_topics();
  ASSERT_TRUE(model);
  RunContext one({.threads = 1});
  const auto expected = *borderline_documents(*model, 9, one);
  for (const int threads : {2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto found = *borderline_documents(*model, 9, run);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].row, expected[i].row);
      EXPECT_EQ(found[i].margin, expected[i].margin);
    }
  }
}

TEST(Borderline, AModelWithoutVectorsSaysWhatIsMissing) {
  const auto model = two_topics(false);
  ASSERT_TRUE(model) << to_string(model.error());
  RunContext run;
  const auto found = borderline_documents(*model, 2, run);
  ASSERT_FALSE(found);
  EXPECT_NE(found.error().hint.find("--probabilities"), std::string::npos);
}

}  // namespace
}  // namespace topograph

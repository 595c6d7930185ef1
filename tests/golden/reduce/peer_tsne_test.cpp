// Against openTSNE: see tests/data/reduce/tsne/PROVENANCE.json.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "topograph/core/container.hpp"
#include "topograph/reduce/tsne_affinities.hpp"

namespace topograph {
namespace {

TEST(TsneAffinitiesPeer, EqualOpenTsnes) {
  const auto file = ArrayFile::open(TG_TEST_DATA "/reduce/tsne/affinities.safetensors");
  ASSERT_TRUE(file) << to_string(file.error());
  KnnGraph knn;
  knn.distances = *file->matrix("distances");
  knn.ids = Matrix<std::int32_t>(knn.distances.rows(), knn.distances.cols());
  std::ranges::copy(*file->int32s("ids"), knn.ids.data());
  RunContext run;
  const auto conditional = perplexity_weights(knn, 10, run);
  ASSERT_TRUE(conditional) << to_string(conditional.error());
  const Matrix<float> wanted = *file->matrix("conditional");
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_NEAR(conditional->data()[i], wanted.data()[i], 1e-5F) << i;
  }
  const auto joint = tsne_affinities(knn, 10, run);
  ASSERT_TRUE(joint) << to_string(joint.error());
  EXPECT_EQ(joint->offsets, *file->int64s("offsets"));
  EXPECT_EQ(joint->columns, *file->int32s("columns"));
  const std::vector<double> values = *file->doubles("values");
  ASSERT_EQ(joint->values.size(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(joint->values[i]), values[i], 1e-5 * values[i] + 1e-9) << i;
  }
}

}  // namespace
}  // namespace topograph

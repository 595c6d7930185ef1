#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "topograph/core/container.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/reduce/pca.hpp"

// Expectations from scikit-learn 1.9.1 (tools/reference/reduce_pca.py).
namespace topograph {
namespace {

class PcaPeerGolden : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto file =
        ArrayFile::open(std::string(TG_TEST_DATA) + "/reduce/pca/whitened.safetensors");
    ASSERT_TRUE(file) << to_string(file.error());
    x_ = *file->matrix("x");
    components_ = *file->matrix("components");
    whitened_ = *file->matrix("whitened");
    variance_ = *file->doubles("variance");
    ratio_ = *file->doubles("ratio");
  }

  /// Up to the sign of each component.
  void expect_equal(Pca pca, double tolerance) {
    pca.whiten = true;
    RunContext run;
    const auto scores = apply_pca(pca, x_.view(), run);
    ASSERT_TRUE(scores);
    ASSERT_EQ(pca.explained_variance.size(), variance_.size());
    const std::vector<double> ratio = pca.explained_variance_ratio();
    for (std::size_t c = 0; c < variance_.size(); ++c) {
      EXPECT_NEAR(pca.explained_variance[c], variance_[c], tolerance * variance_[0]);
      EXPECT_NEAR(ratio[c], ratio_[c], tolerance);
      float dot = 0;
      for (std::size_t j = 0; j < x_.cols(); ++j) dot += pca.components[c, j] * components_[c, j];
      EXPECT_NEAR(std::abs(dot), 1.0F, 1e-6F) << "component " << c;
      const float sign = dot < 0 ? -1.0F : 1.0F;
      for (std::size_t r = 0; r < x_.rows(); ++r) {
        EXPECT_NEAR(((*scores)[r, c]), (sign * whitened_[r, c]), 1e-4F) << r << ", " << c;
      }
    }
  }

  Matrix<float> x_ = {};
  Matrix<float> components_ = {};
  Matrix<float> whitened_ = {};
  std::vector<double> variance_ = {};
  std::vector<double> ratio_ = {};
};

TEST_F(PcaPeerGolden, ExactSolverEqualsScikitLearn) {
  RunContext run;
  const auto pca = fit_pca(x_.view(), {.n_components = 5, .solver = PcaSolver::exact}, run);
  ASSERT_TRUE(pca) << to_string(pca.error());
  expect_equal(*pca, 1e-6);
}

TEST_F(PcaPeerGolden, RandomizedSolverEqualsScikitLearnsExactOne) {
  RunContext run;
  const auto pca = fit_pca(x_.view(), {.n_components = 5, .solver = PcaSolver::randomized}, run);
  ASSERT_TRUE(pca) << to_string(pca.error());
  expect_equal(*pca, 1e-6);
}

TEST_F(PcaPeerGolden, BlocksAddUpToScikitLearnsComponents) {
  RunContext run;
  PcaAccumulator accumulator;
  for (std::size_t begin = 0; begin < x_.rows(); begin += 37) {
    const std::size_t end = std::min(begin + 37, x_.rows());
    ASSERT_TRUE(accumulator.add(x_.view().rows(begin, end), run));
  }
  const auto pca = accumulator.fit(5);
  ASSERT_TRUE(pca) << to_string(pca.error());
  expect_equal(*pca, 1e-9);
}

}  // namespace
}  // namespace topograph

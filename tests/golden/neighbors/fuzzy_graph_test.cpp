#include "topograph/neighbors/fuzzy_graph.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <optional>
#include <string>

#include "topograph/core/container.hpp"

namespace topograph {
namespace {

constexpr double tolerance = 1e-5;  // relative

class FuzzyGraphPeer : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto path = std::filesystem::path(TG_TEST_DATA) / "neighbors" /
                      (std::string("fuzzy_") + GetParam() + ".safetensors");
    auto opened = ArrayFile::open(path);
    ASSERT_TRUE(opened.has_value()) << to_string(opened.error());
    file_.emplace(*std::move(opened));
    knn_.distances = file_->matrix("distances").value();
    const std::vector<std::int32_t> ids = file_->int32s("ids").value();
    knn_.ids = Matrix<std::int32_t>(knn_.distances.rows(), knn_.distances.cols());
    ASSERT_EQ(ids.size(), knn_.ids.size());
    std::copy(ids.begin(), ids.end(), knn_.ids.data());
    options_.local_connectivity = std::stof(file_->metadata().at("local_connectivity"));
    options_.set_op_mix_ratio = std::stof(file_->metadata().at("set_op_mix_ratio"));
  }

  void expect_close(std::span<const float> found, std::string_view name) {
    const std::vector<float> expected = file_->floats(name).value();
    ASSERT_EQ(found.size(), expected.size()) << name;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto want = static_cast<double>(expected[i]);
      ASSERT_NEAR(static_cast<double>(found[i]), want, tolerance * std::abs(want))
          << name << " " << i;
    }
  }

  std::optional<ArrayFile> file_ = {};
  KnnGraph knn_ = {};
  FuzzyGraphOptions options_ = {};
  RunContext run_{RunSettings{.threads = 2}};
};

TEST_P(FuzzyGraphPeer, HasTheSameSigmasRhosAndMemberships) {
  const auto scales = smooth_knn(knn_, options_.local_connectivity, run_);
  ASSERT_TRUE(scales.has_value());
  expect_close(scales->sigmas, "sigmas");
  expect_close(scales->rhos, "rhos");
  const auto weights = membership_strengths(knn_, *scales, run_);
  ASSERT_TRUE(weights.has_value());
  expect_close(std::span(weights->data(), weights->size()), "weights");
}

TEST_P(FuzzyGraphPeer, HasTheSameEdgesAndWeights) {
  const auto graph = fuzzy_graph(knn_, options_, run_);
  ASSERT_TRUE(graph.has_value());
  EXPECT_EQ(graph->edges.offsets, file_->int64s("offsets").value());
  EXPECT_EQ(graph->edges.columns, file_->int32s("columns").value());
  expect_close(graph->edges.values, "values");
}

INSTANTIATE_TEST_SUITE_P(UmapLearn, FuzzyGraphPeer,
                         testing::Values("cosine", "euclidean", "duplicates"));

}  // namespace
}  // namespace topograph

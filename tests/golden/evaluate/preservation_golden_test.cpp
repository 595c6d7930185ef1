#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/evaluate/preservation.hpp"

// Expectations from scikit-learn 1.9.1 and scipy 1.17.1 (tools/reference/evaluate_preservation.py).
namespace topograph {
namespace {

constexpr double kTolerance = 1e-9;

Result<ArrayFile> open(const char* name) {
  return ArrayFile::open(std::filesystem::path(TG_TEST_DATA) / "evaluate" / "preservation" /
                         (std::string(name) + ".safetensors"));
}

TEST(PreservationGolden, EqualsThePeersTrustworthinessBothWays) {
  for (const char* name : {"pca", "noise", "turned"}) {
    SCOPED_TRACE(name);
    const auto file = open(name);
    ASSERT_TRUE(file);
    RunContext run;
    const auto x = *file->matrix("x");
    const auto layout = *file->matrix("layout");
    PreservationOptions options{.n_neighbors = idx((*file->int32s("n_neighbors"))[0])};
    const auto found = neighbor_preservation(x.view(), layout.view(), options, run);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_NEAR(found->trustworthiness, (*file->doubles("trustworthiness"))[0], kTolerance);
    EXPECT_NEAR(found->continuity, (*file->doubles("continuity"))[0], kTolerance);
    options.metric = Metric::cosine;
    const auto cosine = neighbor_preservation(x.view(), layout.view(), options, run);
    ASSERT_TRUE(cosine);
    EXPECT_NEAR(cosine->trustworthiness, (*file->doubles("cosine_trustworthiness"))[0], kTolerance);
  }
}

TEST(ProcrustesGolden, EqualsThePeersDisparity) {
  for (const char* name : {"pca", "noise", "turned"}) {
    SCOPED_TRACE(name);
    const auto file = open(name);
    ASSERT_TRUE(file);
    RunContext run;
    const auto x = *file->matrix("x");
    const auto layout = *file->matrix("layout");
    Matrix<float> first(x.rows(), layout.cols());
    for (std::size_t r = 0; r < x.rows(); ++r) {
      std::ranges::copy(x.view().row(r).first(layout.cols()), first.row(r).begin());
    }
    const auto found = procrustes_disparity(first.view(), layout.view(), run);
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_NEAR(*found, (*file->doubles("disparity"))[0], kTolerance);
  }
}

}  // namespace
}  // namespace topograph

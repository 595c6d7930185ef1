#include "topograph/reduce/umap_model.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "topograph/core/random.hpp"

namespace topograph {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr std::size_t n_train = 300;
constexpr std::size_t n_new = 50;

/// Rows of three groups, group = row % 3.
Matrix<float> grouped_rows(std::size_t n, std::uint64_t seed) {
  const RandomKey key = random_key(seed, "test.model");
  Matrix<float> x(n, 6);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < x.cols(); ++c) {
      x[r, c] = static_cast<float>((c == r % 3 ? 9.0 : 1.0) + 0.4 * normal(key, r, c));
    }
  }
  return x;
}

bool same_bits(MatrixView<const float> a, MatrixView<const float> b) {
  if (a.rows() != b.rows() || a.cols() != b.cols()) return false;
  for (std::size_t r = 0; r < a.rows(); ++r) {
    if (std::memcmp(a.row(r).data(), b.row(r).data(), a.cols() * sizeof(float)) != 0) return false;
  }
  return true;
}

std::string slurp(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class UmapModels : public ::testing::TestWithParam<NeighborMethod> {
 protected:
  void SetUp() override {
    folder = fs::temp_directory_path() /
             ("tg_umap_model_" + std::string(enum_name(GetParam())) +
              std::to_string(::testing::UnitTest::GetInstance()->current_test_info()->line()));
    fs::create_directories(folder);
    auto fitted =
        UmapModel::fit(grouped_rows(n_train, 1), {}, options, {.method = GetParam()}, run);
    ASSERT_TRUE(fitted) << to_string(fitted.error());
    model.emplace(std::move(*fitted));
  }
  void TearDown() override { fs::remove_all(folder); }

  RunContext run;
  UmapOptions options = {.n_epochs = 60};
  std::optional<UmapModel> model = {};
  fs::path folder = {};
};

TEST_P(UmapModels, GiveTrainingRowsTheirOwnCoordinates) {
  const auto placed = model->transform(model->rows(), run);
  ASSERT_TRUE(placed) << to_string(placed.error());
  EXPECT_TRUE(same_bits(placed->view(), model->layout().coords.view()));
}

TEST_P(UmapModels, PlaceRowsOneByOneAsAllTogetherWithAnyThreads) {
  const Matrix<float> rows = grouped_rows(n_new, 2);
  const auto together = model->transform(rows.view(), run);
  ASSERT_TRUE(together);
  for (const int threads : {1, 2, 3, 7}) {
    RunContext other({.threads = threads});
    const auto again = model->transform(rows.view(), other);
    ASSERT_TRUE(again);
    EXPECT_TRUE(same_bits(again->view(), together->view())) << threads;
  }
  for (std::size_t r = 0; r < n_new; ++r) {
    const auto alone = model->transform(rows.view().rows(r, r + 1), run);
    ASSERT_TRUE(alone);
    EXPECT_TRUE(same_bits(alone->view(), together->view().rows(r, r + 1))) << r;
  }
}

TEST_P(UmapModels, FitTheSameBitsWithAnyThreads) {
  for (const int threads : {1, 3, 7}) {
    RunContext other({.threads = threads});
    const auto again =
        UmapModel::fit(grouped_rows(n_train, 1), {}, options, {.method = GetParam()}, other);
    ASSERT_TRUE(again);
    EXPECT_TRUE(same_bits(again->layout().coords.view(), model->layout().coords.view())) << threads;
  }
}

TEST_P(UmapModels, AreTheSameAfterSavingAndLoading) {
  ASSERT_TRUE(model->save(folder / "one"));
  const auto loaded = UmapModel::load(folder / "one", run);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  ASSERT_TRUE(loaded->save(folder / "two"));
  EXPECT_EQ(slurp(folder / "one"), slurp(folder / "two"));
  EXPECT_EQ(loaded->layout().n_epochs, 60);
  EXPECT_EQ(loaded->layout().is_spectral, model->layout().is_spectral);
  const Matrix<float> rows = grouped_rows(n_new, 2);
  const auto before = model->transform(rows.view(), run);
  const auto after = loaded->transform(rows.view(), run);
  ASSERT_TRUE(before && after);
  EXPECT_TRUE(same_bits(before->view(), after->view()));
}

TEST_P(UmapModels, StayUsableWhenMoved) {
  const Matrix<float> rows = grouped_rows(n_new, 2);
  const auto before = model->transform(rows.view(), run);
  const UmapModel moved = std::move(*model);
  model.reset();
  const auto after = moved.transform(rows.view(), run);
  ASSERT_TRUE(before && after);
  EXPECT_TRUE(same_bits(before->view(), after->view()));
}

TEST_P(UmapModels, NameOtherColumnsAndTheRowOfANan) {
  const auto narrow_rows = model->transform(Matrix<float>(2, 5).view(), run);
  ASSERT_FALSE(narrow_rows);
  EXPECT_THAT(to_string(narrow_rows.error()), HasSubstr("5"));
  EXPECT_THAT(to_string(narrow_rows.error()), HasSubstr("6"));
  Matrix<float> rows = grouped_rows(n_new, 2);
  rows[17, 3] = std::numeric_limits<float>::quiet_NaN();
  const auto broken = model->transform(rows.view(), run);
  ASSERT_FALSE(broken);
  EXPECT_THAT(to_string(broken.error()), HasSubstr("17"));
}

TEST_P(UmapModels, PlaceRowsBySeedOfTheirFit) {
  const Matrix<float> rows = grouped_rows(n_new, 2);
  RunContext other({.seed = 7});
  const auto before = model->transform(rows.view(), run);
  const auto in_another_run = model->transform(rows.view(), other);
  ASSERT_TRUE(before && in_another_run);
  EXPECT_TRUE(same_bits(before->view(), in_another_run->view()));
  ASSERT_TRUE(model->save(folder / "seed"));
  const auto loaded = UmapModel::load(folder / "seed", other);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  EXPECT_EQ(loaded->seed(), run.seed());
  const auto after = loaded->transform(rows.view(), other);
  ASSERT_TRUE(after);
  EXPECT_TRUE(same_bits(before->view(), after->view()));
}

TEST_P(UmapModels, StartFromGivenPositions) {
  const Matrix<float> start = grouped_rows(n_train, 3);
  const UmapOptions still{.n_components = 6, .n_epochs = 0};
  const auto placed = UmapModel::fit(grouped_rows(n_train, 1), start.view(), {}, still,
                                     {.method = GetParam()}, run);
  ASSERT_TRUE(placed) << to_string(placed.error());
  EXPECT_TRUE(same_bits(placed->layout().coords.view(), start.view()));
  EXPECT_FALSE(placed->layout().is_spectral);
  const auto narrow_start =
      UmapModel::fit(grouped_rows(n_train, 1), start.view(), {}, {}, {.method = GetParam()}, run);
  ASSERT_FALSE(narrow_start);
  EXPECT_THAT(to_string(narrow_start.error()), HasSubstr("expected 300 x 2 positions"));
}

INSTANTIATE_TEST_SUITE_P(Searches, UmapModels,
                         ::testing::Values(NeighborMethod::exact, NeighborMethod::approximate),
                         [](const auto& method) { return std::string(enum_name(method.param)); });

TEST(UmapModel, IsTheLayoutOfUmapWhereTheSearchIsExact) {
  const Matrix<float> x = grouped_rows(n_train, 1);
  RunContext run;
  const UmapOptions options{.n_epochs = 40};
  const auto model = UmapModel::fit(grouped_rows(n_train, 1), {}, options, {}, run);
  const auto plain = umap(x.view(), options, run);
  ASSERT_TRUE(model && plain);
  EXPECT_TRUE(same_bits(model->layout().coords.view(), plain->coords.view()));
}

TEST(UmapModel, PlacesRowsAmongTheClassesItLearned) {
  std::vector<std::int32_t> labels(n_train);
  for (std::size_t i = 0; i < n_train; ++i) labels[i] = static_cast<std::int32_t>(i % 3);
  RunContext run;
  const auto model = UmapModel::fit(grouped_rows(n_train, 1), {.labels = labels}, {}, {}, run);
  ASSERT_TRUE(model) << to_string(model.error());
  const auto placed = model->transform(grouped_rows(n_new, 2).view(), run);
  ASSERT_TRUE(placed);
  const Matrix<float>& coords = model->layout().coords;
  for (std::size_t r = 0; r < n_new; ++r) {
    std::size_t nearest = 0;
    float best = std::numeric_limits<float>::max();
    for (std::size_t t = 0; t < n_train; ++t) {
      const float dx = (*placed)[r, 0] - coords[t, 0];
      const float dy = (*placed)[r, 1] - coords[t, 1];
      if (dx * dx + dy * dy >= best) continue;
      best = dx * dx + dy * dy;
      nearest = t;
    }
    EXPECT_EQ(nearest % 3, r % 3) << r;
  }
}

TEST(UmapModel, WorksWithFewerRowsThanNeighbors) {
  RunContext run;
  const auto model = UmapModel::fit(grouped_rows(4, 1), {}, {}, {}, run);
  ASSERT_TRUE(model) << to_string(model.error());
  const auto placed = model->transform(grouped_rows(3, 2).view(), run);
  ASSERT_TRUE(placed) << to_string(placed.error());
  EXPECT_EQ(placed->rows(), 3U);
  const auto single = UmapModel::fit(grouped_rows(1, 1), {}, {}, {}, run);
  ASSERT_FALSE(single);
  EXPECT_THAT(to_string(single.error()), HasSubstr("at least 2 rows"));
}

TEST(UmapModel, SaysWhatIsWrongWithAFile) {
  const fs::path path = fs::temp_directory_path() / "tg_umap_model_broken";
  RunContext run;
  const auto none = UmapModel::load(path, run);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::not_found);
  const auto model = UmapModel::fit(grouped_rows(20, 1), {}, {.n_epochs = 5}, {}, run);
  ASSERT_TRUE(model);
  ASSERT_TRUE(model->save(path));
  std::string bytes = slurp(path);
  bytes.replace(bytes.find("topograph-umap-1"), 16, "topograph-umap-9");
  std::ofstream(path, std::ios::binary) << bytes;
  const auto other = UmapModel::load(path, run);
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::schema);
  EXPECT_THAT(to_string(other.error()), HasSubstr("topograph-umap-9"));
  std::ofstream(path, std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  EXPECT_FALSE(UmapModel::load(path, run));
  fs::remove(path);
}

}  // namespace
}  // namespace topograph

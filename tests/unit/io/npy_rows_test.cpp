#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/io/npy.hpp"
#include "unit/io/temporary_folder.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;
using ::topograph::testing::TemporaryFolder;

Matrix<float> counting(std::size_t rows, std::size_t cols) {
  Matrix<float> matrix(rows, cols);
  for (std::size_t i = 0; i < matrix.size(); ++i) matrix.data()[i] = static_cast<float>(i) * 0.5F;
  return matrix;
}

std::string write(const TemporaryFolder& folder, const Matrix<float>& matrix, NpyType type) {
  const std::string path = folder.path("x.npy");
  auto file = AtomicFile::create(path).value();
  auto writer = NpyWriter::begin(std::move(file), matrix.cols(), type).value();
  EXPECT_TRUE(writer.append(matrix.view()));
  EXPECT_TRUE(writer.commit());
  return path;
}

TEST(NpyRows, ReadsRowsInTheOrderAskedForAndAgain) {
  const TemporaryFolder folder;
  const Matrix<float> matrix = counting(3000, 5);
  for (const NpyType type : {NpyType::f32, NpyType::f16}) {
    const auto rows = NpyRows::open(write(folder, matrix, type), 3000).value();
    EXPECT_EQ(rows->cols(), 5U);
    const std::vector<std::int64_t> ids{2999, 0, 7, 7, 1500};
    for (int again = 0; again < 2; ++again) {  // what was given back is read once more
      Matrix<float> out(ids.size(), 5);
      ASSERT_TRUE(rows->read(ids, out.view()));
      for (std::size_t i = 0; i < ids.size(); ++i) {
        for (std::size_t c = 0; c < 5; ++c) {
          const float want = matrix[static_cast<std::size_t>(ids[i]), c];
          EXPECT_EQ((out[i, c]), type == NpyType::f32 ? want : half_to_float(float_to_half(want)));
        }
      }
    }
  }
}

TEST(NpyRows, ShowsRowsAsTheyLieInTheFile) {
  const TemporaryFolder folder;
  const Matrix<float> matrix = counting(40, 3);
  const auto floats = NpyRows::open(write(folder, matrix, NpyType::f32), {}).value();
  const RowsView view = floats->view().value();
  ASSERT_FALSE(view.is_half());
  EXPECT_EQ((view.floats()[39, 2]), (matrix[39, 2]));
  const auto halves = NpyRows::open(write(folder, matrix, NpyType::f16), {}).value();
  ASSERT_TRUE(halves->view().value().is_half());
  EXPECT_EQ(half_to_float(halves->view()->halves()[39, 2]), (matrix[39, 2]));
}

TEST(NpyRows, NamesTheValueThatIsNotFinite) {
  const TemporaryFolder folder;
  Matrix<float> matrix = counting(40, 3);
  matrix[17, 1] = std::numeric_limits<float>::infinity();
  const auto rows = NpyRows::open(write(folder, matrix, NpyType::f32), {}).value();
  const std::vector<std::int64_t> ids{16, 17};
  Matrix<float> out(2, 3);
  const auto read = rows->read(ids, out.view());
  ASSERT_FALSE(read);
  EXPECT_THAT(to_string(read.error()), HasSubstr("an infinite value in row 17, column 1"));
}

TEST(NpyRows, RefusesWhatReadNpyRefuses) {
  const TemporaryFolder folder;
  EXPECT_EQ(NpyRows::open(folder.path("none.npy"), {}).error().code, ErrorCode::not_found);
  const auto rows = NpyRows::open(write(folder, counting(4, 2), NpyType::f32), 5);
  EXPECT_THAT(to_string(rows.error()), HasSubstr("expected 5 rows"));
}

}  // namespace
}  // namespace topograph

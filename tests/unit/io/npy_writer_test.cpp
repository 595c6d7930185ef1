#include <gmock/gmock.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "topograph/io/npy.hpp"
#include "unit/io/temporary_folder.hpp"

namespace topograph {
namespace {

using testing::file_bytes;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TemporaryFolder;

Matrix<float> numbered(std::size_t rows, std::size_t cols) {
  Matrix<float> matrix(rows, cols);
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    matrix.data()[i] = static_cast<float>(i) / 8 - 3;
  }
  return matrix;
}

NpyWriter begin(const std::string& path, std::size_t cols, NpyType type = NpyType::f32) {
  auto file = AtomicFile::create(path);
  EXPECT_TRUE(file) << to_string(file.error());
  auto writer = NpyWriter::begin(*std::move(file), cols, type);
  EXPECT_TRUE(writer) << to_string(writer.error());
  return *std::move(writer);
}

TEST(NpyWriter, BlocksOfAnySizeGiveTheFileOfOneBlock) {
  const TemporaryFolder folder;
  const Matrix<float> matrix = numbered(11, 3);
  ASSERT_TRUE(write_npy(folder.path("whole.npy"), matrix.view()));
  for (const std::size_t step : {1U, 2U, 4U, 11U}) {
    NpyWriter writer = begin(folder.path("parts.npy"), 3);
    for (std::size_t row = 0; row < 11; row += step) {
      ASSERT_TRUE(writer.append(matrix.view().rows(row, std::min<std::size_t>(11, row + step))));
    }
    EXPECT_EQ(writer.rows(), 11U);
    ASSERT_TRUE(writer.commit());
    EXPECT_EQ(file_bytes(folder.path("parts.npy")), file_bytes(folder.path("whole.npy")));
  }
}

TEST(NpyWriter, WritesTheHeaderOfNumpy) {
  const TemporaryFolder folder;
  NpyWriter writer = begin(folder.path("x.npy"), 3);
  ASSERT_TRUE(writer.append(numbered(2, 3).view()));
  ASSERT_TRUE(writer.commit());
  const std::string bytes = file_bytes(folder.path("x.npy"));
  EXPECT_THAT(bytes, StartsWith(std::string("\x93NUMPY\x01\x00", 8)));
  EXPECT_THAT(bytes.substr(0, 128), HasSubstr("'descr': '<f4', 'fortran_order': False"));
  EXPECT_THAT(bytes.substr(0, 128), HasSubstr("'shape': (2, 3)"));
  EXPECT_EQ(bytes.size(), 128U + 2 * 3 * 4);
}

TEST(NpyWriter, WritesRowsThatLieApart) {
  const TemporaryFolder folder;
  const Matrix<float> wide = numbered(4, 5);
  const MatrixView<const float> narrow(wide.data(), 4, 2, 5);
  NpyWriter writer = begin(folder.path("x.npy"), 2);
  ASSERT_TRUE(writer.append(narrow));
  ASSERT_TRUE(writer.commit());
  RunContext run({.threads = 1});
  const auto read = read_npy(folder.path("x.npy"), 4, run);
  ASSERT_TRUE(read) << to_string(read.error());
  for (std::size_t r = 0; r < 4; ++r) {
    EXPECT_EQ(read->row(r)[0], wide.row(r)[0]);
    EXPECT_EQ(read->row(r)[1], wide.row(r)[1]);
  }
}

TEST(NpyWriter, RoundsHalvesToTheNearestEven) {
  const TemporaryFolder folder;
  Matrix<float> matrix(1, 4);
  const std::vector<float> values{1.0F, 1.0F + 0x1p-11F, 1.0F + 3 * 0x1p-11F, -65504.0F};
  std::ranges::copy(values, matrix.data());
  NpyWriter writer = begin(folder.path("x.npy"), 4, NpyType::f16);
  ASSERT_TRUE(writer.append(matrix.view()));
  ASSERT_TRUE(writer.commit());
  EXPECT_EQ(file_bytes(folder.path("x.npy")).size(), 128U + 4 * 2);
  RunContext run({.threads = 1});
  const auto read = read_npy(folder.path("x.npy"), 1, run);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->row(0)[0], 1.0F);
  EXPECT_EQ(read->row(0)[1], 1.0F);
  EXPECT_EQ(read->row(0)[2], 1.0F + 0x1p-9F);
  EXPECT_EQ(read->row(0)[3], -65504.0F);
}

TEST(NpyWriter, RefusesNumbersTooLargeForHalvesWithTheWayOut) {
  const TemporaryFolder folder;
  Matrix<float> matrix(1, 1);
  matrix.data()[0] = 70000;
  NpyWriter writer = begin(folder.path("x.npy"), 1, NpyType::f16);
  const auto done = writer.append(matrix.view());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::unsupported);
  EXPECT_EQ(done.error().subject, Subject::output);
  EXPECT_THAT(to_string(done.error()), HasSubstr("70000"));
  EXPECT_THAT(to_string(done.error()), HasSubstr("--dtype f32"));
}

TEST(NpyWriter, LeavesNothingWithoutCommit) {
  const TemporaryFolder folder;
  {
    NpyWriter writer = begin(folder.path("x.npy"), 3);
    ASSERT_TRUE(writer.append(numbered(2, 3).view()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(NpyWriter, AMatrixWithoutRowsIsAFileOfNoRows) {
  const TemporaryFolder folder;
  NpyWriter writer = begin(folder.path("x.npy"), 5);
  ASSERT_TRUE(writer.commit());
  EXPECT_THAT(file_bytes(folder.path("x.npy")), HasSubstr("'shape': (0, 5)"));
}

TEST(NpyWriter, AFullDiskIsAnOutputErrorThatNamesTheFile) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "skipped: no /dev/full";
  const TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/full", folder.path("temporary"));
  auto file = AtomicFile::create(folder.path("x.npy"), folder.path("temporary"));
  ASSERT_TRUE(file) << to_string(file.error());
  auto writer = NpyWriter::begin(*std::move(file), 3, NpyType::f32);
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().subject, Subject::output);
  EXPECT_THAT(to_string(writer.error()), HasSubstr("x.npy"));
  EXPECT_FALSE(std::filesystem::exists(folder.path("x.npy")));
}

}  // namespace
}  // namespace topograph

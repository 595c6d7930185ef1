#include "topograph/io/npy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "unit/io/temporary_folder.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;
using ::topograph::testing::file_bytes;
using ::topograph::testing::TemporaryFolder;

class Npy : public ::testing::Test {
 protected:
  Result<Matrix<float>> read(const std::string& path, std::optional<std::size_t> rows = {}) {
    return read_npy(path, rows, run_);
  }
  /// The error that reading these bytes gives; its place is always the file.
  Error failure(const std::string& bytes, std::optional<std::size_t> rows = {}) {
    const std::string path = folder_.write("x.npy", bytes);
    const auto matrix = read(path, rows);
    EXPECT_FALSE(matrix);
    if (matrix) return {};
    EXPECT_EQ(matrix.error().where, path);
    EXPECT_EQ(matrix.error().subject, Subject::input);
    return matrix.error();
  }
  static std::string with_header(const std::string& dictionary, const std::string& data) {
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(dictionary.size());
    bytes += '\0';
    return bytes + dictionary + data;
  }

  TemporaryFolder folder_ = {};
  RunContext run_{RunSettings{.threads = 2}};
};

Matrix<float> counting(std::size_t rows, std::size_t cols) {
  Matrix<float> matrix(rows, cols);
  for (std::size_t i = 0; i < matrix.size(); ++i) matrix.data()[i] = static_cast<float>(i) * 0.5F;
  return matrix;
}

TEST_F(Npy, WrittenMatrixComesBack) {
  const Matrix<float> matrix = counting(7, 3);
  ASSERT_TRUE(write_npy(folder_.path("x.npy"), matrix.view()));
  const auto back = read(folder_.path("x.npy"), 7);
  ASSERT_TRUE(back) << to_string(back.error());
  ASSERT_EQ(back->rows(), 7U);
  for (std::size_t i = 0; i < matrix.size(); ++i) EXPECT_EQ(back->data()[i], matrix.data()[i]);
}

TEST_F(Npy, ViewWithAStrideIsWrittenTightly) {
  const Matrix<float> matrix = counting(4, 5);
  const MatrixView<const float> left(matrix.data(), 4, 2, 5);
  ASSERT_TRUE(write_npy(folder_.path("x.npy"), left));
  const auto back = read(folder_.path("x.npy"));
  ASSERT_TRUE(back) << to_string(back.error());
  for (std::size_t r = 0; r < 4; ++r) {
    EXPECT_EQ(((*back)[r, 0]), (matrix[r, 0]));
    EXPECT_EQ(((*back)[r, 1]), (matrix[r, 1]));
  }
}

TEST_F(Npy, ValuesBeginOnA64ByteBoundary) {
  ASSERT_TRUE(write_npy(folder_.path("x.npy"), counting(2, 2).view()));
  EXPECT_EQ(file_bytes(folder_.path("x.npy")).size() % 64, 16U);
}

TEST_F(Npy, MatrixWithoutRowsComesBack) {
  ASSERT_TRUE(write_npy(folder_.path("x.npy"), Matrix<float>(0, 4).view()));
  const auto back = read(folder_.path("x.npy"), 0);
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->rows(), 0U);
}

TEST_F(Npy, MissingFileIsNotFound) {
  const auto matrix = read(folder_.path("absent.npy"));
  ASSERT_FALSE(matrix);
  EXPECT_EQ(matrix.error().code, ErrorCode::not_found);
  EXPECT_EQ(matrix.error().where, folder_.path("absent.npy"));
}

TEST_F(Npy, FolderIsAnError) { EXPECT_EQ(read(folder_.path()).error().code, ErrorCode::io); }

TEST_F(Npy, AnotherNumberOfRowsNamesBothNumbers) {
  ASSERT_TRUE(write_npy(folder_.path("y.npy"), counting(3, 2).view()));
  const Error error = failure(file_bytes(folder_.path("y.npy")), 4);
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_EQ(error.message, "expected 4 rows, one for each document, found 3 (shape (3, 2))");
}

TEST_F(Npy, NanIsNamedByRowAndColumn) {
  Matrix<float> matrix = counting(3000, 2);
  matrix[2999, 0] = std::numeric_limits<float>::quiet_NaN();
  matrix[2100, 1] = -std::numeric_limits<float>::infinity();
  ASSERT_TRUE(write_npy(folder_.path("y.npy"), matrix.view()));
  const Error error = failure(file_bytes(folder_.path("y.npy")));
  EXPECT_EQ(error.message,
            "expected finite numbers, found an infinite value in row 2100, column 1");
}

TEST_F(Npy, NumberTooLargeForFloat32IsNamed) {
  const double value = 1e300;
  const Error error =
      failure(with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1)}",
                          std::string(reinterpret_cast<const char*>(&value), sizeof(value))));
  EXPECT_THAT(error.message, HasSubstr("1e+300 (too large for float32) in row 0, column 0"));
}

TEST_F(Npy, TruncatedDataTellsBothSizes) {
  ASSERT_TRUE(write_npy(folder_.path("y.npy"), counting(3, 2).view()));
  std::string bytes = file_bytes(folder_.path("y.npy"));
  bytes.resize(bytes.size() - 1);
  const Error error = failure(bytes);
  EXPECT_EQ(error.message, "expected 3 rows of 2 values of 4 bytes, found 23 bytes");
  EXPECT_EQ(error.hint, "was the file cut short?");
}

TEST_F(Npy, BytesAfterTheMatrixAreAnError) {
  ASSERT_TRUE(write_npy(folder_.path("y.npy"), counting(3, 2).view()));
  const Error error = failure(file_bytes(folder_.path("y.npy")) + std::string(8, 'x'));
  EXPECT_EQ(error.hint, "the file holds more than one array");
}

TEST_F(Npy, ShapeThatCannotBeMultipliedIsTruncatedData) {
  const Error error = failure(with_header(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}", "abcd"));
  EXPECT_THAT(error.message, HasSubstr("found 4 bytes"));
}

TEST_F(Npy, OtherFilesAreToldApart) {
  EXPECT_THAT(failure("").message, HasSubstr("found an empty file"));
  EXPECT_THAT(failure("text,id\n").message, HasSubstr("expected a NumPy file"));
  EXPECT_THAT(failure("PK\x03\x04 zip").hint, HasSubstr(".npz"));
  EXPECT_THAT(failure("\x93NUMPY").message, HasSubstr("cut short"));
  EXPECT_THAT(failure(std::string("\x93NUMPY\x01\x00\xFF\x00{", 11)).message,
              HasSubstr("cut short"));
  EXPECT_THAT(failure(std::string("\x93NUMPY\x04\x00\x02\x00{}", 12)).message,
              HasSubstr("found 4.0"));
}

TEST_F(Npy, HeaderIsReadStrictly) {
  const auto message = [&](const std::string& dictionary) {
    return failure(with_header(dictionary, "abcd")).message;
  };
  EXPECT_THAT(message("{'descr': '<f4', 'shape': (1, 1)}"), HasSubstr("lacks one of"));
  EXPECT_THAT(message("{'descr': '<f4', 'fortran_order': 0, 'shape': (1, 1)}"),
              HasSubstr("expected True or False, found `0, 'shape': `"));
  EXPECT_THAT(message("{'descr': '<f4', 'fortran_order': False, 'shape': (1, -1)}"),
              HasSubstr("expected a number of rows or columns"));
  EXPECT_THAT(message("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1), 'x': 1}"),
              HasSubstr("unexpected header entry 'x'"));
  EXPECT_THAT(message("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1)} x"),
              HasSubstr("expected the end of the header"));
  EXPECT_THAT(message("{'descr': '<f4', 'descr': '<f4'}"), HasSubstr("unexpected header entry"));
  EXPECT_THAT(message("{'descr': '<f4"), HasSubstr("expected a closing quote"));
  EXPECT_THAT(message("{"), HasSubstr("found its end"));
}

TEST_F(Npy, OtherShapesAreTold) {
  const auto message = [&](const std::string& shape) {
    return failure(
               with_header("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + "}", ""))
        .message;
  };
  EXPECT_THAT(message("(4,)"), HasSubstr("found the shape (4,)"));
  EXPECT_THAT(message("()"), HasSubstr("found the shape ()"));
  EXPECT_THAT(message("(2, 3, 4)"), HasSubstr("found the shape (2, 3, 4)"));
  EXPECT_THAT(message("(2, 0)"), HasSubstr("at least one column"));
}

TEST_F(Npy, OtherTypesAreTold) {
  const std::string golden = std::string(TG_TEST_DATA) + "/io/";
  EXPECT_THAT(failure(file_bytes(golden + "matrix_int.npy")).message, HasSubstr("'<i8'"));
  EXPECT_THAT(failure(file_bytes(golden + "matrix_big_endian.npy")).message, HasSubstr("'>f4'"));
  EXPECT_THAT(failure(file_bytes(golden + "structured.npy")).message,
              HasSubstr("structured array"));
  EXPECT_THAT(failure(file_bytes(golden + "matrix_nan.npy")).message,
              HasSubstr("found NaN in row 3, column 1"));
}

TEST_F(Npy, StoppedRunReadsNothing) {
  std::stop_source stop;
  stop.request_stop();
  RunContext run({.threads = 1, .stop = stop.get_token()});
  ASSERT_TRUE(write_npy(folder_.path("x.npy"), counting(3, 2).view()));
  const auto matrix = read_npy(folder_.path("x.npy"), {}, run);
  ASSERT_FALSE(matrix);
  EXPECT_EQ(matrix.error().code, ErrorCode::cancelled);
}

TEST_F(Npy, UnwritableFolderLeavesNothingBehind) {
  const auto written = write_npy(folder_.path("absent/x.npy"), counting(1, 1).view());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().subject, Subject::output);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST(NpyRows, GiveAnyRowsAsTheWholeFileDoes) {
  RunContext run;
  for (const char* name : {"matrix_f2", "matrix_f4", "matrix_f4_fortran", "matrix_f8"}) {
    const std::string path = std::string(TG_TEST_DATA) + "/io/" + name + ".npy";
    const auto all = read_npy(path, {}, run);
    const auto rows = NpyRows::open(path);
    ASSERT_TRUE(all && rows) << name;
    ASSERT_EQ((*rows)->rows(), all->rows());
    const std::vector<std::int64_t> ids = {static_cast<std::int64_t>(all->rows()) - 1, 0, 0};
    Matrix<float> out(3, (*rows)->cols());
    ASSERT_TRUE((*rows)->read(ids, out.view()));
    for (std::size_t i = 0; i < ids.size(); ++i) {
      for (std::size_t c = 0; c < out.cols(); ++c) {
        EXPECT_EQ((out[i, c]), ((*all)[static_cast<std::size_t>(ids[i]), c])) << name;
      }
    }
  }
}

TEST(NpyRows, NameWhatIsWrongWithAFileAndWithARow) {
  RunContext run;
  const std::string folder = std::string(TG_TEST_DATA) + "/io/";
  EXPECT_EQ(NpyRows::open(folder + "vector.npy").error().code, ErrorCode::parse);
  EXPECT_EQ(NpyRows::open(folder + "none.npy").error().code, ErrorCode::not_found);
  const auto rows = NpyRows::open(folder + "matrix_nan.npy");
  ASSERT_TRUE(rows);
  std::vector<std::int64_t> ids((*rows)->rows());
  std::iota(ids.begin(), ids.end(), 0);
  Matrix<float> out(ids.size(), (*rows)->cols());
  const auto read = (*rows)->read(ids, out.view());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, read_npy(folder + "matrix_nan.npy", {}, run).error().message);
}

}  // namespace
}  // namespace topograph

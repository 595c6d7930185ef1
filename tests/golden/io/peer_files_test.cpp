#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "topograph/io/npy.hpp"
#include "topograph/io/read_documents.hpp"
#include "unit/io/temporary_folder.hpp"

namespace topograph {
namespace {

std::string data(const std::string& name) { return std::string(TG_TEST_DATA) + "/io/" + name; }

Result<DocumentTable> read(const std::string& path, const ReadOptions& options = {}) {
  RunContext run({.threads = 2});
  const std::vector inputs{path};
  return read_documents(inputs, options, run);
}

class NumpyFile : public ::testing::TestWithParam<std::string> {};

TEST_P(NumpyFile, HoldsTheMatrixThatNumpySaved) {
  RunContext run({.threads = 2});
  const auto matrix = read_npy(data(GetParam()), 5, run);
  ASSERT_TRUE(matrix) << to_string(matrix.error());
  ASSERT_EQ(matrix->rows(), 5U);
  ASSERT_EQ(matrix->cols(), 3U);
  for (std::size_t i = 0; i < 15; ++i) {
    const float expected = (static_cast<float>(i) - 7.0F) / 4.0F;
    EXPECT_EQ(((*matrix)[i / 3, i % 3]), expected) << "value " << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Types, NumpyFile,
                         ::testing::Values("matrix_f4.npy", "matrix_f8.npy", "matrix_f2.npy",
                                           "matrix_f4_fortran.npy", "matrix_v2.npy",
                                           "matrix_v3.npy"));

TEST(NumpyFile, OurBytesEqualNumpysBytes) {
  RunContext run({.threads = 1});
  const auto matrix = read_npy(data("matrix_f4.npy"), {}, run);
  ASSERT_TRUE(matrix);
  const testing::TemporaryFolder folder;
  const auto written = write_npy(folder.path("x.npy"), matrix->view());
  ASSERT_TRUE(written) << to_string(written.error());
  EXPECT_EQ(testing::file_bytes(folder.path("x.npy")), testing::file_bytes(data("matrix_f4.npy")));
}

class ArrowFile : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    auto read_table = read(data(GetParam()));
    ASSERT_TRUE(read_table) << to_string(read_table.error());
    documents_ = *std::move(read_table);
  }
  const Column& column(const std::string& name) {
    return documents_.columns.columns.at(documents_.columns.find(name).value());
  }
  /// Cells as text, missing ones as "-".
  std::vector<std::string> cells(const std::string& name) {
    std::vector<std::string> out;
    const Column& c = column(name);
    for (std::size_t row = 0; row < c.size(); ++row) {
      out.push_back(c.is_valid(row) ? cell_text(c, row) : "-");
    }
    return out;
  }
  template <class T>
  bool has_type(const std::string& name) {
    return std::holds_alternative<T>(column(name).values);
  }

  DocumentTable documents_ = {};
};

using Cells = std::vector<std::string>;

TEST_P(ArrowFile, TextOfEveryKindIsText) {
  EXPECT_EQ(cells("text"), (Cells{"zebra", "-", "naïve café 😀", ""}));
  EXPECT_EQ(cells("large"), (Cells{"a", "b", "-", "d"}));
  EXPECT_EQ(cells("view"), (Cells{"kurz", "a longer text than twelve bytes", "-", ""}));
  EXPECT_EQ(cells("category"), (Cells{"x", "y", "-", "x"}));
  EXPECT_TRUE(has_type<TextColumn>("category"));
}

TEST_P(ArrowFile, MissingTextIsABlankDocument) {
  ASSERT_EQ(documents_.size(), 4U);
  EXPECT_EQ(documents_.text[1], "");
  EXPECT_EQ(documents_.text[2], "naïve café 😀");
  EXPECT_EQ(documents_.n_invalid_utf8, 0);
}

TEST_P(ArrowFile, NumbersKeepTheirTypeAndValue) {
  EXPECT_TRUE(has_type<std::vector<std::int32_t>>("i8"));
  EXPECT_EQ(cells("i8"), (Cells{"-128", "0", "127", "-"}));
  EXPECT_EQ(cells("u16"), (Cells{"0", "65535", "-", "1"}));
  EXPECT_EQ(cells("i32"), (Cells{"-2147483648", "2147483647", "0", "-"}));
  EXPECT_TRUE(has_type<std::vector<std::int64_t>>("u32"));
  EXPECT_EQ(cells("u32"), (Cells{"0", "4294967295", "-", "1"}));
  EXPECT_EQ(cells("i64"), (Cells{"-9223372036854775808", "9223372036854775807", "-", "0"}));
  EXPECT_TRUE(has_type<std::vector<std::int64_t>>("u64_small"));
  EXPECT_EQ(cells("u64_large"), (Cells{"18446744073709551615", "1", "2", "-"}));
  EXPECT_TRUE(has_type<std::vector<float>>("f16"));
  EXPECT_EQ(cells("f16"), (Cells{"0.5", "-2", "65504", "0"}));
  EXPECT_EQ(cells("f32"), (Cells{"0.1", "-", "-1.5", "3e+38"}));
  EXPECT_TRUE(has_type<std::vector<double>>("f64"));
  EXPECT_EQ(cells("f64"), (Cells{"0.1", "-", "-1e+300", "3"}));
  EXPECT_TRUE(has_type<std::vector<std::uint8_t>>("flag"));
  EXPECT_EQ(cells("flag"), (Cells{"true", "false", "-", "true"}));
}

TEST_P(ArrowFile, DatesAndTimesBecomeTimestamps) {
  EXPECT_TRUE(has_type<std::vector<Timestamp>>("date"));
  EXPECT_EQ(cells("date"), (Cells{"2024-02-29", "1969-12-31", "-", "1970-01-01"}));
  EXPECT_EQ(cells("time_s"),
            (Cells{"2024-02-29T12:30:15Z", "-", "2024-02-29T12:30:15Z", "2024-02-29T12:30:15Z"}));
  EXPECT_EQ(cells("time_ns"),
            (Cells{"1969-12-31T23:59:59.999999Z", "-", "2024-02-29T12:30:15.250000Z",
                   "2024-02-29T12:30:15.250000Z"}));
}

TEST_P(ArrowFile, OtherTypesTravelAsText) {
  EXPECT_EQ(cells("decimal"), (Cells{"-", "1.50", "-2.25", "0.00"}));
  EXPECT_EQ(cells("list"), (Cells{"[1,2]", "-", "[]", "[3]"}));
  EXPECT_EQ(cells("record"), (Cells{"{\"a\":1,\"b\":[\"x \\\"q\\\"\"]}", "-",
                                    "{\"a\":null,\"b\":null}", "{\"a\":0.5,\"b\":[]}"}));
  EXPECT_EQ(cells("nothing"), (Cells{"-", "-", "-", "-"}));
}

INSTANTIATE_TEST_SUITE_P(Formats, ArrowFile, ::testing::Values("typed.parquet", "typed.feather"));

TEST(ArrowFile, BytesThatAreNotUtf8AreReplacedOrAnError) {
  const auto replaced = read(data("latin1.parquet"));
  ASSERT_TRUE(replaced) << to_string(replaced.error());
  EXPECT_EQ(replaced->text[1], "caf\uFFFD");
  EXPECT_EQ(replaced->n_invalid_utf8, 1);
  const auto strict = read(data("latin1.parquet"), {.strict = true});
  ASSERT_FALSE(strict);
  EXPECT_TRUE(strict.error().where.ends_with("latin1.parquet: row 2")) << strict.error().where;
}

TEST(ArrowFile, WithoutRowsIsNoInput) {
  const auto documents = read(data("no_rows.parquet"));
  ASSERT_FALSE(documents);
  EXPECT_EQ(documents.error().message, "expected at least one document, found none");
}

class CompressedFile : public ::testing::TestWithParam<std::string> {};

TEST_P(CompressedFile, IsReadLikeThePlainOne) {
  const auto documents = read(data(GetParam()));
  ASSERT_TRUE(documents) << to_string(documents.error());
  ASSERT_EQ(documents->size(), 2U);
  EXPECT_EQ(documents->text[0], "first");
  EXPECT_EQ(documents->text[1], "second, with comma");
}

INSTANTIATE_TEST_SUITE_P(Codecs, CompressedFile,
                         ::testing::Values("rows.csv.gz", "rows.csv.zst", "two_members.csv.gz"));

TEST(InvalidUtf8, IsReplacedAsPythonReplacesIt) {
  std::ifstream file(data("invalid_utf8.json"));
  const auto samples = nlohmann::json::parse(file);
  ASSERT_GT(samples.size(), 10U);
  const testing::TemporaryFolder folder;
  for (const auto& sample : samples) {
    const std::string hex = sample["hex"];
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    const auto documents = read(folder.write("a.txt", bytes + "\nnext\n"));
    ASSERT_TRUE(documents) << to_string(documents.error());
    const std::string expected = sample["replaced"];
    EXPECT_EQ(documents->text[0], expected) << hex;
    EXPECT_EQ(documents->text[1], "next");
    EXPECT_EQ(documents->n_invalid_utf8, bytes == expected ? 0 : 1) << hex;
  }
}

}  // namespace
}  // namespace topograph

#include "topograph/io/table_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <limits>
#include <sstream>
#include <string>

#include "topograph/io/read_documents.hpp"
#include "unit/io/temporary_folder.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;
using ::topograph::testing::file_bytes;
using ::topograph::testing::TemporaryFolder;

Column text_column(std::string name, std::initializer_list<std::string_view> texts,
                   std::vector<std::uint8_t> valid = {}) {
  TextColumn column;
  for (const std::string_view text : texts) column.push_back(text);
  return {.name = std::move(name), .values = std::move(column), .valid = std::move(valid)};
}

ColumnTable every_type() {
  constexpr auto largest = std::numeric_limits<std::int64_t>::max();
  ColumnTable table;
  table.columns = {
      text_column("text", {"plain", "with, comma", "two\nlines \"quoted\""}),
      text_column("maybe", {"", "x", ""}, {0, 1, 1}),
      {.name = "i32", .values = std::vector<std::int32_t>{-1, 0, 2147483647}},
      {.name = "i64", .values = std::vector<std::int64_t>{1, largest, 0}, .valid = {1, 1, 0}},
      {.name = "f32", .values = std::vector<float>{0.1F, 1e-30F, -2.0F}},
      {.name = "f64", .values = std::vector<double>{0.1, 1.0 / 3.0, 5e-324}, .valid = {1, 0, 1}},
      {.name = "flag", .values = std::vector<std::uint8_t>{1, 0, 1}},
      {.name = "time", .values = std::vector<Timestamp>{{0}, {-1}, {1709209815250000}}},
  };
  table.columns[5].values = std::vector<double>{0.1, 0.0, 5e-324};
  return table;
}

class TableFile : public ::testing::Test {
 protected:
  Result<ColumnTable> read(const std::string& path) { return read_parquet(path, run_); }

  TemporaryFolder folder_ = {};
  RunContext run_{RunSettings{.threads = 2}};
};

TEST_F(TableFile, ParquetKeepsTypesValuesAndMissingValues) {
  const ColumnTable table = every_type();
  const auto written = write_parquet(folder_.path("t.parquet"), table);
  ASSERT_TRUE(written) << to_string(written.error());
  const auto back = read(folder_.path("t.parquet"));
  ASSERT_TRUE(back) << to_string(back.error());
  ASSERT_EQ(back->columns.size(), table.columns.size());
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    EXPECT_EQ(back->columns[c], table.columns[c]) << table.columns[c].name;
  }
}

TEST_F(TableFile, ParquetBytesDependOnTheTableOnly) {
  ASSERT_TRUE(write_parquet(folder_.path("a.parquet"), every_type()));
  ASSERT_TRUE(write_parquet(folder_.path("b.parquet"), every_type()));
  EXPECT_EQ(file_bytes(folder_.path("a.parquet")), file_bytes(folder_.path("b.parquet")));
}

TEST_F(TableFile, ParquetOfSeveralRowGroupsKeepsEveryRow) {
  TextColumn texts;
  std::vector<double> numbers;
  for (int i = 0; i < 300'000; ++i) {
    texts.push_back("row " + std::to_string(i));
    numbers.push_back(i * 0.25);
  }
  ColumnTable table;
  table.columns = {{.name = "text", .values = std::move(texts)},
                   {.name = "number", .values = std::move(numbers)}};
  ASSERT_TRUE(write_parquet(folder_.path("t.parquet"), table));
  const auto back = read(folder_.path("t.parquet"));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->columns, table.columns);
}

TEST_F(TableFile, ParquetWithoutRowsKeepsItsColumns) {
  ColumnTable table;
  table.columns = {text_column("text", {}), {.name = "n", .values = std::vector<float>{}}};
  ASSERT_TRUE(write_parquet(folder_.path("t.parquet"), table));
  const auto back = read(folder_.path("t.parquet"));
  ASSERT_TRUE(back) << to_string(back.error());
  EXPECT_EQ(back->columns, table.columns);
}

TEST_F(TableFile, DamagedParquetIsAModelError) {
  ASSERT_TRUE(write_parquet(folder_.path("t.parquet"), every_type()));
  const std::string bytes = file_bytes(folder_.path("t.parquet"));
  const std::string short_file = folder_.write("short.parquet", bytes.substr(0, bytes.size() / 2));
  for (const std::string& path : {short_file, folder_.write("empty.parquet", "")}) {
    const auto back = read(path);
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().code, ErrorCode::parse);
    EXPECT_EQ(back.error().subject, Subject::model);
    EXPECT_EQ(back.error().where, path);
  }
  EXPECT_EQ(read(folder_.path("absent.parquet")).error().code, ErrorCode::not_found);
}

TEST_F(TableFile, EveryFlippedByteOfAParquetFileIsReadOrRefused) {
  ASSERT_TRUE(write_parquet(folder_.path("t.parquet"), every_type()));
  const std::string bytes = file_bytes(folder_.path("t.parquet"));
  std::size_t n_refused = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x5A);
    const auto back = read(folder_.write("damaged.parquet", damaged));
    if (!back) {
      ++n_refused;
      EXPECT_EQ(back.error().subject, Subject::model);
    }
  }
  EXPECT_GT(n_refused, 0U);
}

TEST_F(TableFile, CsvQuotesWhatNeedsQuotes) {
  ASSERT_TRUE(write_table(folder_.path("t.csv"), every_type()));
  EXPECT_EQ(
      file_bytes(folder_.path("t.csv")),
      "text,maybe,i32,i64,f32,f64,flag,time\n"
      "plain,,-1,1,0.1,0.1,true,1970-01-01\n"
      "\"with, comma\",x,0,9223372036854775807,1e-30,,false,1969-12-31T23:59:59.999999Z\n"
      "\"two\nlines \"\"quoted\"\"\",,2147483647,,-2,5e-324,true,2024-02-29T12:30:15.250000Z\n");
}

TEST_F(TableFile, WrittenTextComesBackFromEveryFormat) {
  ColumnTable table;
  table.columns = {text_column("text", {"a,b\tc", "", "\"q\"", "l1\r\nl2", " spaced ", "日本語 😀",
                                        "\\ back \x01 control"}),
                   text_column("b", {"1", "2", "3", "4", "5", "6", "7"})};
  for (const std::string name : {"t.csv", "t.tsv", "t.jsonl", "t.parquet"}) {
    ASSERT_TRUE(write_table(folder_.path(name), table));
    const std::vector inputs{folder_.path(name)};
    const auto back = read_documents(inputs, {}, run_);
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_EQ(back->columns.columns, table.columns) << name;
  }
}

TEST_F(TableFile, BlankRowOfASingleColumnSurvivesCsv) {
  ColumnTable table;
  table.columns = {text_column("text", {"a", "", "b"})};
  ASSERT_TRUE(write_table(folder_.path("t.csv"), table));
  EXPECT_EQ(file_bytes(folder_.path("t.csv")), "text\na\n\"\"\nb\n");
}

TEST_F(TableFile, JsonLinesKeepTypesAndEscapeText) {
  ColumnTable table;
  table.columns = {
      text_column("text", {"say \"hi\"\n\x01", ""}, {1, 0}),
      {.name = "n", .values = std::vector<double>{std::nan(""), 0.1}},
      {.name = "flag", .values = std::vector<std::uint8_t>{1, 0}},
      {.name = "time", .values = std::vector<Timestamp>{{0}, {0}}, .valid = {1, 0}},
  };
  ASSERT_TRUE(write_table(folder_.path("t.jsonl"), table));
  EXPECT_EQ(file_bytes(folder_.path("t.jsonl")),
            "{\"text\": \"say \\\"hi\\\"\\n\\u0001\", \"n\": null, \"flag\": true, \"time\": "
            "\"1970-01-01\"}\n"
            "{\"text\": null, \"n\": 0.1, \"flag\": false, \"time\": null}\n");
}

TEST_F(TableFile, UnknownExtensionIsAnOptionError) {
  const auto written = write_table(folder_.path("t.xlsx"), every_type());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().subject, Subject::option);
  EXPECT_THAT(written.error().message, HasSubstr(".xlsx"));
}

TEST_F(TableFile, UnwritableFolderIsAnOutputErrorAndLeavesNothing) {
  for (const std::string name : {"absent/t.csv", "absent/t.parquet"}) {
    const auto written = write_table(folder_.path(name), every_type());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().subject, Subject::output);
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

/// Files may not grow beyond a size: writing fails as it does on a full disk.
class LimitedFileSize {
 public:
  explicit LimitedFileSize(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &saved_);
    const rlimit limit{bytes, saved_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  LimitedFileSize(const LimitedFileSize&) = delete;
  LimitedFileSize& operator=(const LimitedFileSize&) = delete;
  ~LimitedFileSize() {
    ::setrlimit(RLIMIT_FSIZE, &saved_);
    ::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit saved_ = {};
};

TEST_F(TableFile, WriteThatTheSystemRefusesIsAnOutputErrorAndLeavesNothing) {
  for (const std::string name : {"t.csv", "t.jsonl", "t.parquet"}) {
    const LimitedFileSize limit(64);
    const auto written = write_table(folder_.path(name), every_type());
    ASSERT_FALSE(written) << name;
    EXPECT_EQ(written.error().subject, Subject::output);
    EXPECT_THAT(written.error().message, HasSubstr("cannot write: File too large")) << name;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(TableFile, FolderInThePlaceOfTheFileIsAnOutputError) {
  std::filesystem::create_directory(folder_.path("t.csv"));
  const auto written = write_table(folder_.path("t.csv"), every_type());
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("found a folder"));
}

std::string printed(const ColumnTable& table, TableFormat format, int width) {
  std::ostringstream out;
  print_table(out, table, format, width);
  return out.str();
}

TEST(PrintTable, AlignsTextLeftAndNumbersRight) {
  ColumnTable table;
  table.columns = {{.name = "topic", .values = std::vector<std::int32_t>{-1, 0, 10}},
                   text_column("name", {"outliers", "fonts", "games"}),
                   {.name = "count", .values = std::vector<std::int64_t>{5, 120, 7}}};
  EXPECT_EQ(printed(table, TableFormat::table, 0),
            "topic  name      count\n"
            "──────────────────────\n"
            "   -1  outliers      5\n"
            "    0  fonts       120\n"
            "   10  games         7\n");
}

TEST(PrintTable, ShowsFourDigitsOfANumberAndWritesAllOfThem) {
  ColumnTable table;
  table.columns = {
      {.name = "a", .values = std::vector<double>{0.8932286109380135, 1, 1234.5678}},
      {.name = "b", .values = std::vector<float>{-7.3966923F, 0, 2}, .valid = {1, 1, 0}}};
  EXPECT_EQ(printed(table, TableFormat::table, 0),
            "     a       b\n"
            "──────────────\n"
            "0.8932  -7.397\n"
            "     1       0\n"
            "1234.6        \n");
  EXPECT_EQ(printed(table, TableFormat::csv, 0),
            "a,b\n0.8932286109380135,-7.3966923\n1,0\n1234.5678,\n");
}

TEST(PrintTable, CountsWideCharactersTwiceAndMarksNotAtAll) {
  ColumnTable table;
  table.columns = {text_column("text", {"日本", "e\u0301a", "👩\u200D💻", "☎\uFE0F"}),
                   text_column("b", {"x", "x", "x", "x"})};
  EXPECT_EQ(printed(table, TableFormat::table, 0),
            "text  b\n"
            "───────\n"
            "日本  x\n"
            "e\u0301a    x\n"
            "👩\u200D💻    x\n"
            "☎\uFE0F    x\n");
}

TEST(PrintTable, CutsTheWidestTextToFit) {
  ColumnTable table;
  table.columns = {{.name = "topic", .values = std::vector<std::int32_t>{123456}},
                   text_column("words", {"one two three four five six seven"}),
                   text_column("label", {"short"})};
  EXPECT_EQ(printed(table, TableFormat::table, 30),
            " topic  words            label\n"
            "──────────────────────────────\n"
            "123456  one two three …  short\n");
}

TEST(PrintTable, CutsWideCharactersWithoutSplittingThem) {
  ColumnTable table;
  table.columns = {text_column("t", {"日本語日本語"})};
  EXPECT_EQ(printed(table, TableFormat::table, 6), "t\n──────\n日本…\n");
}

TEST(PrintTable, KeepsControlCharactersOutOfTheTerminal) {
  ColumnTable table;
  table.columns = {text_column("t", {"a\n\tb\x1B[31m c"})};
  EXPECT_EQ(printed(table, TableFormat::table, 0), "t\n──────────\na b [31m c\n");
}

TEST(PrintTable, WritesCsvAndJson) {
  ColumnTable table;
  table.columns = {text_column("a", {"x,y", "z"}),
                   {.name = "b", .values = std::vector<float>{0.1F, 2.0F}}};
  EXPECT_EQ(printed(table, TableFormat::csv, 3), "a,b\n\"x,y\",0.1\nz,2\n");
  EXPECT_EQ(printed(table, TableFormat::json, 3),
            "[\n{\"a\": \"x,y\", \"b\": 0.1},\n{\"a\": \"z\", \"b\": 2}\n]\n");
}

TEST(PrintTable, WithoutRowsPrintsTheHeader) {
  ColumnTable table;
  table.columns = {text_column("a", {}), text_column("bc", {})};
  EXPECT_EQ(printed(table, TableFormat::table, 80), "a  bc\n─────\n");
  EXPECT_EQ(printed(table, TableFormat::csv, 80), "a,bc\n");
  EXPECT_EQ(printed(table, TableFormat::json, 80), "[]\n");
  EXPECT_EQ(printed({}, TableFormat::table, 80), "");
}

}  // namespace
}  // namespace topograph

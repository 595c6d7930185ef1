#include "topograph/io/read_documents.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "topograph/io/table_file.hpp"
#include "unit/io/temporary_folder.hpp"

namespace topograph {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::topograph::testing::file_bytes;
using ::topograph::testing::TemporaryFolder;
using Texts = std::vector<std::string>;

class ReadDocuments : public ::testing::Test {
 protected:
  Result<DocumentTable> read(const std::vector<std::string>& inputs,
                             const ReadOptions& options = {}) {
    return read_documents(inputs, options, run_);
  }
  Result<DocumentTable> read_bytes(const std::string& name, std::string_view bytes,
                                   const ReadOptions& options = {}) {
    return read({folder_.write(name, bytes)}, options);
  }
  /// The documents of a file that must be readable.
  Texts texts(const std::string& name, std::string_view bytes, const ReadOptions& options = {}) {
    const auto documents = read_bytes(name, bytes, options);
    EXPECT_TRUE(documents) << to_string(documents.error());
    if (!documents) return {};
    n_invalid_ = documents->n_invalid_utf8;
    return texts_of(*documents);
  }
  static Texts texts_of(const DocumentTable& documents) {
    Texts out;
    for (std::size_t i = 0; i < documents.size(); ++i) out.emplace_back(documents.text[i]);
    return out;
  }
  /// The message of reading these bytes, with the folder's name taken out of its place.
  std::string failure(const std::string& name, std::string_view bytes,
                      const ReadOptions& options = {}) {
    return failure_of({folder_.write(name, bytes)}, options);
  }
  std::string failure_of(const std::vector<std::string>& inputs, const ReadOptions& options = {}) {
    const auto documents = read(inputs, options);
    EXPECT_FALSE(documents);
    if (documents) return {};
    EXPECT_EQ(documents.error().subject, Subject::input);
    code_ = documents.error().code;
    std::string text = to_string(documents.error());
    const std::string prefix = folder_.path() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix)) {
      text.erase(at, prefix.size());
    }
    return text;
  }
  static std::vector<std::string> names(const DocumentTable& documents) {
    std::vector<std::string> out;
    for (const Column& column : documents.columns.columns) out.push_back(column.name);
    return out;
  }
  static Texts cells(const DocumentTable& documents, const std::string& name) {
    const Column& column = documents.columns.columns.at(documents.columns.find(name).value());
    Texts out;
    for (std::size_t row = 0; row < column.size(); ++row) {
      out.push_back(column.is_valid(row) ? cell_text(column, row) : "-");
    }
    return out;
  }

  TemporaryFolder folder_ = {};
  RunContext run_{RunSettings{.threads = 2}};
  ErrorCode code_ = ErrorCode::internal;
  std::int64_t n_invalid_ = 0;
};

// --- Delimited text ---------------------------------------------------------------------------

TEST_F(ReadDocuments, CsvKeepsEveryColumnAsWritten) {
  const auto documents = read_bytes("a.csv", "text,n,when\nhello,007,2020-01-02\n\"a,b\",1.50,\n");
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(names(*documents), ElementsAre("text", "n", "when"));
  EXPECT_THAT(cells(*documents, "n"), ElementsAre("007", "1.50"));
  EXPECT_THAT(cells(*documents, "when"), ElementsAre("2020-01-02", ""));
  EXPECT_THAT(texts_of(*documents), ElementsAre("hello", "a,b"));
}

TEST_F(ReadDocuments, CsvQuotesHoldDelimitersNewlinesAndQuotes) {
  EXPECT_THAT(texts("a.csv", "text,b\n\"one\ntwo, \"\"three\"\"\r\n\",1\n\"\",2\n5\" disk,3\n"),
              ElementsAre("one\ntwo, \"three\"\r\n", "", "5\" disk"));
}

TEST_F(ReadDocuments, CsvLinesMayEndInAnyUsualWay) {
  const Texts expected{"x", "y"};
  EXPECT_EQ(texts("lf.csv", "text,b\nx,1\ny,2\n"), expected);
  EXPECT_EQ(texts("crlf.csv", "text,b\r\nx,1\r\ny,2\r\n"), expected);
  EXPECT_EQ(texts("cr.csv", "text,b\rx,1\ry,2\r"), expected);
  EXPECT_EQ(texts("no_end.csv", "text,b\nx,1\ny,2"), expected);
  EXPECT_EQ(texts("empty_last.csv", "b,text\n1,x\n2,y"), expected);
  EXPECT_EQ(texts("trailing.csv", "text,b\nx,1\ny,"), expected);
}

TEST_F(ReadDocuments, CsvByteOrderMarkIsDropped) {
  const auto documents = read_bytes("a.csv", "\xEF\xBB\xBFtext,b\nx,1\n");
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(names(*documents), ElementsAre("text", "b"));
}

TEST_F(ReadDocuments, CsvEmptyLinesAreSkippedWhereTheyCannotBeRows) {
  EXPECT_THAT(texts("a.csv", "\ntext,b\n\nx,1\n\n\ny,2\n\n"), ElementsAre("x", "y"));
  EXPECT_THAT(texts("one.csv", "text\nx\n\ny\n"), ElementsAre("x", "", "y"));
}

TEST_F(ReadDocuments, CsvBlankTextKeepsItsPlace) {
  EXPECT_THAT(texts("a.csv", "text,b\n,1\n  ,2\nz,3\n"), ElementsAre("", "  ", "z"));
}

TEST_F(ReadDocuments, TsvIsSplitAtTabs) {
  const auto documents = read_bytes("a.TSV", "text\tb\nx, y\t1\n\"tab\tinside\"\t2\n");
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(texts_of(*documents), ElementsAre("x, y", "tab\tinside"));
}

TEST_F(ReadDocuments, CsvRaggedRowIsNamedByItsPhysicalLine) {
  EXPECT_EQ(failure("a.csv", "text,b\n\"one\ntwo\nthree\",1\nx,1,2\n"),
            "a.csv:5: expected 2 fields, found 3 — is a quote missing?");
  EXPECT_EQ(code_, ErrorCode::parse);
  EXPECT_EQ(failure("b.csv", "text,b\r\nx\r\n"),
            "b.csv:2: expected 2 fields, found 1 — is a quote missing, or is the row cut short?");
  EXPECT_EQ(failure("c.csv", "text\nx,y\n"),
            "c.csv:2: expected 1 field, found 2 — is a quote missing?");
}

TEST_F(ReadDocuments, CsvRaggedRowFarBehindTheFirstPieceIsFound) {
  std::string bytes = "text,b\n";
  for (int i = 0; i < 400'000; ++i) bytes += "\"some text\nover two lines\",1\n";
  bytes += "x,1,2\n";
  EXPECT_EQ(failure("a.csv", bytes),
            "a.csv:800002: expected 2 fields, found 3 — is a quote missing?");
}

TEST_F(ReadDocuments, CsvQuoteThatNeverEndsIsNamedWhereItBegins) {
  EXPECT_EQ(failure("a.csv", "text,b\nx,1\nyy,\"open\nz,3\n"),
            "a.csv:3:4: this quoted field never ends — is a quote missing?");
}

TEST_F(ReadDocuments, CsvTextAfterAClosingQuoteIsAnError) {
  EXPECT_EQ(failure("a.csv", "text,b\n\"l1\nl2\"x,1\n"),
            "a.csv:3:4: expected a comma or the end of the line after a closing quote, found more "
            "text — a quote inside a quoted field is written twice");
}

TEST_F(ReadDocuments, CsvColumnsNeedDifferentNames) {
  EXPECT_EQ(failure("a.csv", "text,b,text\nx,1,2\n"),
            "a.csv:1: the header has two columns called `text` — give every column its own name");
}

TEST_F(ReadDocuments, CsvOfOneColumnWithSemicolonsIsWarnedAbout) {
  EXPECT_THAT(texts("a.csv", "text;b\nx;1\n"), ElementsAre("x;1"));
  ASSERT_EQ(run_.warnings().size(), 1U);
  EXPECT_THAT(run_.warnings()[0], HasSubstr("one column called `text;b`"));
}

TEST_F(ReadDocuments, CsvFieldsSurviveEveryPlaceWhereAPieceEnds) {
  // Pieces are 4 MiB: rows of 11 bytes put the joints at every position inside a row.
  std::string bytes = "text,b\n";
  constexpr std::size_t n = 1'200'000;
  for (std::size_t i = 0; i < n; ++i) bytes += "\"a\"\"\r\né\",1\n";
  const auto documents = read_bytes("a.csv", bytes);
  ASSERT_TRUE(documents) << to_string(documents.error());
  ASSERT_EQ(documents->size(), n);
  for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(documents->text[i], "a\"\r\né") << i;
  EXPECT_EQ(documents->n_invalid_utf8, 0);
}

// --- The text column and other roles ----------------------------------------------------------

TEST_F(ReadDocuments, TextColumnIsTheNamedOneElseTextElseTheOnlyText) {
  const std::string bytes = "id,text,body\n1,t,b\n";
  EXPECT_THAT(texts("a.csv", bytes), ElementsAre("t"));
  EXPECT_THAT(texts("a.csv", bytes, {.text = "body"}), ElementsAre("b"));
  EXPECT_THAT(texts("b.csv", "id,when,body,ok\n1,2020-01-01 10:00:00,words,true\n-2e5,,,false\n"),
              ElementsAre("words", ""));
  EXPECT_THAT(texts("c.csv", "year\n1999\n2001\n"), ElementsAre("1999", "2001"));
}

TEST_F(ReadDocuments, TextColumnThatCannotBeToldListsTheColumns) {
  EXPECT_EQ(failure("a.csv", "id,title,body\n1,t,b\n"),
            "a.csv: expected a column `text` or a single column of text, found the columns `id`, "
            "`title`, `body` — name the column that holds the documents with --text");
  EXPECT_EQ(code_, ErrorCode::invalid_argument);
  EXPECT_THAT(failure("b.csv", "a,b\n1,2\n"), HasSubstr("found the columns `a`, `b`"));
  EXPECT_THAT(failure("c.jsonl", "{\"a\": 1}\n"), HasSubstr("found the columns `a`"));
}

TEST_F(ReadDocuments, UnknownColumnListsTheColumnsAndTheNearestName) {
  EXPECT_EQ(
      failure("a.csv", "texts,label\nx,1\n", {.text = "text"}),
      "a.csv: expected a column `text` (--text), found the columns `texts`, `label` — did you "
      "mean `texts`?");
  EXPECT_EQ(failure("a.csv", "text,label\nx,1\n", {.time = "published"}),
            "a.csv: expected a column `published` (--time), found the columns `text`, `label`");
}

TEST_F(ReadDocuments, RolesNameColumns) {
  const auto documents =
      read_bytes("a.csv", "a,text,b,c,d,e\n1,x,2,3,4,5\n",
                 {.id = "a", .label = "b", .time = "c", .class_ = "d", .title = "e"});
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_EQ(documents->id_column, 0U);
  EXPECT_EQ(documents->text_column, 1U);
  EXPECT_EQ(documents->label_column, 2U);
  EXPECT_EQ(documents->time_column, 3U);
  EXPECT_EQ(documents->class_column, 4U);
  EXPECT_EQ(documents->title_column, 5U);
}

TEST_F(ReadDocuments, TextColumnOfNumbersIsReadAsText) {
  EXPECT_THAT(texts("a.jsonl", "{\"n\": 5}\n{\"n\": null}\n", {.text = "n"}), ElementsAre("5", ""));
}

// --- JSON lines -------------------------------------------------------------------------------

TEST_F(ReadDocuments, JsonLinesKeepTypes) {
  const auto documents = read_bytes(
      "a.jsonl",
      "{\"text\": \"caf\\u00e9\\n\", \"i\": 1, \"x\": 0.5, \"ok\": true, \"deep\": {\"b\": [1, "
      "\"x\\\"\", null, {}], \"a\": 1.50}}\n"
      "\r\n"
      "{\"late\": -1, \"x\": 2, \"text\": null, \"i\": -9223372036854775808}\r\n");
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(names(*documents), ElementsAre("text", "i", "x", "ok", "deep", "late"));
  EXPECT_THAT(texts_of(*documents), ElementsAre("café\n", ""));
  EXPECT_THAT(cells(*documents, "i"), ElementsAre("1", "-9223372036854775808"));
  EXPECT_THAT(cells(*documents, "x"), ElementsAre("0.5", "2"));
  EXPECT_THAT(cells(*documents, "ok"), ElementsAre("true", "-"));
  EXPECT_THAT(cells(*documents, "deep"),
              ElementsAre("{\"b\":[1,\"x\\\"\",null,{}],\"a\":1.50}", "-"));
  EXPECT_THAT(cells(*documents, "late"), ElementsAre("-", "-1"));
  const auto& columns = documents->columns.columns;
  EXPECT_TRUE(std::holds_alternative<std::vector<std::int64_t>>(columns[1].values));
  EXPECT_TRUE(std::holds_alternative<std::vector<double>>(columns[2].values));
  EXPECT_TRUE(std::holds_alternative<std::vector<std::uint8_t>>(columns[3].values));
}

TEST_F(ReadDocuments, JsonColumnOfMixedTypesBecomesTextAsWritten) {
  const auto documents = read_bytes("a.ndjson",
                                    "{\"text\": \"a\", \"m\": 1, \"big\": 18446744073709551615}\n"
                                    "{\"text\": \"b\", \"m\": 2.50, \"big\": 1}\n"
                                    "{\"text\": \"c\", \"m\": \"three\", \"big\": 2}\n"
                                    "{\"text\": \"d\", \"m\": true, \"big\": 3}\n");
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(cells(*documents, "m"), ElementsAre("1", "2.50", "three", "true"));
  EXPECT_THAT(cells(*documents, "big"), ElementsAre("18446744073709551615", "1", "2", "3"));
}

TEST_F(ReadDocuments, JsonTextThatIsNullOrAbsentIsBlank) {
  EXPECT_THAT(
      texts("a.jsonl", "{\"text\": \"a\"}\n{\"id\": 1}\n{\"text\": null}\n{\"text\": \"\"}"),
      ElementsAre("a", "", "", ""));
}

TEST_F(ReadDocuments, BrokenJsonLineIsNamedByLineAndColumn) {
  EXPECT_THAT(failure("a.jsonl", "{\"text\": \"a\"}\n\n{\"text\": \"b\" \"x\": 1}\n"),
              HasSubstr("a.jsonl:3:16: syntax error"));
  EXPECT_EQ(code_, ErrorCode::parse);
  EXPECT_THAT(failure("b.jsonl", "{\"text\": \"cut\n"), HasSubstr("b.jsonl:1:"));
  EXPECT_THAT(failure("c.jsonl", "{\"text\": \"a\"} {\"text\": \"b\"}\n"),
              HasSubstr("c.jsonl:1:15:"));
  EXPECT_THAT(failure("d.jsonl", "{\"text\": \"a\", \"n\": NaN}\n"),
              HasSubstr("write null for a missing number"));
  EXPECT_THAT(failure("e.jsonl", "{\"text\": \"\\ud800\"}\n"), HasSubstr("e.jsonl:1:"));
  EXPECT_THAT(failure("f.jsonl", "{\"text\": 1e999}\n"), HasSubstr("f.jsonl:1:"));
}

TEST_F(ReadDocuments, FirstBrokenJsonLineIsReported) {
  std::string bytes;
  for (int i = 0; i < 10'000; ++i) {
    bytes += i == 4'999 || i == 9'000 ? "{broken\n" : "{\"text\": \"a\"}\n";
  }
  EXPECT_THAT(failure("a.jsonl", bytes), HasSubstr("a.jsonl:5000:2: "));
}

TEST_F(ReadDocuments, JsonThatIsNoObjectIsAnError) {
  EXPECT_THAT(failure("a.jsonl", "[{\"text\": \"a\"}]\n"), HasSubstr("not an array"));
  EXPECT_THAT(failure("b.jsonl", "\"a\"\n"), HasSubstr("b.jsonl:1: expected an object"));
  EXPECT_THAT(failure("c.jsonl", "{\"text\": \"a\", \"text\": \"b\"}\n"),
              HasSubstr("c.jsonl:1: the key `text` appears twice"));
}

// --- Plain text -------------------------------------------------------------------------------

TEST_F(ReadDocuments, TextFileHoldsADocumentALine) {
  const auto documents = read_bytes("a.txt",
                                    "\xEF\xBB\xBF"
                                    "first, line\r\n\n\"third\"\nlast");
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(texts_of(*documents), ElementsAre("first, line", "", "\"third\"", "last"));
  EXPECT_THAT(names(*documents), ElementsAre("text"));
}

TEST_F(ReadDocuments, FolderOfTextFilesHoldsADocumentAFile) {
  folder_.write("docs/b.txt", "second\nwith lines\n");
  folder_.write("docs/a/z.txt", "first");
  folder_.write("docs/c.txt", "");
  folder_.write("docs/.hidden.txt", "not read");
  folder_.write("docs/.git/x.txt", "not read");
  folder_.write("docs/notes.md", "not read");
  const auto documents = read({folder_.path("docs")});
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(texts_of(*documents), ElementsAre("first", "second\nwith lines\n", ""));
  EXPECT_THAT(cells(*documents, "file"), ElementsAre("a/z.txt", "b.txt", "c.txt"));
}

// --- Several inputs and folders ---------------------------------------------------------------

TEST_F(ReadDocuments, SeveralInputsAreJoinedByColumnName) {
  const std::string a = folder_.write("a.csv", "text,n\nx,1\n");
  const std::string b =
      folder_.write("b.jsonl", "{\"n\": 2, \"text\": \"y\"}\n{\"text\": \"z\"}\n");
  const auto documents = read({b, a});
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(texts_of(*documents), ElementsAre("y", "z", "x"));
  EXPECT_THAT(cells(*documents, "n"), ElementsAre("2", "-", "1"));
}

TEST_F(ReadDocuments, NumberTypesOfSeveralInputsAreWidened) {
  const std::string a = folder_.write("a.jsonl", "{\"text\": \"x\", \"n\": 1, \"m\": null}\n");
  const std::string b = folder_.write("b.jsonl", "{\"text\": \"y\", \"n\": 0.5, \"m\": 7}\n");
  const auto documents = read({a, b});
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_TRUE(std::holds_alternative<std::vector<double>>(documents->columns.columns[1].values));
  EXPECT_THAT(cells(*documents, "n"), ElementsAre("1", "0.5"));
  EXPECT_TRUE(
      std::holds_alternative<std::vector<std::int64_t>>(documents->columns.columns[2].values));
  EXPECT_THAT(cells(*documents, "m"), ElementsAre("-", "7"));
}

TEST_F(ReadDocuments, InputsWithOtherColumnsNameBoth) {
  const std::string a = folder_.write("a.csv", "text,n\nx,1\n");
  const std::string b = folder_.write("b.csv", "text,m\ny,2\n");
  EXPECT_EQ(failure_of({a, b}),
            "b.csv: expected the columns of a.csv (`text`, `n`), found `text`, `m` — inputs read "
            "together must have the same columns");
  EXPECT_EQ(code_, ErrorCode::invalid_argument);
}

TEST_F(ReadDocuments, FolderOfTablesIsReadInTheOrderOfItsPaths) {
  folder_.write("parts/2.csv.gz", file_bytes(std::string(TG_TEST_DATA) + "/io/rows.csv.gz"));
  folder_.write("parts/1.csv", "text,id\nzero,0\n");
  folder_.write("parts/readme.md", "x");
  const auto documents = read({folder_.path("parts")});
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(texts_of(*documents), ElementsAre("zero", "first", "second, with comma"));
}

TEST_F(ReadDocuments, FolderOfSeveralFormatsNeedsAFormat) {
  folder_.write("mixed/a.csv", "text\nx\n");
  folder_.write("mixed/b.txt", "y\n");
  EXPECT_EQ(failure_of({folder_.path("mixed")}),
            "mixed: expected files of one format, found `a.csv` and `b.txt` — pass --format csv or "
            "--format txt");
  const auto documents = read({folder_.path("mixed")}, {.format = InputFormat::csv});
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(texts_of(*documents), ElementsAre("x"));
}

TEST_F(ReadDocuments, FolderWithoutKnownFilesIsAnError) {
  folder_.write("empty/readme.md", "x");
  EXPECT_THAT(failure_of({folder_.path("empty")}),
              HasSubstr("empty: the folder holds no file of a known format — known are .csv"));
  EXPECT_EQ(code_, ErrorCode::not_found);
  EXPECT_THAT(failure_of({folder_.path("empty")}, {.format = InputFormat::jsonl}),
              HasSubstr("no jsonl file"));
}

TEST_F(ReadDocuments, ParquetAndFeatherAreInputsToo) {
  ColumnTable table;
  TextColumn text;
  text.push_back("x");
  text.push_back("");
  table.columns = {{.name = "text", .values = std::move(text), .valid = {1, 0}},
                   {.name = "n", .values = std::vector<float>{0.5F, 1.0F}}};
  ASSERT_TRUE(write_parquet(folder_.path("a.parquet"), table));
  const auto documents = read({folder_.path("a.parquet")});
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(texts_of(*documents), ElementsAre("x", ""));
  EXPECT_EQ(documents->columns.columns, table.columns);
}

// --- Standard input and formats ---------------------------------------------------------------

/// Standard input replaced by a file.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) : saved_(::dup(STDIN_FILENO)) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    ::dup2(file, STDIN_FILENO);
    ::close(file);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;
  ~StandardInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

TEST_F(ReadDocuments, DashIsStandardInputAndCsvUnlessTold) {
  {
    const StandardInput input(folder_.write("a", "text,b\nx,1\n"));
    const auto documents = read({"-"});
    ASSERT_TRUE(documents) << to_string(documents.error());
    EXPECT_THAT(texts_of(*documents), ElementsAre("x"));
  }
  {
    const StandardInput input(folder_.write("b", "{\"text\": \"y\"}\n{broken\n"));
    EXPECT_THAT(failure_of({"-"}, {.format = InputFormat::jsonl}), HasSubstr("stdin:2:2: "));
  }
  {
    const StandardInput input(std::string(TG_TEST_DATA) + "/io/rows.csv.zst");
    const auto documents = read({"-"});
    ASSERT_TRUE(documents) << to_string(documents.error());
    EXPECT_THAT(texts_of(*documents), ElementsAre("first", "second, with comma"));
  }
  {
    const StandardInput input(std::string(TG_TEST_DATA) + "/io/typed.parquet");
    const auto documents = read({"-"}, {.format = InputFormat::parquet});
    ASSERT_TRUE(documents) << to_string(documents.error());
    EXPECT_EQ(documents->size(), 4U);
  }
}

TEST_F(ReadDocuments, FormatOverridesTheName) {
  EXPECT_THAT(texts("data", "text,b\nx,1\n", {.format = InputFormat::csv}), ElementsAre("x"));
  EXPECT_THAT(texts("a.csv", "text,b\n", {.format = InputFormat::txt}), ElementsAre("text,b"));
}

// --- Input that cannot be read ----------------------------------------------------------------

TEST_F(ReadDocuments, ShortTextsAreLeftOutByCharactersNotBytes) {
  ReadOptions options;
  options.min_characters = 4;
  EXPECT_EQ(
      texts("a.csv", "text,id\nabc,1\nabcd,2\n\u00e9\u00e9\u00e9,3\n\u5730\u56f3\u5730\u56f3,4\n",
            options),
      (Texts{"abcd", "\u5730\u56f3\u5730\u56f3"}));
  EXPECT_EQ(texts("a.csv", "text\nab\xff\nabcd\xff\n", options).size(), 1U);
  EXPECT_EQ(n_invalid_, 1);
  options.min_characters = 9;
  EXPECT_EQ(failure("a.csv", "text\nabc\n", options),
            "a.csv: none of the 1 texts has 9 characters (--min-characters)");
}

TEST_F(ReadDocuments, MissingFileIsNotFound) {
  EXPECT_THAT(failure_of({folder_.path("absent.csv")}), HasSubstr("absent.csv: no such file"));
  EXPECT_EQ(code_, ErrorCode::not_found);
}

TEST_F(ReadDocuments, UnreadableFileIsAnInputError) {
  const std::string path = folder_.write("a.csv", "text\nx\n");
  std::filesystem::permissions(path, std::filesystem::perms::none);
  if (::access(path.c_str(), R_OK) == 0) GTEST_SKIP() << "skipped: this user may read everything";
  EXPECT_THAT(failure_of({path}), HasSubstr("a.csv: cannot open: Permission denied"));
  EXPECT_EQ(code_, ErrorCode::io);
}

TEST_F(ReadDocuments, ReadThatTheSystemRefusesIsAnInputError) {
  if (!std::filesystem::exists("/proc/self/mem")) GTEST_SKIP() << "skipped: no /proc";
  // Page 0 is never mapped, so reading there fails for every user.
  EXPECT_THAT(failure_of({"/proc/self/mem"}, {.format = InputFormat::csv}),
              HasSubstr("/proc/self/mem: cannot read: Input/output error"));
  EXPECT_EQ(code_, ErrorCode::io);
}

TEST_F(ReadDocuments, UnknownExtensionListsTheKnownOnes) {
  EXPECT_THAT(failure("a.docx", "x"), HasSubstr("unknown file extension — known are .csv"));
  EXPECT_EQ(code_, ErrorCode::invalid_argument);
  EXPECT_THAT(failure("a.json", "[]"), HasSubstr("save it as .jsonl"));
  EXPECT_THAT(failure("a.parquet.gz", "x"), HasSubstr("unknown file extension"));
}

TEST_F(ReadDocuments, EmptyInputIsAnError) {
  EXPECT_THAT(failure("a.csv", ""), HasSubstr("a.csv: the file is empty"));
  EXPECT_THAT(failure("b.csv", "\xEF\xBB\xBF"), HasSubstr("b.csv: the file is empty"));
  EXPECT_THAT(failure("c.csv", "text,label\n"),
              HasSubstr("c.csv: expected at least one document, found none"));
  EXPECT_THAT(failure("d.jsonl", "\n\n"), HasSubstr("expected at least one document"));
  EXPECT_THAT(failure("e.txt", ""), HasSubstr("expected at least one document"));
  EXPECT_THAT(failure("f.parquet", ""), HasSubstr("f.parquet: the file is empty"));
}

TEST_F(ReadDocuments, NoInputIsAnOptionError) {
  const auto documents = read({});
  ASSERT_FALSE(documents);
  EXPECT_EQ(documents.error().subject, Subject::option);
}

TEST_F(ReadDocuments, BinaryFilesAreToldApart) {
  using namespace std::string_literals;
  EXPECT_EQ(failure("a.csv", "text\nab\0c\n"s),
            "a.csv: expected text, found binary data (a zero byte at offset 7)");
  EXPECT_EQ(code_, ErrorCode::parse);
  EXPECT_THAT(failure("b.csv", "PK\x03\x04 rest"),
              HasSubstr("found a zip archive or a spreadsheet"));
  EXPECT_THAT(failure("c.txt", "\xFF\xFEt\0e\0"s), HasSubstr("found UTF-16 text"));
  EXPECT_THAT(failure("d.jsonl", "PAR1...."), HasSubstr("found a Parquet file"));
  EXPECT_THAT(failure("e.parquet", "text,b\nx,1\n"), HasSubstr("not a readable Parquet file"));
  EXPECT_THAT(failure("f.feather", "text,b\nx,1\n"), HasSubstr("not a readable Feather file"));
}

TEST_F(ReadDocuments, DamagedCompressionIsAnError) {
  const std::string golden = std::string(TG_TEST_DATA) + "/io/";
  for (const std::string name : {"rows.csv.gz", "rows.csv.zst"}) {
    const std::string bytes = file_bytes(golden + name);
    EXPECT_THAT(failure("cut." + name, std::string_view(bytes).substr(0, bytes.size() - 9)),
                HasSubstr("the compressed data is damaged"));
    EXPECT_EQ(code_, ErrorCode::parse);
    std::string flipped = bytes;
    flipped[bytes.size() / 2] = static_cast<char>(flipped[bytes.size() / 2] ^ 0xFF);
    const auto documents = read_bytes("flipped." + name, flipped);
    if (!documents) {
      EXPECT_EQ(documents.error().subject, Subject::input);
    }
  }
}

TEST_F(ReadDocuments, DamagedTablesNeverDoMoreThanFail) {
  const std::string golden = std::string(TG_TEST_DATA) + "/io/";
  for (const std::string name : {"typed.parquet", "typed.feather"}) {
    const std::string bytes = file_bytes(golden + name);
    std::size_t n_refused = 0;
    for (std::size_t i = 0; i < bytes.size(); i += 37) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ 0xA5);
      const auto documents = read_bytes(name, damaged);
      if (documents) continue;
      ++n_refused;
      EXPECT_EQ(documents.error().subject, Subject::input) << name << " byte " << i;
    }
    EXPECT_GT(n_refused, 0U) << name;
    EXPECT_THAT(failure(name, std::string_view(bytes).substr(0, bytes.size() - 20)),
                HasSubstr("not a readable"));
  }
}

// --- Invalid UTF-8 ----------------------------------------------------------------------------

TEST_F(ReadDocuments, InvalidUtf8IsReplacedAndItsDocumentsCounted) {
  EXPECT_THAT(texts("a.csv", "text,b\ncaf\xE9,\xFF\nok,1\nok,\xFF\n"),
              ElementsAre("caf\uFFFD", "ok", "ok"));
  EXPECT_EQ(n_invalid_, 2);
  EXPECT_THAT(texts("a.txt", "caf\xE9\nok\n"), ElementsAre("caf\uFFFD", "ok"));
  EXPECT_EQ(n_invalid_, 1);
  EXPECT_THAT(texts("a.jsonl", "{\"text\": \"caf\xE9\"}\n{\"text\": \"ok\"}\n"),
              ElementsAre("caf\uFFFD", "ok"));
  EXPECT_EQ(n_invalid_, 1);
}

TEST_F(ReadDocuments, HalvesOfACharacterInNeighboringFieldsAreBothInvalid) {
  EXPECT_THAT(texts("a.csv", "text,b\nx\xC3,\xA9\n"), ElementsAre("x\uFFFD"));
  EXPECT_EQ(n_invalid_, 1);
}

TEST_F(ReadDocuments, ExampleCorpusHoldsEveryPackageOnce) {
  const auto documents =
      read({std::string(TG_SOURCE_DIR) + "/examples/data/debian_packages.csv.gz"});
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_THAT(names(*documents), ElementsAre("text", "section", "name"));
  EXPECT_EQ(documents->size(), 63'666U);
  const Texts packages = cells(*documents, "name");
  EXPECT_TRUE(std::ranges::is_sorted(packages));
  EXPECT_EQ(std::ranges::adjacent_find(packages), packages.end());
  EXPECT_EQ(documents->n_invalid_utf8, 0);
}

TEST_F(ReadDocuments, InvalidUtf8IsAnErrorWithItsLineWhenStrict) {
  EXPECT_THAT(failure("a.csv", "text,b\nx,1\n\"l3\nl4 caf\xE9\nl5\",1\n", {.strict = true}),
              HasSubstr("a.csv:4: expected UTF-8, found the byte 0xE9"));
  EXPECT_EQ(code_, ErrorCode::parse);
  EXPECT_THAT(failure("a.txt", "x\ncaf\xE9\n", {.strict = true}), HasSubstr("a.txt:2: expected"));
  EXPECT_THAT(failure("a.jsonl", "{}\n\n{\"text\": \"\xE9\"}\n", {.strict = true}),
              HasSubstr("a.jsonl:3: expected"));
  folder_.write("docs/a.txt", "fine\n");
  folder_.write("docs/b.txt", "1\n2\n3 \xE9\n");
  EXPECT_THAT(failure_of({folder_.path("docs")}, {.strict = true}), HasSubstr("docs/b.txt:3: "));
  EXPECT_THAT(failure("h.csv", "text,caf\xE9\nx,1\n"), HasSubstr("h.csv:1: expected UTF-8"));
}

// --- Running ----------------------------------------------------------------------------------

TEST_F(ReadDocuments, StoppedRunReadsNothing) {
  std::stop_source stop;
  stop.request_stop();
  RunContext run({.threads = 1, .stop = stop.get_token()});
  const std::vector inputs{folder_.write("a.csv", "text\nx\n")};
  const auto documents = read_documents(inputs, {}, run);
  ASSERT_FALSE(documents);
  EXPECT_EQ(documents.error().code, ErrorCode::cancelled);
}

class CountingSink : public ProgressSink {
 public:
  void on_progress(const ProgressEvent& event) override {
    if (event.kind == ProgressEvent::Kind::begin) stages.emplace_back(event.stage);
    if (event.kind == ProgressEvent::Kind::end) done = event.done;
    total = event.total;
  }
  void on_log(LogLevel /*level*/, std::string_view /*message*/) override {}

  std::vector<std::string> stages = {};
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

TEST_F(ReadDocuments, ProgressCountsTheBytesOfTheFiles) {
  CountingSink sink;
  RunContext run({.threads = 1, .progress = &sink});
  const std::vector inputs{folder_.write("a.csv", "text\nx\n"),
                           std::string(TG_TEST_DATA) + "/io/latin1.parquet"};
  ASSERT_TRUE(read_documents(inputs, {}, run));
  EXPECT_THAT(sink.stages, ElementsAre("read"));
  const auto expected = 7 + std::filesystem::file_size(inputs[1]);
  EXPECT_EQ(sink.total, expected);
  EXPECT_EQ(sink.done, expected);
}

}  // namespace
}  // namespace topograph

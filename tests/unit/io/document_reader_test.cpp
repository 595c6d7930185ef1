#include "topograph/io/document_reader.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "unit/io/temporary_folder.hpp"

namespace topograph {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

constexpr TextBlockLimits kThreeRows{.rows = 3};

Result<std::vector<TextColumn>> blocks_of(const std::vector<std::string>& inputs,
                                          const TextBlockLimits& limits,
                                          const ReadOptions& options = {}) {
  RunContext run({.threads = 1});
  TG_TRY(auto reader, DocumentReader::open(inputs, options, run));
  std::vector<TextColumn> blocks;
  while (true) {
    TG_TRY(auto block, reader.next(limits));
    if (block.empty()) return blocks;
    blocks.push_back(std::move(block));
  }
}

std::vector<std::string> texts_of(const std::vector<TextColumn>& blocks) {
  std::vector<std::string> texts;
  for (const TextColumn& block : blocks) {
    for (std::size_t i = 0; i < block.size(); ++i) texts.emplace_back(block[i]);
  }
  return texts;
}

std::string numbered_csv(int n_rows) {
  std::string csv = "id,text\n";
  for (int row = 0; row < n_rows; ++row) {
    csv += std::to_string(row) + ",text number " + std::to_string(row) + "\n";
  }
  return csv;
}

TEST(DocumentReader, CutsBlocksByRowsAndGivesTheRestLast) {
  const TemporaryFolder folder;
  const auto blocks = blocks_of({folder.write("a.csv", numbered_csv(7))}, kThreeRows);
  ASSERT_TRUE(blocks) << to_string(blocks.error());
  ASSERT_EQ(blocks->size(), 3U);
  EXPECT_EQ((*blocks)[0].size(), 3U);
  EXPECT_EQ((*blocks)[1].size(), 3U);
  EXPECT_EQ((*blocks)[2].size(), 1U);
  EXPECT_EQ((*blocks)[2][0], "text number 6");
}

TEST(DocumentReader, EndsABlockAfterTheTextThatFillsItsBytes) {
  const TemporaryFolder folder;
  const auto blocks = blocks_of({folder.write("a.txt", "12345\n6\n123456789\n1\n")}, {.bytes = 6});
  ASSERT_TRUE(blocks) << to_string(blocks.error());
  ASSERT_EQ(blocks->size(), 3U);
  EXPECT_EQ((*blocks)[0].size(), 2U);
  EXPECT_EQ((*blocks)[1][0], "123456789");
  EXPECT_EQ((*blocks)[2][0], "1");
}

TEST(DocumentReader, BlocksGoOnAcrossFiles) {
  const TemporaryFolder folder;
  const auto blocks = blocks_of(
      {folder.write("a.csv", "text\none\ntwo\n"), folder.write("b.csv", "text\nthree\nfour\n")},
      kThreeRows);
  ASSERT_TRUE(blocks) << to_string(blocks.error());
  EXPECT_EQ((*blocks)[0].size(), 3U);
  EXPECT_EQ(texts_of(*blocks), (std::vector<std::string>{"one", "two", "three", "four"}));
}

TEST(DocumentReader, GivesTheTextsOfReadDocumentsInEveryFormat) {
  const TemporaryFolder folder;
  const std::vector<std::string> files = {
      folder.write("a.csv", "id,text\n1,\"a, \"\"b\"\"\nc\"\n2,\n3,  \n4,\xC3\xBC\xFF\n"),
      folder.write("b.tsv", "id\ttext\n1\tx\n2\ty z\n"),
      folder.write("c.jsonl",
                   "{\"id\": 1, \"text\": \"a\\u00fc\"}\n{\"id\": 2}\n{\"text\": null}\n"),
      folder.write("d.txt", "one\n\nthree"),
      std::string(TG_TEST_DATA) + "/io/rows.csv.gz",
      std::string(TG_TEST_DATA) + "/io/typed.parquet"};
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    RunContext run({.threads = 1});
    const auto whole = read_documents(std::vector<std::string>{file}, {}, run);
    const auto blocks = blocks_of({file}, {.rows = 2});
    ASSERT_EQ(whole.has_value(), blocks.has_value());
    if (!whole) {
      EXPECT_EQ(to_string(whole.error()), to_string(blocks.error()));
      continue;
    }
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < whole->size(); ++i) expected.emplace_back(whole->text[i]);
    EXPECT_EQ(texts_of(*blocks), expected);
  }
}

TEST(DocumentReader, LooksAtEveryRowBeforeItChoosesAmongColumns) {
  const TemporaryFolder folder;
  std::string csv = "code,body\n";
  for (int row = 0; row < 49; ++row) csv += "1,2\n";
  csv += "1,words after many numbers\n";
  const std::vector<std::string> inputs{folder.write("a.csv", csv)};
  RunContext run({.threads = 1});
  const auto reader = DocumentReader::open(inputs, {}, run);
  ASSERT_TRUE(reader) << to_string(reader.error());
  EXPECT_EQ(reader->text_column(), "body");
  const auto blocks = blocks_of(inputs, kThreeRows);
  ASSERT_TRUE(blocks);
  EXPECT_EQ(texts_of(*blocks).size(), 50U);
}

TEST(DocumentReader, CountsReplacedBytesAndTheShareRead) {
  const TemporaryFolder folder;
  const std::vector<std::string> inputs{folder.write("a.csv", "text\ngood\nb\xFF\n\xFE\n")};
  RunContext run({.threads = 1});
  auto reader = DocumentReader::open(inputs, {}, run);
  ASSERT_TRUE(reader) << to_string(reader.error());
  while (true) {
    const auto block = reader->next(kThreeRows);
    ASSERT_TRUE(block);
    if (block->empty()) break;
  }
  EXPECT_EQ(reader->n_invalid_utf8(), 2);
  ASSERT_TRUE(reader->share_read());
  EXPECT_EQ(*reader->share_read(), 1.0);
}

TEST(DocumentReader, TellsAMistakeFarDownWhenItIsReached) {
  const TemporaryFolder folder;
  constexpr int kRows = 400'000;  // several times what is read at once
  const std::vector<std::string> inputs{folder.write("a.csv", numbered_csv(kRows) + "1,2,3\n")};
  RunContext run({.threads = 1});
  auto reader = DocumentReader::open(inputs, {.text = "text"}, run);
  ASSERT_TRUE(reader) << to_string(reader.error());
  std::size_t n_read = 0;
  while (true) {
    const auto block = reader->next({});
    if (!block) {
      EXPECT_THAT(to_string(block.error()), HasSubstr("a.csv:" + std::to_string(kRows + 2)));
      break;
    }
    ASSERT_FALSE(block->empty());
    n_read += block->size();
  }
  EXPECT_GT(n_read, 0U);
}

TEST(DocumentReader, RefusesFilesOfOtherColumnsAndInputsWithoutRows) {
  const TemporaryFolder folder;
  const auto first = folder.write("a.csv", "text\none\n");
  const auto other = blocks_of({first, folder.write("b.csv", "words\ntwo\n")}, kThreeRows);
  ASSERT_FALSE(other);
  EXPECT_THAT(to_string(other.error()), HasSubstr("b.csv"));
  const auto empty = blocks_of({folder.write("c.csv", "text\n")}, kThreeRows);
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().subject, Subject::input);
  const auto unnamed = blocks_of({first}, kThreeRows, {.text = "body"});
  ASSERT_FALSE(unnamed);
  EXPECT_THAT(to_string(unnamed.error()), HasSubstr("body"));
}

TEST(DocumentReader, StopsWhenAsked) {
  const TemporaryFolder folder;
  const std::vector<std::string> inputs{folder.write("a.csv", numbered_csv(10))};
  std::stop_source source;
  source.request_stop();
  RunContext run({.threads = 1, .stop = source.get_token()});
  const auto reader = DocumentReader::open(inputs, {}, run);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace topograph

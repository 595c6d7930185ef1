#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "topograph/io/read_documents.hpp"

namespace topograph {
namespace {

struct SharedFile {
  std::string name;
  std::size_t n_rows;
  std::size_t n_blank;
  std::vector<std::string> columns;
};

class SharedData : public ::testing::TestWithParam<SharedFile> {};

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

TEST_P(SharedData, IsReadWithTheDocumentedRowsAndColumns) {
  const SharedFile& expected = GetParam();
  const std::string path = std::string(TG_SHARED_DATA) + "/" + expected.name;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "skipped: no ../shared/data";
  RunContext run({.threads = 2});
  const std::vector inputs{path};
  const auto documents = read_documents(inputs, {}, run);
  ASSERT_TRUE(documents) << to_string(documents.error());
  EXPECT_EQ(documents->size(), expected.n_rows);
  EXPECT_EQ(documents->n_invalid_utf8, 0);
  std::vector<std::string> names;
  for (const Column& column : documents->columns.columns) {
    names.push_back(column.name);
    EXPECT_EQ(column.size(), expected.n_rows);
  }
  EXPECT_EQ(names, expected.columns);
  EXPECT_EQ(names[documents->text_column], "text");
  std::size_t n_blank = 0;
  for (std::size_t i = 0; i < documents->size(); ++i) {
    if (is_blank(documents->text[i])) ++n_blank;
  }
  EXPECT_EQ(n_blank, expected.n_blank);
}

INSTANTIATE_TEST_SUITE_P(
    AllFiles, SharedData,
    ::testing::Values(
        SharedFile{"newsgroups20.csv", 18846, 515, {"text", "label", "split", "id"}},
        SharedFile{"acl_abstracts.csv", 32167, 0, {"title", "text", "label", "date", "id", "lang"}},
        SharedFile{"medium_titles.csv", 6508, 0, {"text", "label", "date", "subtitle", "claps"}},
        SharedFile{"reddit_techfin5.csv", 2240, 0, {"text", "label", "date", "title"}},
        SharedFile{"reddit_titles.csv", 65346, 0, {"text", "label", "date"}},
        SharedFile{"debian_packages.csv", 63666, 0, {"text", "label", "name"}},
        SharedFile{"pypi_summaries.csv.gz", 723519, 0, {"text", "date", "name"}},
        SharedFile{"stackoverflow_titles.csv", 20000, 0, {"text", "label"}},
        SharedFile{"banking77.csv", 13083, 0, {"text", "label", "split"}},
        SharedFile{"trump_tweets.csv", 33504, 0, {"text", "label", "date"}},
        SharedFile{"tweets_emoji.csv", 100000, 0, {"text", "label", "split"}},
        SharedFile{
            "udhr_paragraphs.csv", 32030, 0, {"text", "label", "language", "dir", "article"}},
        SharedFile{"ud_pud.csv", 10000, 0, {"text", "label", "sent_id"}}),
    [](const auto& test) { return test.param.name.substr(0, test.param.name.find('.')); });

}  // namespace
}  // namespace topograph

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "topograph/core/random.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/io/read_documents.hpp"
#include "topograph/io/table_file.hpp"
#include "unit/io/temporary_folder.hpp"

namespace topograph {
namespace {

using ::topograph::testing::TemporaryFolder;

constexpr std::uint64_t kSeed = 20'240'229;

/// Text over letters, quotes, delimiters, line breaks, wide characters and invalid bytes.
std::string random_text(RandomKey key, std::uint64_t item, bool with_invalid) {
  static const std::vector<std::string> pieces{"a",  "b",  " ",  ",",      "\"", "\n",  "\r\n",
                                               "\t", "é",  "日", "😀",      ";",  "\\",  "'",
                                               "{",  "\r", "0",  "\uFEFF", "",   "\xE9"};
  const std::size_t n_pieces = with_invalid ? pieces.size() : pieces.size() - 1;
  std::string text;
  const std::uint64_t length = uniform_below(key, item, 0, 30);
  for (std::uint64_t i = 0; i < length; ++i) {
    text += pieces[uniform_below(key, item, i + 1, n_pieces)];
  }
  return text;
}

ColumnTable random_table(std::uint64_t seed, std::size_t n_rows) {
  const RandomKey texts = random_key(seed, "texts");
  const RandomKey others = random_key(seed, "others");
  TextColumn text;
  TextColumn other;
  for (std::size_t row = 0; row < n_rows; ++row) {
    text.push_back(random_text(texts, row, false));
    other.push_back(random_text(others, row, false));
  }
  ColumnTable table;
  table.columns = {{.name = "text", .values = std::move(text)},
                   {.name = "a \"strange\",\nname", .values = std::move(other)}};
  return table;
}

Result<DocumentTable> read(const std::string& path, int threads) {
  RunContext run({.threads = threads});
  const std::vector inputs{path};
  return read_documents(inputs, {}, run);
}

TEST(IoProperty, AnyTextComesBackFromEveryFormat) {
  const TemporaryFolder folder;
  for (std::uint64_t seed = kSeed; seed < kSeed + 5; ++seed) {
    const ColumnTable table = random_table(seed, 200);
    for (const std::string name : {"t.csv", "t.tsv", "t.jsonl", "t.parquet"}) {
      ASSERT_TRUE(write_table(folder.path(name), table));
      const auto back = read(folder.path(name), 2);
      ASSERT_TRUE(back) << to_string(back.error()) << " seed " << seed;
      EXPECT_EQ(back->columns.columns, table.columns) << name << " seed " << seed;
      EXPECT_EQ(back->n_invalid_utf8, 0);
    }
  }
}

TEST(IoProperty, JsonLinesAreTheSameForAnyNumberOfThreads) {
  std::string bytes;
  const RandomKey key = random_key(kSeed, "json");
  for (std::uint64_t i = 0; i < 30'000; ++i) {
    bytes += "{\"text\": \"t" + std::to_string(i) + (i % 97 == 0 ? "\xE9" : "") + "\"";
    if (uniform_below(key, i, 0, 3) == 0) bytes += ", \"n\": " + std::to_string(i);
    if (uniform_below(key, i, 1, 9) == 0) bytes += ", \"x" + std::to_string(i % 5) + "\": 0.5";
    if (i == 29'000) bytes += ", \"n2\": [1, 2]";
    bytes += "}\n";
  }
  const TemporaryFolder folder;
  const std::string path = folder.write("a.jsonl", bytes);
  const auto one = read(path, 1);
  ASSERT_TRUE(one) << to_string(one.error());
  EXPECT_EQ(one->size(), 30'000U);
  EXPECT_EQ(one->n_invalid_utf8, 310);
  for (const int threads : {2, 3, 7}) {
    const auto many = read(path, threads);
    ASSERT_TRUE(many) << to_string(many.error());
    EXPECT_EQ(many->columns.columns, one->columns.columns) << threads << " threads";
    EXPECT_EQ(many->text, one->text);
    EXPECT_EQ(many->n_invalid_utf8, one->n_invalid_utf8);
  }
}

TEST(IoProperty, ErrorsAreTheSameForAnyNumberOfThreads) {
  std::string bytes;
  for (int i = 0; i < 30'000; ++i) bytes += i % 7'001 == 7'000 ? "{]\n" : "{\"text\": \"a\"}\n";
  const TemporaryFolder folder;
  const std::string path = folder.write("a.jsonl", bytes);
  for (const int threads : {1, 2, 3, 7}) {
    const auto documents = read(path, threads);
    ASSERT_FALSE(documents);
    EXPECT_EQ(documents.error().where, path + ":7001:2") << threads << " threads";
  }
}

TEST(IoProperty, MatricesAreTheSameForAnyNumberOfThreads) {
  const RandomKey key = random_key(kSeed, "matrix");
  Matrix<float> matrix(5'000, 13);
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    matrix.data()[i] = static_cast<float>(normal(key, i, 0));
  }
  const TemporaryFolder folder;
  ASSERT_TRUE(write_npy(folder.path("x.npy"), matrix.view()));
  for (const int threads : {1, 2, 3, 7}) {
    RunContext run({.threads = threads});
    const auto back = read_npy(folder.path("x.npy"), 5'000, run);
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_EQ(std::memcmp(back->data(), matrix.data(), matrix.size() * sizeof(float)), 0);
  }
}

TEST(IoProperty, RandomBytesNeverDoMoreThanFail) {
  const TemporaryFolder folder;
  const RandomKey key = random_key(kSeed, "bytes");
  std::size_t n_read = 0;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const std::string bytes = random_text(key, i, true) + "\n" + random_text(key, i + 1000, true);
    for (const std::string name : {"a.csv", "a.tsv", "a.jsonl", "a.txt", "a.npy", "a.parquet"}) {
      const std::string path = folder.write(name, bytes);
      if (name == "a.npy") {
        RunContext run({.threads = 1});
        EXPECT_FALSE(read_npy(path, {}, run));
        continue;
      }
      const auto documents = read(path, 1);
      if (documents) ++n_read;
      if (!documents) {
        EXPECT_EQ(documents.error().subject, Subject::input);
      }
    }
  }
  EXPECT_GT(n_read, 50U);
}

}  // namespace
}  // namespace topograph

#include "topograph/embed/block_journal.hpp"

#include <array>
#include <cstddef>
#include <span>

#include "unit/embed/counting_embedder.hpp"
#include "unit/embed/fixture.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)

constexpr std::array<float, 10> kRows{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

class BlockJournalTest : public testing::Test {
 protected:
  Result<BlockJournal> open(bool is_continued, const std::string& fingerprint = "counting") {
    return BlockJournal::open(CountingEmbedder(fingerprint), journal_,
                              {.file = vectors_, .begin = 3}, is_continued);
  }
  static TextColumn texts(const std::string& first) {
    TextColumn column;
    column.push_back(first);
    column.push_back("second");
    return column;
  }
  /// Two blocks of two rows each.
  void finish_two() {
    const auto bytes = std::as_bytes(std::span(kRows));
    const std::string rows(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    write_text(vectors_, "abc" + rows + rows);
    auto journal = open(false);
    ASSERT_TRUE(journal) << to_string(journal.error());
    for (const char* first : {"a", "b"}) {
      ASSERT_TRUE(
          journal->append(journal->key(texts(first)), {.n_texts = 2, .n_tokens = 9}, bytes));
    }
  }

  TemporaryFolder folder_;
  fs::path journal_ = folder_.path() / "finished";
  fs::path vectors_ = folder_.path() / "growing";
};

TEST_F(BlockJournalTest, TakesFinishedBlocksInTheirOrder) {
  finish_two();
  EXPECT_EQ(BlockJournal::count(journal_), 2);
  auto journal = open(true);
  ASSERT_TRUE(journal);
  for (const char* first : {"a", "b"}) {
    const auto report = journal->take(journal->key(texts(first)), 2);
    ASSERT_TRUE(report) << first;
    EXPECT_EQ(report->n_tokens, 9);
  }
  EXPECT_FALSE(journal->take(journal->key(texts("c")), 2));
  EXPECT_EQ(journal->use().n_reused_texts, 4);
}

TEST_F(BlockJournalTest, TakesNothingBehindABlockOfOtherTexts) {
  finish_two();
  auto journal = open(true);
  ASSERT_TRUE(journal);
  EXPECT_FALSE(journal->take(journal->key(texts("other")), 2));
  EXPECT_FALSE(journal->take(journal->key(texts("a")), 2));
  ASSERT_TRUE(journal->append(journal->key(texts("other")), {}, std::as_bytes(std::span(kRows))));
  EXPECT_EQ(BlockJournal::count(journal_), 1);
}

TEST_F(BlockJournalTest, TakesNothingOfAnotherModelOrWhenBegunAnew) {
  finish_two();
  auto other = open(true, "another");
  ASSERT_TRUE(other);
  EXPECT_FALSE(other->take(other->key(texts("a")), 2));
  auto anew = open(false);
  ASSERT_TRUE(anew);
  EXPECT_FALSE(anew->take(anew->key(texts("a")), 2));
  EXPECT_EQ(BlockJournal::count(journal_), 0);
}

TEST_F(BlockJournalTest, TakesNoDamagedOrMissingRows) {
  finish_two();
  std::string bytes = read_text(vectors_);
  bytes[3 + 40 + 7] ^= 1;
  write_text(vectors_, bytes);
  auto journal = open(true);
  ASSERT_TRUE(journal);
  EXPECT_TRUE(journal->take(journal->key(texts("a")), 2));
  EXPECT_FALSE(journal->take(journal->key(texts("b")), 2));
  fs::remove(vectors_);
  auto without = open(true);
  ASSERT_TRUE(without);
  EXPECT_FALSE(without->take(without->key(texts("a")), 2));
}

}  // namespace
}  // namespace topograph

#include "topograph/core/atomic_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace topograph {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Atomic : public testing::Test {
 protected:
  Atomic() {
    folder_ =
        fs::temp_directory_path() /
        ("tg_atomic_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~Atomic() override { fs::remove_all(folder_); }
  [[nodiscard]] std::size_t n_entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }
  fs::path folder_;
};

TEST_F(Atomic, FileAppearsOnCommitOnly) {
  {
    auto file = AtomicFile::create(folder_ / "a.txt");
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write("hello"));
    EXPECT_FALSE(fs::exists(folder_ / "a.txt"));
    ASSERT_TRUE(file->commit());
  }
  std::ifstream in(folder_ / "a.txt");
  std::string text;
  in >> text;
  EXPECT_EQ(text, "hello");
  EXPECT_EQ(n_entries(), 1U);
}

TEST_F(Atomic, AbandonedFileLeavesNothingAndKeepsTheOldOne) {
  ASSERT_TRUE(write_file(folder_ / "a.txt", "old"));
  {
    auto file = AtomicFile::create(folder_ / "a.txt");
    ASSERT_TRUE(file->write("half"));
  }
  std::ifstream in(folder_ / "a.txt");
  std::string text;
  in >> text;
  EXPECT_EQ(text, "old");
  EXPECT_EQ(n_entries(), 1U);
}

TEST_F(Atomic, MissingFolderIsAnOutputErrorWithAHint) {
  const auto file = AtomicFile::create(folder_ / "no" / "a.txt");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().subject, Subject::output);
  EXPECT_THAT(file.error().hint, HasSubstr("folder"));
}

TEST_F(Atomic, DirectoryReplacesAnOlderModelAsAWhole) {
  for (const char* text : {"one", "two"}) {
    auto made = AtomicDirectory::create(folder_ / "model", "model.json");
    ASSERT_TRUE(made);
    ASSERT_TRUE(write_file(made->path() / "model.json", text));
    ASSERT_TRUE(made->commit());
  }
  std::ifstream in(folder_ / "model" / "model.json");
  std::string text;
  in >> text;
  EXPECT_EQ(text, "two");
  EXPECT_EQ(n_entries(), 1U);
}

TEST_F(Atomic, DirectoryRefusesToReplaceAForeignFolder) {
  fs::create_directories(folder_ / "photos");
  ASSERT_TRUE(write_file(folder_ / "photos" / "cat.jpg", "x"));
  const auto made = AtomicDirectory::create(folder_ / "photos", "model.json");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("not empty"));
  EXPECT_TRUE(fs::exists(folder_ / "photos" / "cat.jpg"));
}

TEST_F(Atomic, AbandonedDirectoryLeavesNothing) {
  {
    auto made = AtomicDirectory::create(folder_ / "model", "model.json");
    ASSERT_TRUE(made);
    ASSERT_TRUE(write_file(made->path() / "x", "x"));
  }
  EXPECT_EQ(n_entries(), 0U);
}

}  // namespace
}  // namespace topograph

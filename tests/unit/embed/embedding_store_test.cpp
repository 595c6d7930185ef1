#include "topograph/embed/embedding_store.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "unit/embed/counting_embedder.hpp"
#include "unit/embed/fixture.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using testing::HasSubstr;

TextColumn column(const std::vector<std::string>& texts) {
  TextColumn out;
  for (const std::string& text : texts) out.push_back(text);
  return out;
}

std::unique_ptr<EmbeddingStore> open_store(const Embedder& embedder, const fs::path& folder) {
  auto store = EmbeddingStore::open(embedder, folder);
  EXPECT_TRUE(store) << to_string(store.error());
  return *std::move(store);
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

bool same_bits(const Matrix<float>& a, const Matrix<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

const TextColumn kTexts = column({"one", "two", "", "a text of many characters"});

TEST(EmbeddingStore, TakesTheVectorsAndTheReportOfASecondCallFromItsFolder) {
  const TemporaryFolder folder;
  const CountingEmbedder embedder;
  const auto store = open_store(embedder, folder.path() / "deep/store");
  RunContext run({.threads = 1});
  Matrix<float> first(4, 5);
  Matrix<float> second(4, 5);
  const auto computed = store->embed(kTexts, first.view(), run);
  const auto reused = store->embed(kTexts, second.view(), run);
  ASSERT_TRUE(computed && reused);
  EXPECT_TRUE(same_bits(first, second));
  EXPECT_TRUE(same_bits(first, embed_all(CountingEmbedder(), kTexts)));
  EXPECT_EQ(embedder.n_calls, 1);
  EXPECT_EQ(reused->n_texts, computed->n_texts);
  EXPECT_EQ(reused->n_tokens, computed->n_tokens);
  EXPECT_EQ(reused->n_truncated, 1);
  const StoreUse use = store->use();
  EXPECT_EQ(use.n_blocks, 2);
  EXPECT_EQ(use.n_texts, 8);
  EXPECT_EQ(use.n_reused_blocks, 1);
  EXPECT_EQ(use.n_reused_texts, 4);
}

TEST(EmbeddingStore, OutlivesTheObjectThatFilledIt) {
  const TemporaryFolder folder;
  const CountingEmbedder first;
  static_cast<void>(embed_all(*open_store(first, folder.path()), kTexts));
  const CountingEmbedder second;
  const auto vectors = embed_all(*open_store(second, folder.path()), kTexts);
  EXPECT_EQ(second.n_calls, 0);
  EXPECT_TRUE(same_bits(vectors, embed_all(CountingEmbedder(), kTexts)));
}

TEST(EmbeddingStore, DoesNotMixModelsDimensionsOrdersOrBorders) {
  const TemporaryFolder folder;
  static_cast<void>(embed_all(*open_store(CountingEmbedder(), folder.path()), kTexts));
  const CountingEmbedder other_model("another");
  static_cast<void>(embed_all(*open_store(other_model, folder.path()), kTexts));
  EXPECT_EQ(other_model.n_calls, 1);
  const CountingEmbedder other_dimension("counting", 6);
  static_cast<void>(embed_all(*open_store(other_dimension, folder.path()), kTexts));
  EXPECT_EQ(other_dimension.n_calls, 1);
  const CountingEmbedder same;
  const auto store = open_store(same, folder.path());
  for (const auto& texts : {column({"two", "one", "", "a text of many characters"}),
                            column({"one", "two", ""}), column({"onet", "wo", "", "x"})}) {
    const int n_before = same.n_calls;
    const auto vectors = embed_all(*store, texts);
    EXPECT_EQ(same.n_calls, n_before + 1);
    EXPECT_TRUE(same_bits(vectors, embed_all(CountingEmbedder(), texts)));
  }
}

TEST(EmbeddingStore, ComputesDamagedBlocksAgainAndMendsThem) {
  const TemporaryFolder folder;
  const auto expected = embed_all(*open_store(CountingEmbedder(), folder.path()), kTexts);
  const auto files = files_in(folder.path());
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].extension(), kStoredBlockExtension);
  const std::string good = read_text(files[0]);
  std::vector<std::string> damaged{"", "no block", good.substr(0, 127),
                                   good.substr(0, good.size() - 1), good + "x"};
  for (std::size_t at = 0; at < good.size(); ++at) {
    damaged.push_back(good);
    damaged.back()[at] = static_cast<char>(damaged.back()[at] ^ 0x10);
  }
  for (std::size_t i = 0; i < damaged.size(); ++i) {
    write_text(files[0], damaged[i]);
    const CountingEmbedder embedder;
    const auto vectors = embed_all(*open_store(embedder, folder.path()), kTexts);
    EXPECT_EQ(embedder.n_calls, 1) << i;
    EXPECT_TRUE(same_bits(vectors, expected)) << i;
    EXPECT_EQ(read_text(files[0]), good) << i;
  }
}

TEST(EmbeddingStore, KeepsNothingOfACallThatFailed) {
  const TemporaryFolder folder;
  CountingEmbedder embedder;
  embedder.fail_at_call = 0;
  const auto store = open_store(embedder, folder.path());
  RunContext run({.threads = 1});
  Matrix<float> out(4, 5);
  ASSERT_FALSE(store->embed(kTexts, out.view(), run));
  EXPECT_TRUE(fs::is_empty(folder.path()));
  EXPECT_EQ(store->use().n_blocks, 0);
}

TEST(EmbeddingStore, WritesNoFileForNoTexts) {
  const TemporaryFolder folder;
  const CountingEmbedder embedder;
  static_cast<void>(embed_all(*open_store(embedder, folder.path()), TextColumn()));
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(EmbeddingStore, LeavesOtherFilesAlone) {
  const TemporaryFolder folder;
  write_text(folder.path() / "photo.jpg", "x");
  static_cast<void>(embed_all(*open_store(CountingEmbedder(), folder.path()), kTexts));
  EXPECT_EQ(read_text(folder.path() / "photo.jpg"), "x");
  EXPECT_EQ(files_in(folder.path()).size(), 2U);
}

TEST(EmbeddingStore, NamesAFolderThatCannotBeMade) {
  const TemporaryFolder folder;
  write_text(folder.path() / "file", "x");
  const CountingEmbedder embedder;
  const auto store = EmbeddingStore::open(embedder, folder.path() / "file/store");
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().subject, Subject::output);
  EXPECT_THAT(to_string(store.error()), HasSubstr("file/store"));
}

}  // namespace
}  // namespace topograph

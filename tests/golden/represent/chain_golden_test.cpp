// Chains of representations give the words that BERTopic gives with the same vectors.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "golden/topics/bertopic_data.hpp"
#include "topograph/represent/represent_topics.hpp"

namespace topograph {
namespace {

using golden::Json;

/// Looks up the vectors that the peer worked with.
class TableEmbedder final : public Embedder {
 public:
  explicit TableEmbedder(const Json& table) : table_(table) {}
  [[nodiscard]] std::size_t dimension() const override { return table_.front().size(); }
  [[nodiscard]] std::string name() const override { return "table"; }
  [[nodiscard]] Result<std::string> fingerprint() const override { return "table"; }
  [[nodiscard]] Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& /*run*/) const override {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::istringstream parts{std::string(texts[i])};
      std::vector<std::string> words{std::istream_iterator<std::string>(parts), {}};
      std::ranges::sort(words);
      std::string key;
      for (const std::string& word : words) key += (key.empty() ? "" : " ") + word;
      const auto found = table_.find(key);
      // Which of equally good words of -1 come last is open, and so what they make together.
      if (found == table_.end()) continue;
      for (std::size_t j = 0; j < out.cols(); ++j) out[i, j] = (*found)[j].get<float>();
    }
    return EmbedReport{};
  }

 private:
  const Json& table_;
};

TEST(ChainGolden, MmrKeybertAndBothInARow) {
  const golden::PeerModel peer = golden::read_peer_model();
  const TableEmbedder embedder(peer.data["embedded"]);
  const Matrix<float> vectors = golden::matrix_of(peer.data["typical_vectors"]);
  const TopicEvidence evidence{.weights = peer.description.weights.view(),
                               .vocabulary = &peer.description.counts.vocabulary,
                               .vectors = vectors.view()};
  RunContext run;
  for (const Json& golden : peer.data["represented"]) {
    const std::string name = golden["chain"];
    SCOPED_TRACE(name);
    const bool is_both = name == "keybert,mmr";
    const auto chain = parse_chain(name, "chain");
    ASSERT_TRUE(chain);
    const auto words = represent_topics(
        evidence, *chain,
        {.mmr = {.diversity = is_both ? 0.7 : 0.3, .top_n_words = is_both ? 5 : 8},
         .keybert = {.top_n_words = 8, .nr_repr_docs = 4, .nr_candidate_words = 100}},
        10, &embedder, run);
    ASSERT_TRUE(words);
    for (std::size_t row = name == "mmr" ? 1 : 0; row < words->size(); ++row) {
      const auto expected =
          golden::words_of(golden["words"][std::to_string(static_cast<int>(row) - 1)]);
      EXPECT_EQ(golden::difference((*words)[row], expected, 1e-6), "") << row;
    }
  }
}

}  // namespace
}  // namespace topograph

#include "embed/encoder/encode_texts.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

// Enough texts of every length that equal lengths fill batches.
constexpr std::size_t kWindow = 4096;
constexpr std::size_t kTextsPerBlock = 128;

TextColumn rows_of(const TextColumn& texts, std::size_t begin, std::size_t end) {
  TextColumn rows;
  for (std::size_t i = begin; i < end; ++i) rows.push_back(texts[i]);
  return rows;
}

}  // namespace

Result<TokenCounts> encode_texts(const TokenizeRows& tokenize, const Transformer& transformer,
                                 const EncodeSettings& settings, const TextColumn& texts,
                                 MatrixView<float> out, Stage& stage, RunContext& run) {
  TG_EXPECTS(out.rows() == texts.size());
  TokenCounts counts;
  // `tokens` are those of the texts [begin, end); the texts [end, next) are tokenised meanwhile.
  TokenBatch tokens;
  for (std::size_t begin = 0, end = 0; begin < texts.size();) {
    const std::size_t next = std::min(texts.size(), end + kWindow);
    const BatchPlan plan = plan_batches(tokens, settings.batch_tokens);
    const MatrixView<float> vectors = out.rows(begin, end);
    clear_rows_without_tokens(tokens, vectors, stage);
    std::shared_ptr<const Network> network;
    if (!plan.batches.empty()) {
      TG_TRY(network, transformer.network(plan, run));
    }
    std::vector<TokenBatch> parts(block_count(next - end, kTextsPerBlock));
    const auto work = [&](const Block& block) -> Result<void> {
      if (block.index < parts.size()) {
        const std::size_t first = end + block.index * kTextsPerBlock;
        const std::size_t last = std::min(next, first + kTextsPerBlock);
        TG_TRY(parts[block.index], tokenize(rows_of(texts, first, last), first, run));
        return {};
      }
      const EncoderBatch& batch = plan.batches[block.index - parts.size()];
      TG_TRY(transformer.encode_batch(*network, tokens, plan, batch, settings.head, vectors));
      stage.advance(batch.end - batch.begin);
      return {};
    };
    TG_TRY(parallel_blocks(run, parts.size() + plan.batches.size(), 1, work));
    tokens = {};
    for (const TokenBatch& part : parts) tokens.append(part);
    counts.n_tokens += static_cast<std::int64_t>(tokens.ids.size());
    counts.n_truncated += tokens.n_truncated;
    begin = end;
    end = next;
  }
  return counts;
}

}  // namespace topograph::detail

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "text/ngram_shard.hpp"
#include "text/term_cutter.hpp"
#include "text/term_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"

namespace topograph {

struct Corpus {
  const TextColumn& texts;
  std::span<const std::int32_t> classes;  ///< -1: left out.
  std::span<const std::int32_t> weights;  ///< Empty: 1.
  std::size_t n_classes = 0;
};

/// Counts of every n-gram of a corpus.
struct CorpusCounts {
  TermTable words = {};
  std::vector<NgramShard> shards = {};
  std::int64_t n_documents = 0;
  std::int64_t dropped_up_to = 0;  ///< Terms of that many documents may have been dropped.
};

/// @param vocabulary  Keys of the only terms that are looked for: words that none of them has are
///                    gaps. Other n-grams of their words are counted, too. Empty: every word.
/// @determinism  Bit-identical for any number of threads.
[[nodiscard]] Result<CorpusCounts> count_corpus(const Corpus& corpus, const CutRules& rules,
                                                const std::vector<std::string>& vocabulary,
                                                RunContext& run);

}  // namespace topograph

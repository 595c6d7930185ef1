#include <algorithm>
#include <optional>

#include "text/term_cutter.hpp"
#include "text/term_table.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGrain = 256;

struct RowCounts {
  std::vector<std::int32_t> columns = {};
  std::vector<double> values = {};
  std::vector<std::size_t> sizes = {};  ///< Entries of each row of the block.
};

void append_row(std::vector<std::int32_t>& ids, RowCounts& counts) {
  std::ranges::sort(ids);
  const std::size_t begin = counts.columns.size();
  for (const std::int32_t id : ids) {
    if (counts.columns.size() > begin && counts.columns.back() == id) {
      counts.values.back() += 1;
    } else {
      counts.columns.push_back(id);
      counts.values.push_back(1);
    }
  }
  counts.sizes.push_back(counts.columns.size() - begin);
}

}  // namespace

Result<Csr<double>> count_documents(const TextColumn& texts, std::span<const std::int64_t> rows,
                                    const Vocabulary& vocabulary, const CountPlan& plan,
                                    RunContext& run) {
  const CutRules rules(plan);
  TermTable known;
  TermCutter namer(rules);
  for (std::size_t id = 0; id < vocabulary.size(); ++id) {
    known.add(namer.key_of(vocabulary.terms()[id]));
  }
  std::vector<std::optional<TermCutter>> cutters(idx(run.threads()));
  std::vector<RowCounts> blocks(block_count(rows.size(), kGrain));
  TG_TRY(parallel_blocks(run, rows.size(), kGrain, [&](const Block& block) {
    auto& cutter = cutters[block.worker];
    if (!cutter) cutter.emplace(rules);
    std::vector<std::int32_t> ids;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      ids.clear();
      (void)cutter->cut(texts[idx(rows[i])]);
      for (const std::string_view term : cutter->keys()) {
        if (const std::int32_t id = known.find(term); id >= 0) ids.push_back(id);
      }
      append_row(ids, blocks[block.index]);
    }
  }));

  Csr<double> counts;
  counts.n_cols = vocabulary.size();
  for (const RowCounts& block : blocks) {
    counts.columns.insert(counts.columns.end(), block.columns.begin(), block.columns.end());
    counts.values.insert(counts.values.end(), block.values.begin(), block.values.end());
    for (const std::size_t size : block.sizes) {
      counts.offsets.push_back(counts.offsets.back() + narrow<std::int64_t>(size));
    }
  }
  return counts;
}

}  // namespace topograph

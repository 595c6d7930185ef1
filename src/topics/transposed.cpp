// Blocks of columns are written one by one: what a block writes lies together and stays in a cache,
// and what it reads is a stretch of every row.
#include "topics/transposed.hpp"

#include <algorithm>
#include <cmath>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kColumnsPerBlock = std::size_t{1} << 15U;

}  // namespace

Result<Csr<double>> transposed(CsrView<double> rows, RunContext& run) {
  const std::size_t n_blocks = block_count(rows.cols(), kColumnsPerBlock);
  // Where every row enters every block, and how much was in the blocks before.
  std::vector<std::vector<std::int64_t>> enters(n_blocks + 1);
  std::vector<std::int64_t> written(n_blocks + 1, 0);
  for (std::size_t b = 0; b <= n_blocks; ++b) {
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      const auto columns = rows.row_columns(r);
      const auto limit = narrow<std::int64_t>(b * kColumnsPerBlock);
      const auto at = std::ranges::lower_bound(columns, limit);
      const std::int64_t before = b == n_blocks ? narrow<std::int64_t>(columns.size())
                                                : narrow<std::int64_t>(at - columns.begin());
      enters[b].push_back(rows.offsets[r] + before);
      written[b] += before;
    }
  }
  Csr<double> out;
  out.n_cols = rows.rows();
  out.offsets.assign(rows.cols() + 1, 0);
  out.columns.resize(rows.nnz());
  out.values.resize(rows.nnz());
  TG_TRY(parallel_blocks(run, rows.cols(), kColumnsPerBlock, [&](const Block& block) {
    std::vector<std::int64_t> next(block.end - block.begin + 1, 0);
    const auto for_entries = [&](auto&& use) {
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        for (auto i = idx(enters[block.index][r]); i < idx(enters[block.index + 1][r]); ++i) {
          use(r, i, idx(rows.columns[i]) - block.begin);
        }
      }
    };
    for_entries([&](std::size_t, std::size_t, std::size_t column) { ++next[column + 1]; });
    next[0] = written[block.index];
    for (std::size_t c = 0; c + 1 < next.size(); ++c) {
      next[c + 1] += next[c];
      out.offsets[block.begin + c + 1] = next[c + 1];
    }
    for_entries([&](std::size_t r, std::size_t i, std::size_t column) {
      const auto at = idx(next[column]++);
      out.columns[at] = static_cast<std::int32_t>(r);
      out.values[at] = rows.values[i];
    });
  }));
  return out;
}

std::vector<double> row_norms(CsrView<double> rows) {
  std::vector<double> norms(rows.rows(), 0.0);
  for (std::size_t r = 0; r < norms.size(); ++r) {
    for (const double value : rows.row_values(r)) norms[r] += value * value;
    norms[r] = std::sqrt(norms[r]);
  }
  return norms;
}

}  // namespace topograph::detail

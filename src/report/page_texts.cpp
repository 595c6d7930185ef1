#include "report/page_texts.hpp"

#include <algorithm>
#include <cstdint>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t text_grain = 2048;

}  // namespace

std::vector<std::size_t> documents_with_text(std::size_t n, std::size_t most,
                                             std::span<const std::size_t> wanted) {
  std::vector<std::uint8_t> is_taken(n, n <= most ? 1 : 0);
  if (n > most) {
    for (const std::size_t document : wanted) is_taken[document] = 1;
    // A fixed key: which documents a page shows is no part of a run's randomness.
    const std::vector<std::int32_t> sample =
        sample_without_replacement(random_key(0, "report.texts"), n, most);
    auto n_taken = static_cast<std::size_t>(std::ranges::count(is_taken, 1));
    const std::size_t n_free = most > n_taken ? most - n_taken : 0;
    // As many of the sample as there is room for, spread over all of it.
    for (std::size_t k = 0; k < n_free; ++k) is_taken[idx(sample[k * most / n_free])] = 1;
  }
  std::vector<std::size_t> documents;
  for (std::size_t i = 0; i < n; ++i) {
    if (is_taken[i] != 0) documents.push_back(i);
  }
  return documents;
}

Result<void> add_texts(ArrayBlob& blob, const std::string& name, const TextColumn& column,
                       std::span<const std::size_t> rows, std::size_t max_chars, RunContext& run) {
  std::vector<std::string> pieces(block_count(rows.size(), text_grain));
  std::vector<std::uint32_t> lengths(rows.size());
  TG_TRY(parallel_blocks(run, rows.size(), text_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const std::string text = excerpt(column[rows[i]], max_chars);
      lengths[i] = narrow<std::uint32_t>(text.size());
      pieces[block.index] += text;
    }
  }));
  std::string joined;
  for (const std::string& piece : pieces) joined += piece;
  blob.add(name + "_lengths", lengths);
  blob.add_text(name, joined);
  return {};
}

}  // namespace topograph::detail

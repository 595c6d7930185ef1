#include "topograph/text/term_places.hpp"

#include <optional>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {

Result<TermPlaces> find_term_places(const TextColumn& texts, std::span<const std::int64_t> rows,
                                    const KnownTerms& terms, RunContext& run) {
  constexpr std::size_t grain = 256;
  TermPlaces out;
  out.n_tokens.resize(rows.size());
  std::vector<std::size_t> n_places(rows.size());
  std::vector<std::vector<TermPlace>> of_block(block_count(rows.size(), grain));
  // A reader learns words as it goes, so that one for each thread is much faster than one a block.
  std::vector<std::optional<TextWindows>> readers(idx(run.threads()));
  TG_TRY(parallel_blocks(run, rows.size(), grain, [&](const Block& block) {
    auto& reader = readers[block.worker];
    if (!reader) reader.emplace(terms);
    auto& found = of_block[block.index];
    for (std::size_t i = block.begin; i < block.end; ++i) {
      out.n_tokens[i] = narrow<std::int32_t>(reader->read(texts[idx(rows[i])]).size());
      const std::span<const TermPlace> places = reader->places();
      n_places[i] = places.size();
      found.insert(found.end(), places.begin(), places.end());
    }
  }));
  for (const std::size_t n : n_places) {
    out.first.push_back(out.first.back() + narrow<std::int64_t>(n));
  }
  out.places.reserve(idx(out.first.back()));
  for (const auto& found : of_block) {
    out.places.insert(out.places.end(), found.begin(), found.end());
  }
  return out;
}

}  // namespace topograph

#include "topics/peer_sampler.hpp"

#include <bit>

namespace topograph {

std::size_t PeerSampler::below(std::size_t n) {
  if (n < 2) return 0;
  const std::size_t mask = std::bit_ceil(n) - 1;
  while (true) {
    const std::size_t drawn = static_cast<std::size_t>(words_()) & mask;
    if (drawn < n) return drawn;
  }
}

std::vector<std::int64_t> PeerSampler::draw(const std::vector<std::int64_t>& rows,
                                            std::size_t size) {
  std::vector<std::int64_t> drawn;
  std::vector<bool> is_drawn(rows.size(), false);
  for (std::size_t i = 0; i < size && !rows.empty(); ++i) {
    const std::size_t at = below(rows.size());
    if (is_drawn[at]) continue;
    is_drawn[at] = true;
    drawn.push_back(rows[at]);
  }
  return drawn;
}

}  // namespace topograph

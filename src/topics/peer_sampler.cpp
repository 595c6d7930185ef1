#include "topics/peer_sampler.hpp"

#include <bit>

namespace topograph {
namespace {

constexpr std::uint32_t kSeed = 42;
constexpr std::size_t kShift = 397;

}  // namespace

PeerSampler::PeerSampler() {
  state_[0] = kSeed;
  for (std::uint32_t i = 1; i < kWords; ++i) {
    state_[i] = 1812433253U * (state_[i - 1] ^ (state_[i - 1] >> 30U)) + i;
  }
}

void PeerSampler::twist() {
  for (std::size_t i = 0; i < kWords; ++i) {
    const std::uint32_t mixed =
        (state_[i] & 0x80000000U) | (state_[(i + 1) % kWords] & 0x7FFFFFFFU);
    state_[i] = state_[(i + kShift) % kWords] ^ (mixed >> 1U) ^ ((mixed & 1U) * 0x9908B0DFU);
  }
  next_ = 0;
}

std::uint32_t PeerSampler::next_word() {
  if (next_ == kWords) twist();
  std::uint32_t word = state_[next_++];
  word ^= word >> 11U;
  word ^= (word << 7U) & 0x9D2C5680U;
  word ^= (word << 15U) & 0xEFC60000U;
  return word ^ (word >> 18U);
}

std::size_t PeerSampler::below(std::size_t n) {
  if (n < 2) return 0;
  const std::size_t mask = std::bit_ceil(n) - 1;
  while (true) {
    const std::size_t drawn = next_word() & mask;
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

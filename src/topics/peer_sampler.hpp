#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace topograph {

/// The draws of numpy's `RandomState(42).choice(n, size, replace=True)`, call after call, as the
/// peer samples documents: raw words of a Mersenne twister under the smallest mask that covers
/// n - 1, those above it rejected. A single choice costs no draw.
/// @source Matsumoto & Nishimura 1998 (MT19937); numpy 2.4.6, legacy generator.
class PeerSampler {
 public:
  PeerSampler();

  /// `size` draws from `rows`, repeated ones left out.
  [[nodiscard]] std::vector<std::int64_t> draw(const std::vector<std::int64_t>& rows,
                                               std::size_t size);

 private:
  static constexpr std::size_t kWords = 624;

  [[nodiscard]] std::uint32_t next_word();
  [[nodiscard]] std::size_t below(std::size_t n);
  void twist();

  std::array<std::uint32_t, kWords> state_ = {};
  std::size_t next_ = kWords;
};

}  // namespace topograph

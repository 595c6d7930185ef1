#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace topograph {

/// The draws of numpy's `RandomState(42).choice(n, size, replace=True)`, call after call, as the
/// peer samples documents: raw words of a Mersenne twister under the smallest mask that covers
/// n - 1, those above it rejected. A single choice costs no draw.
class PeerSampler {
 public:
  /// `size` draws from `rows`, repeated ones left out.
  [[nodiscard]] std::vector<std::int64_t> draw(const std::vector<std::int64_t>& rows,
                                               std::size_t size);

 private:
  [[nodiscard]] std::size_t below(std::size_t n);

  std::mt19937 words_{42};  // Exactly specified, unlike the standard's distributions.
};

}  // namespace topograph

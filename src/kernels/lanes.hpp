#pragma once

// Kernels that work on eight float32 lanes; as kernels.hpp, declarations and plain data only. The
// AVX-512 processors use the AVX2 build: eight lanes are one 256-bit register.

#include <cstddef>
#include <cstdint>

namespace topograph::kernels {

inline constexpr std::size_t fft_lane_count = 8;

/// A complex transform of length n = product of factors, each 2, 3, 4 or 5.
struct FftPlan {
  std::size_t n = 0;
  std::size_t n_factors = 0;
  const std::uint8_t* factors = nullptr;
  /// Per factor r, for p < left / r and k in 1 .. r-1: cos, then sin, of -2 pi p k / left.
  const float* twiddles = nullptr;
};

/// One row of the attraction of t-SNE in two dimensions.
struct Attraction {
  const float* coords = nullptr;  ///< (any, 2)
  const std::int32_t* ids = nullptr;
  const float* weights = nullptr;
  std::size_t n = 0;
  float x = 0;
  float y = 0;
};

/// Both give the same bits on every instruction set.
struct LaneKernels {
  /// Transforms eight signals: sample t of all is data[16 t ..]: eight real parts, eight imaginary
  /// parts, 32-byte aligned. Returns where the result is: `data` or `scratch` (16 n floats each).
  float* (*fft)(const FftPlan& plan, float* data, float* scratch) = nullptr;
  /// out = sum over t of weights[t] / (1 + |p - q_t|^2) (p - q_t) for p = (x, y).
  void (*attract)(const Attraction& row, float* out) = nullptr;
};

/// Those of this processor, chosen once (see `active()`).
[[nodiscard]] const LaneKernels& lane_kernels();

namespace scalar {
extern const LaneKernels lanes;
}
namespace avx2 {
extern const LaneKernels lanes;
}

}  // namespace topograph::kernels

#include "kernels/code_kernels.hpp"

namespace topograph::kernels::scalar {
namespace {

bool scan_codes(const CodeScan& scan) {
  std::uint32_t any = 0;
  for (std::size_t r = 0; r < scan_rows; ++r) {
    std::int32_t sums[panel_rows] = {};
    for (std::size_t t = 0; t < scan.depth; ++t) {
      const std::int32_t x = scan.a[r * scan.depth + t];
      const std::uint8_t* y = scan.b + (t / 4) * (4 * panel_rows) + t % 4;
      for (std::size_t c = 0; c < panel_rows; ++c) {
        sums[c] += x * (static_cast<std::int32_t>(y[c * 4]) - 128);
      }
    }
    std::uint32_t hits = 0;
    for (std::size_t c = 0; c < panel_rows; ++c) {
      const float product = scan.a_scale[r] * scan.b_scale[c] * static_cast<float>(sums[c]);
      const float value = scan.a_half[r] - (product - scan.b_half[c]);
      scan.values[r * panel_rows + c] = value;
      hits |= (value <= scan.a_limit[r] ? 1U : 0U) << c;
    }
    scan.a_hits[r] = hits;
    any |= hits;
  }
  return any != 0;
}

std::int32_t dot_codes(const std::int8_t* x, const std::int8_t* y, std::size_t n) {
  std::int32_t sum = 0;
  for (std::size_t t = 0; t < n; ++t) sum += static_cast<std::int32_t>(x[t]) * y[t];
  return sum;
}

float widen(std::uint16_t half) {
  const std::uint32_t magnitude = (half & 0x7FFFU) << 13U;
  float value = 0;
  __builtin_memcpy(&value, &magnitude, sizeof value);
  value *= 0x1p112F;  // moves the exponent's bias; subnormal halves become normal
  std::uint32_t bits = 0;
  __builtin_memcpy(&bits, &value, sizeof bits);
  if ((half & 0x7C00U) == 0x7C00U) bits = 0x7F800000U | magnitude;  // infinity or NaN
  bits |= (half & 0x8000U) << 16U;
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

void widen_halves(const std::uint16_t* halves, float* out, std::size_t n) {
  for (std::size_t t = 0; t < n; ++t) out[t] = widen(halves[t]);
}

}  // namespace

const CodeKernels code_table = {"scalar", scan_codes, dot_codes, widen_halves};

}  // namespace topograph::kernels::scalar

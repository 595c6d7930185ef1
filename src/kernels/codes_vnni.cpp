#include "kernels/code_kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace topograph::kernels::vnni {
namespace {

std::int32_t total(__m512i sums) {
  alignas(64) std::int32_t s[16];
  _mm512_store_si512(s, sums);
  std::int32_t sum = 0;
  for (const std::int32_t one : s) sum += one;
  return sum;
}

// The instruction multiplies unsigned by signed bytes. The panel holds b + 128, so each sum is too
// large by 128 times the sum of a's codes.
bool scan_codes(const CodeScan& scan) {
  __m512i low[scan_rows];
  __m512i high[scan_rows];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < scan_rows; ++r) {
    low[r] = _mm512_setzero_si512();
    high[r] = _mm512_setzero_si512();
  }
  const std::uint8_t* b = scan.b;
  for (std::size_t t = 0; t < scan.depth; t += 4, b += 4 * panel_rows) {
    const __m512i b_low = _mm512_load_si512(b);
    const __m512i b_high = _mm512_load_si512(b + 64);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < scan_rows; ++r) {
      int four = 0;
      __builtin_memcpy(&four, scan.a + r * scan.depth + t, sizeof four);
      const __m512i x = _mm512_set1_epi32(four);
      low[r] = _mm512_dpbusd_epi32(low[r], b_low, x);
      high[r] = _mm512_dpbusd_epi32(high[r], b_high, x);
    }
  }
  const __m512 scale_low = _mm512_loadu_ps(scan.b_scale);
  const __m512 scale_high = _mm512_loadu_ps(scan.b_scale + 16);
  const __m512 half_low = _mm512_loadu_ps(scan.b_half);
  const __m512 half_high = _mm512_loadu_ps(scan.b_half + 16);
  const __m512i offset = _mm512_set1_epi8(-128);
  std::uint32_t any = 0;
#pragma GCC unroll 8
  for (std::size_t r = 0; r < scan_rows; ++r) {
    __m512i lifted = _mm512_setzero_si512();
    for (std::size_t t = 0; t < scan.depth; t += 64) {
      lifted = _mm512_dpbusd_epi32(lifted, offset, _mm512_loadu_si512(scan.a + r * scan.depth + t));
    }
    const __m512i excess = _mm512_set1_epi32(total(lifted));
    const __m512 scale = _mm512_set1_ps(scan.a_scale[r]);
    const __m512 half = _mm512_set1_ps(scan.a_half[r]);
    const __m512 limit = _mm512_set1_ps(scan.a_limit[r]);
    const __m512 product_low =
        _mm512_mul_ps(_mm512_mul_ps(scale, scale_low),
                      _mm512_maskz_cvtepi32_ps(0xFFFF, _mm512_sub_epi32(low[r], excess)));
    const __m512 product_high =
        _mm512_mul_ps(_mm512_mul_ps(scale, scale_high),
                      _mm512_maskz_cvtepi32_ps(0xFFFF, _mm512_sub_epi32(high[r], excess)));
    const __m512 value_low = _mm512_sub_ps(half, _mm512_sub_ps(product_low, half_low));
    const __m512 value_high = _mm512_sub_ps(half, _mm512_sub_ps(product_high, half_high));
    _mm512_store_ps(scan.values + r * panel_rows, value_low);
    _mm512_store_ps(scan.values + r * panel_rows + 16, value_high);
    scan.a_hits[r] =
        static_cast<std::uint32_t>(_mm512_cmp_ps_mask(value_low, limit, _CMP_LE_OQ)) |
        (static_cast<std::uint32_t>(_mm512_cmp_ps_mask(value_high, limit, _CMP_LE_OQ)) << 16U);
    any |= scan.a_hits[r];
  }
  return any != 0;
}

std::int32_t dot_codes(const std::int8_t* x, const std::int8_t* y, std::size_t n) {
  const __m512i offset = _mm512_set1_epi8(-128);
  __m512i sum = _mm512_setzero_si512();
  __m512i excess = _mm512_setzero_si512();
  for (std::size_t t = 0; t < n; t += 64) {
    const __m512i a = _mm512_loadu_si512(x + t);
    sum = _mm512_dpbusd_epi32(sum, _mm512_xor_si512(_mm512_loadu_si512(y + t), offset), a);
    excess = _mm512_dpbusd_epi32(excess, offset, a);
  }
  return total(_mm512_sub_epi32(sum, excess));
}

void widen_halves(const std::uint16_t* halves, float* out, std::size_t n) {
  for (std::size_t t = 0; t < n; t += 16) {
    const auto inside = static_cast<__mmask16>(n - t < 16 ? (1U << (n - t)) - 1U : 0xFFFFU);
    const __m256i some = _mm256_maskz_loadu_epi16(inside, halves + t);
    _mm512_mask_storeu_ps(out + t, inside, _mm512_maskz_cvtph_ps(inside, some));
  }
}

}  // namespace

const CodeKernels code_table = {"vnni", scan_codes, dot_codes, widen_halves};

}  // namespace topograph::kernels::vnni
#endif

#include "kernels/code_kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace topograph::kernels::avx2 {
namespace {

constexpr std::size_t tile_rows = 4;

// Products of codes in pairs fit 16 bits: 2 * 127 * 127 < 2^15. The unsigned operand is |b|, its
// sign goes over to a.
__m256i add_products(__m256i sum, __m256i a, __m256i b) {
  const __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(b), _mm256_sign_epi8(a, b));
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

// 4 rows by 16 columns.
void scan_code_tile(const CodeScan& scan, std::size_t row, std::size_t column) {
  __m256i low[tile_rows];
  __m256i high[tile_rows];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < tile_rows; ++r) {
    low[r] = _mm256_setzero_si256();
    high[r] = _mm256_setzero_si256();
  }
  const __m256i offset = _mm256_set1_epi8(-128);
  const std::int8_t* a = scan.a + row * scan.depth;
  const std::uint8_t* b = scan.b + column * 4;
  for (std::size_t t = 0; t < scan.depth; t += 4, b += 4 * panel_rows) {
    const __m256i b_low =
        _mm256_xor_si256(_mm256_load_si256(reinterpret_cast<const __m256i*>(b)), offset);
    const __m256i b_high =
        _mm256_xor_si256(_mm256_load_si256(reinterpret_cast<const __m256i*>(b + 32)), offset);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < tile_rows; ++r) {
      int four = 0;
      __builtin_memcpy(&four, a + r * scan.depth + t, sizeof four);
      const __m256i x = _mm256_set1_epi32(four);
      low[r] = add_products(low[r], x, b_low);
      high[r] = add_products(high[r], x, b_high);
    }
  }
#pragma GCC unroll 4
  for (std::size_t r = 0; r < tile_rows; ++r) {
    const __m256 scale = _mm256_set1_ps(scan.a_scale[row + r]);
    const __m256 half = _mm256_set1_ps(scan.a_half[row + r]);
    const __m256 limit = _mm256_set1_ps(scan.a_limit[row + r]);
    const __m256i sums[2] = {low[r], high[r]};
#pragma GCC unroll 2
    for (std::size_t part = 0; part < 2; ++part) {
      const std::size_t at = column + part * 8;
      const __m256 product = _mm256_mul_ps(_mm256_mul_ps(scale, _mm256_loadu_ps(scan.b_scale + at)),
                                           _mm256_cvtepi32_ps(sums[part]));
      const __m256 value =
          _mm256_sub_ps(half, _mm256_sub_ps(product, _mm256_loadu_ps(scan.b_half + at)));
      _mm256_store_ps(scan.values + (row + r) * panel_rows + at, value);
      scan.a_hits[row + r] |=
          static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(value, limit, _CMP_LE_OQ)))
          << at;
    }
  }
}

bool scan_codes(const CodeScan& scan) {
  for (std::size_t r = 0; r < scan_rows; ++r) scan.a_hits[r] = 0;
  for (std::size_t row = 0; row < scan_rows; row += tile_rows) {
    scan_code_tile(scan, row, 0);
    scan_code_tile(scan, row, 16);
  }
  std::uint32_t any = 0;
  for (std::size_t r = 0; r < scan_rows; ++r) any |= scan.a_hits[r];
  return any != 0;
}

std::int32_t dot_codes(const std::int8_t* x, const std::int8_t* y, std::size_t n) {
  __m256i sum = _mm256_setzero_si256();
  for (std::size_t t = 0; t < n; t += 32) {
    sum = add_products(sum, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + t)),
                       _mm256_loadu_si256(reinterpret_cast<const __m256i*>(y + t)));
  }
  alignas(32) std::int32_t sums[8];
  _mm256_store_si256(reinterpret_cast<__m256i*>(sums), sum);
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

void widen_halves(const std::uint16_t* halves, float* out, std::size_t n) {
  std::size_t t = 0;
  for (; t + 8 <= n; t += 8) {
    const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(halves + t));
    _mm256_storeu_ps(out + t, _mm256_cvtph_ps(eight));
  }
  for (; t < n; ++t) out[t] = _cvtsh_ss(halves[t]);
}

}  // namespace

const CodeKernels code_table = {"avx2", scan_codes, dot_codes, widen_halves};

}  // namespace topograph::kernels::avx2
#endif

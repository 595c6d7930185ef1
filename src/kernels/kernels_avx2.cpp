#include "kernels/kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace topograph::kernels::avx2 {
namespace {

constexpr std::size_t tile_rows = 4;

std::uint32_t hit_bits(__m256 value, __m256 limit) {
  return static_cast<std::uint32_t>(_mm256_movemask_ps(_mm256_cmp_ps(value, limit, _CMP_LE_OQ)));
}

// 4 rows by 16 columns: 8 accumulators, two column vectors and a broadcast fit 16 registers.
void scan_tile(const PanelScan& scan, std::size_t row, std::size_t column) {
  __m256 low[tile_rows];
  __m256 high[tile_rows];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < tile_rows; ++r) {
    low[r] = _mm256_setzero_ps();
    high[r] = _mm256_setzero_ps();
  }
  const float* a = scan.a + row;
  const float* b = scan.b + column;
  for (std::size_t t = 0; t < scan.depth; ++t, a += panel_rows, b += panel_rows) {
    const __m256 b_low = _mm256_load_ps(b);
    const __m256 b_high = _mm256_load_ps(b + 8);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < tile_rows; ++r) {
      const __m256 x = _mm256_broadcast_ss(a + r);
      low[r] = _mm256_fmadd_ps(x, b_low, low[r]);
      high[r] = _mm256_fmadd_ps(x, b_high, high[r]);
    }
  }
  const __m256 half_low = _mm256_loadu_ps(scan.b_half + column);
  const __m256 half_high = _mm256_loadu_ps(scan.b_half + column + 8);
  const __m256 limit_low = _mm256_loadu_ps(scan.b_limit + column);
  const __m256 limit_high = _mm256_loadu_ps(scan.b_limit + column + 8);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < tile_rows; ++r) {
    const __m256 half = _mm256_set1_ps(scan.a_half[row + r]);
    const __m256 limit = _mm256_set1_ps(scan.a_limit[row + r]);
    const __m256 value_low = _mm256_sub_ps(half, _mm256_sub_ps(low[r], half_low));
    const __m256 value_high = _mm256_sub_ps(half, _mm256_sub_ps(high[r], half_high));
    float* values = scan.values + (row + r) * panel_rows + column;
    _mm256_store_ps(values, value_low);
    _mm256_store_ps(values + 8, value_high);
    scan.a_hits[row + r] |= (hit_bits(value_low, limit) | (hit_bits(value_high, limit) << 8U))
                            << column;
    scan.b_hits[row + r] |=
        (hit_bits(value_low, limit_low) | (hit_bits(value_high, limit_high) << 8U)) << column;
  }
}

bool scan_panel(const PanelScan& scan) {
  for (std::size_t r = 0; r < scan_rows; ++r) {
    scan.a_hits[r] = 0;
    scan.b_hits[r] = 0;
  }
  for (std::size_t row = 0; row < scan_rows; row += tile_rows) {
    scan_tile(scan, row, 0);
    scan_tile(scan, row, 16);
  }
  std::uint32_t any = 0;
  for (std::size_t r = 0; r < scan_rows; ++r) any |= scan.a_hits[r] | scan.b_hits[r];
  return any != 0;
}

__m256d load_doubles(const float* x) { return _mm256_cvtps_pd(_mm_loadu_ps(x)); }

void store_sums(__m256d first, __m256d second, double* s) {
  _mm256_storeu_pd(s, first);
  _mm256_storeu_pd(s + 4, second);
}

double combine(const double* s) {
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

// Multiplies and adds are kept apart: fused ones would round differently from the scalar twin.
double dot(const float* x, const float* y, std::size_t n) {
  __m256d first = _mm256_setzero_pd();
  __m256d second = _mm256_setzero_pd();
  std::size_t t = 0;
  for (; t + 8 <= n; t += 8) {
    first = _mm256_add_pd(first, _mm256_mul_pd(load_doubles(x + t), load_doubles(y + t)));
    second = _mm256_add_pd(second, _mm256_mul_pd(load_doubles(x + t + 4), load_doubles(y + t + 4)));
  }
  double sums[8];
  store_sums(first, second, sums);
  for (std::size_t lane = 0; t + lane < n; ++lane) {
    sums[lane] += static_cast<double>(x[t + lane]) * static_cast<double>(y[t + lane]);
  }
  return combine(sums);
}

double squared_distance(const float* x, const float* y, std::size_t n) {
  __m256d first = _mm256_setzero_pd();
  __m256d second = _mm256_setzero_pd();
  std::size_t t = 0;
  for (; t + 8 <= n; t += 8) {
    const __m256d gap_first = _mm256_sub_pd(load_doubles(x + t), load_doubles(y + t));
    const __m256d gap_second = _mm256_sub_pd(load_doubles(x + t + 4), load_doubles(y + t + 4));
    first = _mm256_add_pd(first, _mm256_mul_pd(gap_first, gap_first));
    second = _mm256_add_pd(second, _mm256_mul_pd(gap_second, gap_second));
  }
  double sums[8];
  store_sums(first, second, sums);
  for (std::size_t lane = 0; t + lane < n; ++lane) {
    const double gap = static_cast<double>(x[t + lane]) - static_cast<double>(y[t + lane]);
    sums[lane] += gap * gap;
  }
  return combine(sums);
}

}  // namespace

const KernelTable table = {"avx2", scan_panel, dot, squared_distance};

}  // namespace topograph::kernels::avx2
#endif

#include "kernels/kernels.hpp"
#include "kernels/layout.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace topograph::kernels::avx512 {
namespace {

// 16 accumulators of 16 floats: two column vectors for each of the 8 rows, so that a fused
// multiply-add never waits for the one before it and each broadcast serves two of them.
bool scan_panel(const PanelScan& scan) {
  __m512 low[scan_rows];
  __m512 high[scan_rows];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < scan_rows; ++r) {
    low[r] = _mm512_setzero_ps();
    high[r] = _mm512_setzero_ps();
  }
  const float* a = scan.a;
  const float* b = scan.b;
  for (std::size_t t = 0; t < scan.depth; ++t, a += panel_rows, b += panel_rows) {
    const __m512 b_low = _mm512_load_ps(b);
    const __m512 b_high = _mm512_load_ps(b + 16);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < scan_rows; ++r) {
      const __m512 x = _mm512_set1_ps(a[r]);
      low[r] = _mm512_fmadd_ps(x, b_low, low[r]);
      high[r] = _mm512_fmadd_ps(x, b_high, high[r]);
    }
  }
  const __m512 half_low = _mm512_loadu_ps(scan.b_half);
  const __m512 half_high = _mm512_loadu_ps(scan.b_half + 16);
  const __m512 limit_low = _mm512_loadu_ps(scan.b_limit);
  const __m512 limit_high = _mm512_loadu_ps(scan.b_limit + 16);
  std::uint32_t any = 0;
#pragma GCC unroll 8
  for (std::size_t r = 0; r < scan_rows; ++r) {
    const __m512 half = _mm512_set1_ps(scan.a_half[r]);
    const __m512 limit = _mm512_set1_ps(scan.a_limit[r]);
    low[r] = _mm512_sub_ps(half, _mm512_sub_ps(low[r], half_low));
    high[r] = _mm512_sub_ps(half, _mm512_sub_ps(high[r], half_high));
    const std::uint32_t row_hits =
        static_cast<std::uint32_t>(_mm512_cmp_ps_mask(low[r], limit, _CMP_LE_OQ)) |
        (static_cast<std::uint32_t>(_mm512_cmp_ps_mask(high[r], limit, _CMP_LE_OQ)) << 16U);
    const std::uint32_t column_hits =
        static_cast<std::uint32_t>(_mm512_cmp_ps_mask(low[r], limit_low, _CMP_LE_OQ)) |
        (static_cast<std::uint32_t>(_mm512_cmp_ps_mask(high[r], limit_high, _CMP_LE_OQ)) << 16U);
    scan.a_hits[r] = row_hits;
    scan.b_hits[r] = column_hits;
    any |= row_hits | column_hits;
  }
  if (any == 0) return false;
#pragma GCC unroll 8
  for (std::size_t r = 0; r < scan_rows; ++r) {
    _mm512_store_ps(scan.values + r * panel_rows, low[r]);
    _mm512_store_ps(scan.values + r * panel_rows + 16, high[r]);
  }
  return true;
}

__m512d load_doubles(const float* x, __mmask8 mask = 0xFF) {
  return _mm512_maskz_cvtps_pd(mask, _mm256_maskz_loadu_ps(mask, x));
}

__mmask8 tail_mask(std::size_t n) { return static_cast<__mmask8>((1U << n) - 1U); }

double combine(__m512d sums) {
  alignas(64) double s[8];
  _mm512_store_pd(s, sums);
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

// Multiplies and adds are kept apart: fused ones would round differently from the scalar twin.
double dot(const float* x, const float* y, std::size_t n) {
  __m512d sums = _mm512_setzero_pd();
  std::size_t t = 0;
  for (; t + 8 <= n; t += 8) {
    sums = _mm512_add_pd(sums, _mm512_mul_pd(load_doubles(x + t), load_doubles(y + t)));
  }
  if (t < n) {
    const __mmask8 mask = tail_mask(n - t);
    sums = _mm512_add_pd(sums, _mm512_mul_pd(load_doubles(x + t, mask), load_doubles(y + t, mask)));
  }
  return combine(sums);
}

double squared_distance(const float* x, const float* y, std::size_t n) {
  __m512d sums = _mm512_setzero_pd();
  std::size_t t = 0;
  for (; t + 8 <= n; t += 8) {
    const __m512d gap = _mm512_sub_pd(load_doubles(x + t), load_doubles(y + t));
    sums = _mm512_add_pd(sums, _mm512_mul_pd(gap, gap));
  }
  if (t < n) {
    const __mmask8 mask = tail_mask(n - t);
    const __m512d gap = _mm512_sub_pd(load_doubles(x + t, mask), load_doubles(y + t, mask));
    sums = _mm512_add_pd(sums, _mm512_mul_pd(gap, gap));
  }
  return combine(sums);
}

__m256 load_eight(const float* x, __mmask8 mask) { return _mm256_maskz_loadu_ps(mask, x); }

__m256 load_eight(const std::int8_t* x, __mmask8 mask) {
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_maskz_loadu_epi8(mask, x)));
}

float weight_of(const RowSum& request, std::size_t i) {
  return request.weights == nullptr ? 1.0F : request.weights[i];
}

// n_vectors sums of 8 columns stay in registers while the rows go by.
template <std::size_t n_vectors, class Value>
void sum_columns(const Value* values, const RowSum& request, double* sum, __mmask8 mask) {
  __m512d sums[n_vectors];
#pragma GCC unroll 8
  for (std::size_t v = 0; v < n_vectors; ++v) sums[v] = _mm512_setzero_pd();
  for (std::size_t i = 0; i < request.n_rows; ++i) {
    const Value* row = values + static_cast<std::size_t>(request.rows[i]) * request.stride;
    const __m256 weight = _mm256_set1_ps(weight_of(request, i));
#pragma GCC unroll 8
    for (std::size_t v = 0; v < n_vectors; ++v) {
      const __m256 product = _mm256_mul_ps(weight, load_eight(row + v * 8, mask));
      sums[v] = _mm512_add_pd(sums[v], _mm512_maskz_cvtps_pd(0xFF, product));
    }
  }
#pragma GCC unroll 8
  for (std::size_t v = 0; v < n_vectors; ++v) {
    _mm512_mask_storeu_pd(sum + v * 8, mask, sums[v]);
  }
}

template <class Value>
void sum_rows(const Value* values, const RowSum& request) {
  std::size_t j = 0;
  for (; j + 64 <= request.n_columns; j += 64) {
    sum_columns<8>(values + j, request, request.sum + j, 0xFF);
  }
  for (; j + 8 <= request.n_columns; j += 8) {
    sum_columns<1>(values + j, request, request.sum + j, 0xFF);
  }
  if (j < request.n_columns) {
    sum_columns<1>(values + j, request, request.sum + j, tail_mask(request.n_columns - j));
  }
}

/// Lowest and second lowest score of a row in each of 16 lanes.
struct LaneScores {
  __m512 best;
  __m512 second;
  __m512i center;
};

// Masked forms throughout: the plain ones read an undefined vector, which the compiler reports.
void add_scores(__m512 score, __m512i center, LaneScores& lanes) {
  const __mmask16 is_less = _mm512_cmp_ps_mask(score, lanes.best, _CMP_LT_OQ);
  lanes.second =
      _mm512_mask_mov_ps(_mm512_maskz_min_ps(0xFFFF, score, lanes.second), is_less, lanes.best);
  lanes.best = _mm512_mask_mov_ps(lanes.best, is_less, score);
  lanes.center = _mm512_mask_mov_epi32(lanes.center, is_less, center);
}

float least_lane(__m512 x) {
  const __m256 eight = _mm256_min_ps(_mm512_maskz_extractf32x8_ps(0xFF, x, 0),
                                     _mm512_maskz_extractf32x8_ps(0xFF, x, 1));
  const __m128 four = _mm_min_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
  const __m128 two = _mm_min_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_min_ss(two, _mm_shuffle_ps(two, two, 1)));
}

void combine_lanes(const LaneScores& lanes, std::size_t row, const CenterScan& scan) {
  const float best = least_lane(lanes.best);
  std::uint32_t left = _mm512_cmp_ps_mask(lanes.best, _mm512_set1_ps(best), _CMP_EQ_OQ);
  alignas(64) std::int32_t center[center_columns];
  _mm512_store_si512(center, lanes.center);
  std::uint32_t chosen = static_cast<std::uint32_t>(__builtin_ctz(left | 0x8000U));
  for (left &= left - 1; left != 0; left &= left - 1) {
    const auto lane = static_cast<std::uint32_t>(__builtin_ctz(left));
    if (center[lane] < center[chosen]) chosen = lane;
  }
  scan.best[row] = best;
  scan.nearest[row] = center[chosen];
  const auto mask = static_cast<__mmask16>(1U << chosen);
  scan.second[row] = least_lane(_mm512_mask_mov_ps(lanes.best, mask, lanes.second));
}

void scan_centers(const CenterScan& scan) {
  const __m512 infinity = _mm512_set1_ps(__builtin_inff());
  const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  LaneScores lanes[center_rows];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < center_rows; ++r) lanes[r] = {infinity, infinity, lane};
  const float* panel = scan.centers;
  for (std::size_t p = 0; p < scan.n_panels; ++p) {
    __m512 sums[center_rows];
#pragma GCC unroll 8
    for (std::size_t r = 0; r < center_rows; ++r) sums[r] = _mm512_setzero_ps();
    for (std::size_t t = 0; t < scan.depth; ++t, panel += center_columns) {
      const __m512 center = _mm512_load_ps(panel);
#pragma GCC unroll 8
      for (std::size_t r = 0; r < center_rows; ++r) {
        sums[r] = _mm512_fmadd_ps(_mm512_set1_ps(scan.rows[r][t]), center, sums[r]);
      }
    }
    const __m512 half = _mm512_loadu_ps(scan.half + p * center_columns);
    const __m512i number =
        _mm512_add_epi32(lane, _mm512_set1_epi32(static_cast<int>(p * center_columns)));
#pragma GCC unroll 8
    for (std::size_t r = 0; r < center_rows; ++r) {
      if (scan.dots != nullptr) {
        _mm512_store_ps(scan.dots + (r * scan.n_panels + p) * center_columns, sums[r]);
      }
      add_scores(_mm512_sub_ps(half, sums[r]), number, lanes[r]);
    }
  }
  for (std::size_t r = 0; r < center_rows; ++r) combine_lanes(lanes[r], r, scan);
}

template <bool is_whole>
void multiply_columns(const PanelProducts& products) {
  __m512d low[center_rows];
  __m512d high[center_rows];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < center_rows; ++r) {
    low[r] = _mm512_setzero_pd();
    high[r] = _mm512_setzero_pd();
  }
  const double* panel = products.panel;
  for (std::size_t t = 0; t < products.depth; ++t, panel += center_columns) {
    const __m512d first = _mm512_load_pd(panel);
    const __m512d second = _mm512_load_pd(panel + 8);
#pragma GCC unroll 8
    for (std::size_t r = 0; r < center_rows; ++r) {
      const __m512d x = _mm512_set1_pd(products.rows[r][t]);
      low[r] = _mm512_fmadd_pd(x, first, low[r]);
      if constexpr (is_whole) high[r] = _mm512_fmadd_pd(x, second, high[r]);
    }
  }
#pragma GCC unroll 8
  for (std::size_t r = 0; r < center_rows; ++r) {
    _mm512_store_pd(products.out + r * center_columns, low[r]);
    if constexpr (is_whole) _mm512_store_pd(products.out + r * center_columns + 8, high[r]);
  }
}

void multiply_panel(const PanelProducts& products) {
  if (products.n_columns > 8) return multiply_columns<true>(products);
  multiply_columns<false>(products);
}

// Both boxes side by side in one register; the sums keep the order of the columns.
void box_pair(const double* box, const double* query, std::size_t n_columns, double* out) {
  __m128d sums = _mm_setzero_pd();
  for (std::size_t c = 0; c < n_columns; ++c, box += 4) {
    const __m128d at = _mm_set1_pd(query[c]);
    const __m128d below = _mm_sub_pd(_mm_loadu_pd(box), at);
    const __m128d above = _mm_sub_pd(at, _mm_loadu_pd(box + 2));
    const __m128d gap = _mm_max_pd(_mm_max_pd(below, above), _mm_setzero_pd());
    sums = _mm_add_pd(sums, _mm_mul_pd(gap, gap));
  }
  _mm_storeu_pd(out, sums);
}

// Up to 32 points stay in registers while the columns go by.
template <std::size_t n_vectors>
void distances_at(const double* values, const double* query, std::size_t n_points,
                  std::size_t n_columns, double* out, __mmask8 last) {
  __m512d sums[n_vectors];
#pragma GCC unroll 4
  for (std::size_t v = 0; v < n_vectors; ++v) sums[v] = _mm512_setzero_pd();
  for (std::size_t c = 0; c < n_columns; ++c, values += n_points) {
    const __m512d at = _mm512_set1_pd(query[c]);
#pragma GCC unroll 4
    for (std::size_t v = 0; v < n_vectors; ++v) {
      const __mmask8 mask = v + 1 == n_vectors ? last : 0xFF;
      const __m512d gap = _mm512_sub_pd(_mm512_maskz_loadu_pd(mask, values + v * 8), at);
      sums[v] = _mm512_add_pd(sums[v], _mm512_mul_pd(gap, gap));
    }
  }
#pragma GCC unroll 4
  for (std::size_t v = 0; v < n_vectors; ++v) {
    _mm512_mask_storeu_pd(out + v * 8, v + 1 == n_vectors ? last : 0xFF, sums[v]);
  }
}

void column_distances(const double* values, const double* query, std::size_t n_points,
                      std::size_t n_columns, double* out) {
  std::size_t i = 0;
  for (; i + 32 <= n_points; i += 32) {
    distances_at<4>(values + i, query, n_points, n_columns, out + i, 0xFF);
  }
  const std::size_t rest = n_points - i;
  if (rest == 0) return;
  const __mmask8 last = tail_mask((rest - 1) % 8 + 1);
  switch ((rest - 1) / 8) {
    case 0: return distances_at<1>(values + i, query, n_points, n_columns, out + i, last);
    case 1: return distances_at<2>(values + i, query, n_points, n_columns, out + i, last);
    case 2: return distances_at<3>(values + i, query, n_points, n_columns, out + i, last);
    default: return distances_at<4>(values + i, query, n_points, n_columns, out + i, last);
  }
}

#include "kernels/double_lanes.inc"

}  // namespace

const KernelTable table = {"avx512",         scan_panel,      dot,
                           squared_distance, sum_rows<float>, sum_rows<std::int8_t>,
                           scan_centers,     multiply_panel,  box_pair,
                           column_distances, &layout,         exponentials,
                           widen_row,        add_rows};

}  // namespace topograph::kernels::avx512
#endif

#include "kernels/kernels.hpp"
#include "kernels/layout.hpp"

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

__m256 load_eight(const float* x) { return _mm256_loadu_ps(x); }

__m256 load_eight(const std::int8_t* x) {
  __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(x));
  return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes));
}

float weight_of(const RowSum& request, std::size_t i) {
  return request.weights == nullptr ? 1.0F : request.weights[i];
}

// n_eights times 8 columns stay in registers while the rows go by.
template <std::size_t n_eights, class Value>
void sum_columns(const Value* values, const RowSum& request, double* sum) {
  __m256d first[n_eights];
  __m256d second[n_eights];
#pragma GCC unroll 4
  for (std::size_t v = 0; v < n_eights; ++v) {
    first[v] = _mm256_setzero_pd();
    second[v] = _mm256_setzero_pd();
  }
  for (std::size_t i = 0; i < request.n_rows; ++i) {
    const Value* row = values + static_cast<std::size_t>(request.rows[i]) * request.stride;
    const __m256 weight = _mm256_set1_ps(weight_of(request, i));
#pragma GCC unroll 4
    for (std::size_t v = 0; v < n_eights; ++v) {
      const __m256 product = _mm256_mul_ps(weight, load_eight(row + v * 8));
      first[v] = _mm256_add_pd(first[v], _mm256_cvtps_pd(_mm256_castps256_ps128(product)));
      second[v] = _mm256_add_pd(second[v], _mm256_cvtps_pd(_mm256_extractf128_ps(product, 1)));
    }
  }
#pragma GCC unroll 4
  for (std::size_t v = 0; v < n_eights; ++v) store_sums(first[v], second[v], sum + v * 8);
}

template <class Value>
void sum_rows(const Value* values, const RowSum& request) {
  std::size_t j = 0;
  for (; j + 32 <= request.n_columns; j += 32) {
    sum_columns<4>(values + j, request, request.sum + j);
  }
  for (; j + 8 <= request.n_columns; j += 8) {
    sum_columns<1>(values + j, request, request.sum + j);
  }
  for (; j < request.n_columns; ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < request.n_rows; ++i) {
      const Value value = values[static_cast<std::size_t>(request.rows[i]) * request.stride + j];
      sum += static_cast<double>(weight_of(request, i) * static_cast<float>(value));
    }
    request.sum[j] = sum;
  }
}

/// Lowest and second lowest score of a row in each of 16 lanes.
struct LaneScores {
  float best[center_columns];
  float second[center_columns];
  std::int32_t center[center_columns];
};

void add_scores(__m256 score, std::int32_t first, std::size_t lane, LaneScores& lanes) {
  const __m256 best = _mm256_loadu_ps(lanes.best + lane);
  const __m256 second = _mm256_loadu_ps(lanes.second + lane);
  const __m256 is_less = _mm256_cmp_ps(score, best, _CMP_LT_OQ);
  _mm256_storeu_ps(lanes.second + lane,
                   _mm256_blendv_ps(_mm256_min_ps(score, second), best, is_less));
  _mm256_storeu_ps(lanes.best + lane, _mm256_blendv_ps(best, score, is_less));
  for (std::size_t c = 0; c < 8; ++c) {
    const bool is_new = (_mm256_movemask_ps(is_less) >> c & 1) != 0;
    if (is_new) lanes.center[lane + c] = first + static_cast<std::int32_t>(lane + c);
  }
}

void combine_lanes(const LaneScores& lanes, std::size_t row, const CenterScan& scan) {
  std::size_t chosen = 0;
  for (std::size_t c = 1; c < center_columns; ++c) {
    const bool is_nearer =
        lanes.best[c] < lanes.best[chosen] ||
        (lanes.best[c] == lanes.best[chosen] && lanes.center[c] < lanes.center[chosen]);
    if (is_nearer) chosen = c;
  }
  float second = lanes.second[chosen];
  for (std::size_t c = 0; c < center_columns; ++c) {
    if (c != chosen && lanes.best[c] < second) second = lanes.best[c];
  }
  scan.best[row] = lanes.best[chosen];
  scan.nearest[row] = lanes.center[chosen];
  scan.second[row] = second;
}

// 4 rows by 16 centers: 8 accumulators, two vectors of centers and a broadcast.
void scan_four(const CenterScan& scan, std::size_t row, std::size_t p, LaneScores* lanes) {
  __m256 low[tile_rows];
  __m256 high[tile_rows];
#pragma GCC unroll 4
  for (std::size_t r = 0; r < tile_rows; ++r) {
    low[r] = _mm256_setzero_ps();
    high[r] = _mm256_setzero_ps();
  }
  const float* panel = scan.centers + p * scan.depth * center_columns;
  for (std::size_t t = 0; t < scan.depth; ++t, panel += center_columns) {
    const __m256 center_low = _mm256_load_ps(panel);
    const __m256 center_high = _mm256_load_ps(panel + 8);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < tile_rows; ++r) {
      const __m256 x = _mm256_broadcast_ss(scan.rows[row + r] + t);
      low[r] = _mm256_fmadd_ps(x, center_low, low[r]);
      high[r] = _mm256_fmadd_ps(x, center_high, high[r]);
    }
  }
  const __m256 half_low = _mm256_loadu_ps(scan.half + p * center_columns);
  const __m256 half_high = _mm256_loadu_ps(scan.half + p * center_columns + 8);
  const auto first = static_cast<std::int32_t>(p * center_columns);
#pragma GCC unroll 4
  for (std::size_t r = 0; r < tile_rows; ++r) {
    if (scan.dots != nullptr) {
      float* dots = scan.dots + ((row + r) * scan.n_panels + p) * center_columns;
      _mm256_store_ps(dots, low[r]);
      _mm256_store_ps(dots + 8, high[r]);
    }
    add_scores(_mm256_sub_ps(half_low, low[r]), first, 0, lanes[row + r]);
    add_scores(_mm256_sub_ps(half_high, high[r]), first, 8, lanes[row + r]);
  }
}

void scan_centers(const CenterScan& scan) {
  LaneScores lanes[center_rows];
  for (LaneScores& of_row : lanes) {
    for (std::size_t c = 0; c < center_columns; ++c) {
      of_row.best[c] = __builtin_inff();
      of_row.second[c] = __builtin_inff();
      of_row.center[c] = static_cast<std::int32_t>(c);
    }
  }
  for (std::size_t p = 0; p < scan.n_panels; ++p) {
    for (std::size_t row = 0; row < center_rows; row += tile_rows) scan_four(scan, row, p, lanes);
  }
  for (std::size_t r = 0; r < center_rows; ++r) combine_lanes(lanes[r], r, scan);
}

// 2 rows by 16 columns: 8 accumulators.
void multiply_panel(const PanelProducts& products) {
  for (std::size_t r = 0; r < center_rows; r += 2) {
    __m256d first[4];
    __m256d second[4];
#pragma GCC unroll 4
    for (std::size_t v = 0; v < 4; ++v) {
      first[v] = _mm256_setzero_pd();
      second[v] = _mm256_setzero_pd();
    }
    const double* panel = products.panel;
    for (std::size_t t = 0; t < products.depth; ++t, panel += center_columns) {
      const __m256d x = _mm256_broadcast_sd(products.rows[r] + t);
      const __m256d y = _mm256_broadcast_sd(products.rows[r + 1] + t);
#pragma GCC unroll 4
      for (std::size_t v = 0; v < 4; ++v) {
        const __m256d column = _mm256_load_pd(panel + v * 4);
        first[v] = _mm256_fmadd_pd(x, column, first[v]);
        second[v] = _mm256_fmadd_pd(y, column, second[v]);
      }
    }
#pragma GCC unroll 4
    for (std::size_t v = 0; v < 4; ++v) {
      _mm256_store_pd(products.out + r * center_columns + v * 4, first[v]);
      _mm256_store_pd(products.out + (r + 1) * center_columns + v * 4, second[v]);
    }
  }
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

// Sixteen points stay in registers while the columns go by.
template <std::size_t n_vectors>
void distances_at(const double* values, const double* query, std::size_t n_points,
                  std::size_t n_columns, double* out) {
  __m256d sums[n_vectors];
#pragma GCC unroll 4
  for (std::size_t v = 0; v < n_vectors; ++v) sums[v] = _mm256_setzero_pd();
  for (std::size_t c = 0; c < n_columns; ++c, values += n_points) {
    const __m256d at = _mm256_set1_pd(query[c]);
#pragma GCC unroll 4
    for (std::size_t v = 0; v < n_vectors; ++v) {
      const __m256d gap = _mm256_sub_pd(_mm256_loadu_pd(values + v * 4), at);
      sums[v] = _mm256_add_pd(sums[v], _mm256_mul_pd(gap, gap));
    }
  }
#pragma GCC unroll 4
  for (std::size_t v = 0; v < n_vectors; ++v) _mm256_storeu_pd(out + v * 4, sums[v]);
}

void column_distances(const double* values, const double* query, std::size_t n_points,
                      std::size_t n_columns, double* out) {
  std::size_t i = 0;
  for (; i + 16 <= n_points; i += 16) {
    distances_at<4>(values + i, query, n_points, n_columns, out + i);
  }
  for (; i + 4 <= n_points; i += 4) {
    distances_at<1>(values + i, query, n_points, n_columns, out + i);
  }
  for (; i < n_points; ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < n_columns; ++c) {
      const double gap = values[c * n_points + i] - query[c];
      sum += gap * gap;
    }
    out[i] = sum;
  }
}

#include "kernels/double_lanes.inc"

}  // namespace

const KernelTable table = {"avx2",           scan_panel,      dot,
                           squared_distance, sum_rows<float>, sum_rows<std::int8_t>,
                           scan_centers,     multiply_panel,  box_pair,
                           column_distances, &layout,         exponentials,
                           widen_row,        add_rows};

}  // namespace topograph::kernels::avx2
#endif

#include "kernels/lanes.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace topograph::kernels::avx2 {
namespace {
#include "kernels/fft_lanes.inc"

float combine_lanes(__m256 value) {
  float s[8];
  _mm256_storeu_ps(s, value);
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

// The masked form: its untouched lanes are defined for the compiler.
__m256 gather_pairs(const double* pairs, __m128i ids) {
  const __m256d zero = _mm256_setzero_pd();
  const __m256d all = _mm256_cmp_pd(zero, zero, _CMP_EQ_OQ);
  return _mm256_castpd_ps(_mm256_mask_i32gather_pd(zero, pairs, ids, all, 8));
}

// Multiplies and adds are kept apart: fused ones would round differently from the scalar twin.
void attract(const Attraction& row, float* out) {
  const __m256 x = _mm256_set1_ps(row.x);
  const __m256 y = _mm256_set1_ps(row.y);
  const __m256 one = _mm256_set1_ps(1.0F);
  const double* pairs = reinterpret_cast<const double*>(row.coords);
  __m256 sum_x = _mm256_setzero_ps();
  __m256 sum_y = _mm256_setzero_ps();
  for (std::size_t t = 0; t < row.n; t += 8) {
    __m256i ids;
    __m256 weights;
    if (t + 8 <= row.n) {
      ids = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(row.ids + t));
      weights = _mm256_loadu_ps(row.weights + t);
    } else {  // The tail has weight 0, which adds nothing.
      std::int32_t last_ids[8] = {};
      float last_weights[8] = {};
      for (std::size_t i = t; i < row.n; ++i) {
        last_ids[i - t] = row.ids[i];
        last_weights[i - t] = row.weights[i];
      }
      ids = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(last_ids));
      weights = _mm256_loadu_ps(last_weights);
    }
    // Pairs 0 1 4 5 and 2 3 6 7, so that the shuffles give x and y in order.
    const __m256i order = _mm256_permute4x64_epi64(ids, 0xD8);
    const __m256 low = gather_pairs(pairs, _mm256_castsi256_si128(order));
    const __m256 high = gather_pairs(pairs, _mm256_extracti128_si256(order, 1));
    const __m256 gap_x = _mm256_sub_ps(x, _mm256_shuffle_ps(low, high, 0x88));
    const __m256 gap_y = _mm256_sub_ps(y, _mm256_shuffle_ps(low, high, 0xDD));
    const __m256 square = _mm256_add_ps(_mm256_mul_ps(gap_x, gap_x), _mm256_mul_ps(gap_y, gap_y));
    const __m256 weight = _mm256_div_ps(weights, _mm256_add_ps(one, square));
    sum_x = _mm256_add_ps(sum_x, _mm256_mul_ps(weight, gap_x));
    sum_y = _mm256_add_ps(sum_y, _mm256_mul_ps(weight, gap_y));
  }
  out[0] = combine_lanes(sum_x);
  out[1] = combine_lanes(sum_y);
}
}  // namespace

const LaneKernels lanes = {fft_lanes, attract};

}  // namespace topograph::kernels::avx2
#endif

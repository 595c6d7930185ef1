// The transform of eight lanes and the attraction of t-SNE without instructions beyond the base.
#include "kernels/lanes.hpp"

namespace topograph::kernels::scalar {
namespace {
#include "kernels/fft_lanes.inc"

// Term t is added to partial sum t mod 8, as the vector twin does.
void attract(const Attraction& row, float* out) {
  float sum_x[8] = {};
  float sum_y[8] = {};
  for (std::size_t t = 0; t < row.n; ++t) {
    const float* other = row.coords + static_cast<std::size_t>(row.ids[t]) * 2;
    const float gap_x = row.x - other[0];
    const float gap_y = row.y - other[1];
    const float weight = row.weights[t] / (1.0F + (gap_x * gap_x + gap_y * gap_y));
    sum_x[t % 8] += weight * gap_x;
    sum_y[t % 8] += weight * gap_y;
  }
  out[0] = ((sum_x[0] + sum_x[4]) + (sum_x[2] + sum_x[6])) +
           ((sum_x[1] + sum_x[5]) + (sum_x[3] + sum_x[7]));
  out[1] = ((sum_y[0] + sum_y[4]) + (sum_y[2] + sum_y[6])) +
           ((sum_y[1] + sum_y[5]) + (sum_y[3] + sum_y[7]));
}
}  // namespace

const LaneKernels lanes = {fft_lanes, attract};

}  // namespace topograph::kernels::scalar

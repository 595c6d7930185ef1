// The grid has m x m nodes, the transforms length L = 2m so that nothing wraps around. Masses are
// real: only frequencies 0 .. m along x are kept. The kernels are even (potential) or odd (force),
// so their transforms are real or imaginary. Steps, eight signals a time:
//   forward_x   along x, two real columns as one complex signal
//   multiply_y  along y, times the kernel, and back, without leaving the cache
//   inverse_x   both results at once, as real and imaginary part
#include "reduce/grid_convolution.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "topograph/core/expects.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kLanes = kernels::fft_lane_count;
constexpr std::size_t kPair = 2 * kLanes;  // floats of one sample: real parts, imaginary parts

/// Nodes see a mass through a cubic B-spline, whose response at frequency k of length L is this,
/// and once more when a result is taken: the kernels are divided by its square.
std::vector<double> undone_blur(std::size_t n_frequencies, std::size_t length) {
  std::vector<double> factors(n_frequencies);
  for (std::size_t k = 0; k < n_frequencies; ++k) {
    const double angle =
        2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(length);
    const double response = (2 + std::cos(angle)) / 3;
    factors[k] = 1 / (response * response);
  }
  return factors;
}

/// The largest force on a grid, so that potential and force have one scale in float32.
double largest_force(double reach) {
  const double at = std::min(reach, std::sqrt(1.0 / 3));
  return at / ((1 + at * at) * (1 + at * at));
}

constexpr std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }

}  // namespace

LaneFft::LaneFft(std::size_t n) : n_(n) {
  std::size_t left = n;
  for (const std::size_t radix : {std::size_t{5}, std::size_t{3}, std::size_t{4}, std::size_t{2}}) {
    while (left % radix == 0) {
      factors_.push_back(static_cast<std::uint8_t>(radix));
      for (std::size_t p = 0; p < left / radix; ++p) {
        for (std::size_t k = 1; k < radix; ++k) {
          const double angle =
              -2 * std::numbers::pi * static_cast<double>(p * k % left) / static_cast<double>(left);
          twiddles_.push_back(static_cast<float>(std::cos(angle)));
          twiddles_.push_back(static_cast<float>(std::sin(angle)));
        }
      }
      left /= radix;
    }
  }
  TG_EXPECTS(left == 1);
}

float* LaneFft::run(float* data, float* scratch) const {
  const kernels::FftPlan plan{.n = n_,
                              .n_factors = factors_.size(),
                              .factors = factors_.data(),
                              .twiddles = twiddles_.data()};
  return kernels::lane_kernels().fft(plan, data, scratch);
}

std::size_t smooth_size(std::size_t n) {
  for (;; ++n) {
    std::size_t left = n;
    for (const std::size_t p : {std::size_t{2}, std::size_t{3}, std::size_t{5}}) {
      while (left > 1 && left % p == 0) left /= p;
    }
    if (left == 1) return n;
  }
}

GridConvolution::GridConvolution(std::size_t n_nodes, double spacing)
    : m_(n_nodes),
      spacing_(spacing),
      stride_(round_up(n_nodes, kPair)),
      n_batches_((n_nodes + kLanes) / kLanes),
      fft_(2 * n_nodes) {}

Result<GridConvolution> GridConvolution::make(std::size_t n_nodes, double spacing,
                                              RunContext& run) {
  GridConvolution grid(n_nodes, spacing);
  const std::size_t n_frequencies = grid.n_batches_ * kLanes;
  for (Matrix<float>* spectrum :
       {&grid.mass_re_, &grid.mass_im_, &grid.a_re_, &grid.a_im_, &grid.b_re_, &grid.b_im_}) {
    *spectrum = Matrix<float>(n_frequencies, grid.stride_);
  }
  // Spectrum and two buffers of a transform, for every worker.
  grid.scratch_ =
      Matrix<float>(static_cast<std::size_t>(run.threads()), 3 * grid.fft_.size() * kPair);
  TG_TRY(grid.make_kernels(run));
  TG_TRY(grid.find_near_potential(run));
  return grid;
}

/// Transforms potential + i force along y, where both are even, then along x.
Result<void> GridConvolution::make_kernels(RunContext& run) {
  const std::size_t length = fft_.size();
  const double force_scale = largest_force(spacing_ * static_cast<double>(m_ - 1));
  Matrix<float> even(n_batches_ * kLanes, n_batches_ * kLanes);  // (dx, ky)
  Matrix<float> odd(n_batches_ * kLanes, n_batches_ * kLanes);
  TG_TRY(parallel_blocks(run, n_batches_, 1, [&](const Block& block) {
    float* data = scratch_.row(block.worker).data();
    for (std::size_t t = 0; t < length; ++t) {
      const double dy = spacing_ * static_cast<double>(std::min(t, length - t));
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const std::size_t ix = block.index * kLanes + lane;
        const double dx = spacing_ * static_cast<double>(ix);
        const double q = 1 / (1 + dx * dx + dy * dy);
        data[t * kPair + lane] = static_cast<float>(q);
        data[t * kPair + kLanes + lane] =
            ix < m_ ? static_cast<float>(dx * q * q / force_scale) : 0.0F;
      }
    }
    const float* found = fft_.run(data, data + length * kPair);
    for (std::size_t ky = 0; ky <= m_; ++ky) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        even[block.index * kLanes + lane, ky] = found[ky * kPair + lane];
        odd[block.index * kLanes + lane, ky] = found[ky * kPair + kLanes + lane];
      }
    }
  }));
  potential_.assign(n_batches_ * (m_ + 1) * kLanes, 0.0F);
  along_x_ = potential_;
  along_y_ = potential_;
  const double scale = 1.0 / (static_cast<double>(length) * static_cast<double>(length));
  const std::vector<double> sharpen = undone_blur(m_ + 1, length);
  return parallel_blocks(run, n_batches_, 1, [&](const Block& block) {
    float* data = scratch_.row(block.worker).data();
    for (std::size_t t = 0; t < length; ++t) {
      const std::size_t dx = std::min(t, length - t);
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const std::size_t ky = block.index * kLanes + lane;
        const float turned = t <= m_ ? odd[dx, ky] : -odd[dx, ky];
        data[t * kPair + lane] = even[dx, ky] + turned;
        data[t * kPair + kLanes + lane] = 0;
      }
    }
    const float* found = fft_.run(data, data + length * kPair);
    for (std::size_t kx = 0; kx <= m_; ++kx) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const std::size_t ky = block.index * kLanes + lane;
        if (ky > m_) continue;
        const std::size_t here = at(kx / kLanes, ky) + kx % kLanes;
        const double factor = scale * sharpen[kx] * sharpen[ky];
        potential_[here] = static_cast<float>(factor) * found[kx * kPair + lane];
        along_x_[here] =
            static_cast<float>(-factor * force_scale) * found[kx * kPair + kLanes + lane];
        along_y_[at(ky / kLanes, kx) + ky % kLanes] = along_x_[here];
      }
    }
  });
}

/// The answer to a single mass.
Result<void> GridConvolution::find_near_potential(RunContext& run) {
  Matrix<float> mass(m_, stride_);
  Matrix<float> found(m_, stride_);
  mass[m_ / 2, m_ / 2] = 1;
  TG_TRY(potential(mass, found, run));
  for (std::size_t i = 0; i < spline_nodes; ++i) {
    for (std::size_t j = 0; j < spline_nodes; ++j) {
      near_[i][j] = static_cast<double>(found[m_ / 2 + i, m_ / 2 + j]);
    }
  }
  return {};
}

Result<void> GridConvolution::forward_x(const Matrix<float>& mass, RunContext& run) {
  const std::size_t length = fft_.size();
  return parallel_blocks(run, stride_ / kPair, 1, [&](const Block& block) {
    float* data = scratch_.row(block.worker).data();
    const std::size_t y = block.index * kPair;
    for (std::size_t x = 0; x < m_; ++x) {
      std::copy_n(mass.row(x).data() + y, kPair, data + x * kPair);
    }
    std::fill_n(data + m_ * kPair, (length - m_) * kPair, 0.0F);
    const float* found = fft_.run(data, data + length * kPair);
    for (std::size_t kx = 0; kx <= m_; ++kx) {
      const float* z = found + kx * kPair;
      const float* mirror = found + (length - kx) % length * kPair;
      float* re = mass_re_.row(kx).data() + y;
      float* im = mass_im_.row(kx).data() + y;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        re[lane] = 0.5F * (z[lane] + mirror[lane]);
        im[lane] = 0.5F * (z[lane + kLanes] - mirror[lane + kLanes]);
        re[lane + kLanes] = 0.5F * (z[lane + kLanes] + mirror[lane + kLanes]);
        im[lane + kLanes] = 0.5F * (mirror[lane] - z[lane]);
      }
    }
  });
}

namespace {

/// Eight rows of a matrix become the lanes of a signal, or the other way round.
void to_lanes(const Matrix<float>& rows, std::size_t first, std::size_t n, float* lanes) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const float* row = rows.row(first + lane).data();
    for (std::size_t t = 0; t < n; ++t) lanes[t * kPair + lane] = row[t];
  }
}
void from_lanes(const float* lanes, std::size_t n, Matrix<float>& rows, std::size_t first) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    float* row = rows.row(first + lane).data();
    for (std::size_t t = 0; t < n; ++t) row[t] = lanes[t * kPair + lane];
  }
}

/// out = -i kernel * spectrum, parts exchanged: a forward transform then is an inverse one.
void times_odd(const float* spectrum, const float* kernel, float sign, float* out) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const float k = sign * kernel[lane];
    out[lane] = -k * spectrum[lane];
    out[lane + kLanes] = k * spectrum[lane + kLanes];
  }
}
void times_even(const float* spectrum, const float* kernel, float* out) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    out[lane] = kernel[lane] * spectrum[lane + kLanes];
    out[lane + kLanes] = kernel[lane] * spectrum[lane];
  }
}

}  // namespace

Result<double> GridConvolution::multiply_y(bool wants_forces, RunContext& run) {
  const std::size_t length = fft_.size();
  std::vector<double> energies(n_batches_, 0.0);
  TG_TRY(parallel_blocks(run, n_batches_, 1, [&](const Block& block) {
    const std::size_t kx = block.index * kLanes;
    float* data = scratch_.row(block.worker).data();
    to_lanes(mass_re_, kx, m_, data);
    to_lanes(mass_im_, kx, m_, data + kLanes);
    std::fill_n(data + m_ * kPair, (length - m_) * kPair, 0.0F);
    float* first = data + length * kPair;
    float* spectrum = fft_.run(data, first);
    if (spectrum == data) std::swap(data, first);
    // From here `first` holds the spectrum; `data` and `second` are free.
    first = spectrum;
    float* second = scratch_.row(block.worker).data() + 2 * length * kPair;
    double energy[kLanes] = {};
    for (std::size_t k = 0; k < length; ++k) {
      const float* z = first + k * kPair;
      const float* q = potential_.data() + at(block.index, std::min(k, length - k));
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const float square = z[lane] * z[lane] + z[lane + kLanes] * z[lane + kLanes];
        energy[lane] += static_cast<double>(q[lane] * square);
      }
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      // Frequencies 0 and m along x stand for themselves, the others also for their mirror.
      const bool is_single = kx + lane == 0 || kx + lane == m_;
      if (kx + lane <= m_) energies[block.index] += (is_single ? 1.0 : 2.0) * energy[lane];
    }
    for (const bool is_x : {true, false}) {
      if (!is_x && !wants_forces) break;
      for (std::size_t k = 0; k < length; ++k) {
        const std::size_t ky = std::min(k, length - k);
        const float* z = first + k * kPair;
        float* out = data + k * kPair;
        if (!wants_forces) {
          times_even(z, potential_.data() + at(block.index, ky), out);
        } else if (is_x) {
          times_odd(z, along_x_.data() + at(block.index, ky), 1.0F, out);
        } else {
          times_odd(z, along_y_.data() + at(block.index, ky), k <= m_ ? 1.0F : -1.0F, out);
        }
      }
      const float* found = fft_.run(data, second);
      from_lanes(found + kLanes, m_, is_x ? a_re_ : b_re_, kx);
      from_lanes(found, m_, is_x ? a_im_ : b_im_, kx);
    }
  }));
  double total = 0;
  for (const double energy : energies) total += energy;
  return total;
}

Result<void> GridConvolution::inverse_x(bool wants_forces, Matrix<float>& a, Matrix<float>& b,
                                        RunContext& run) {
  const std::size_t length = fft_.size();
  return parallel_blocks(run, stride_ / kLanes, 1, [&](const Block& block) {
    const std::size_t y = block.index * kLanes;
    float* data = scratch_.row(block.worker).data();
    for (std::size_t kx = 0; kx <= m_; ++kx) {
      const float* a_re = a_re_.row(kx).data() + y;
      const float* a_im = a_im_.row(kx).data() + y;
      const float* b_re = b_re_.row(kx).data() + y;
      const float* b_im = b_im_.row(kx).data() + y;
      float* here = data + kx * kPair;
      float* mirror = data + (length - kx) % length * kPair;
      for (std::size_t lane = 0; lane < kLanes; ++lane) {  // Parts exchanged: an inverse.
        mirror[lane] = b_re[lane] - a_im[lane];
        mirror[lane + kLanes] = a_re[lane] + b_im[lane];
      }
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        here[lane] = a_im[lane] + b_re[lane];
        here[lane + kLanes] = a_re[lane] - b_im[lane];
      }
    }
    const float* found = fft_.run(data, data + length * kPair);
    for (std::size_t x = 0; x < m_; ++x) {
      std::copy_n(found + x * kPair + kLanes, kLanes, a.row(x).data() + y);
      if (wants_forces) std::copy_n(found + x * kPair, kLanes, b.row(x).data() + y);
    }
  });
}

Result<double> GridConvolution::forces(const Matrix<float>& mass, Matrix<float>& force_x,
                                       Matrix<float>& force_y, RunContext& run) {
  TG_EXPECTS(mass.rows() == m_ && mass.cols() == stride_);
  TG_TRY(forward_x(mass, run));
  TG_TRY(const double total, multiply_y(true, run));
  TG_TRY(inverse_x(true, force_x, force_y, run));
  return total;
}

Result<void> GridConvolution::potential(const Matrix<float>& mass, Matrix<float>& out,
                                        RunContext& run) {
  TG_EXPECTS(mass.rows() == m_ && mass.cols() == stride_);
  TG_TRY(forward_x(mass, run));
  TG_TRY(multiply_y(false, run));
  std::fill_n(b_re_.data(), b_re_.size(), 0.0F);
  std::fill_n(b_im_.data(), b_im_.size(), 0.0F);
  return inverse_x(false, out, out, run);
}

}  // namespace topograph::detail

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/lanes.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// Factors and twiddles of a transform of length n, a product of 2, 3 and 5.
class LaneFft {
 public:
  explicit LaneFft(std::size_t n);
  [[nodiscard]] std::size_t size() const { return n_; }
  /// Transforms eight signals in `data`; returns where they are afterwards.
  float* run(float* data, float* scratch) const;

 private:
  std::size_t n_;
  std::vector<std::uint8_t> factors_ = {};
  std::vector<float> twiddles_ = {};
};

/// The least product of 2, 3 and 5 that is at least n.
[[nodiscard]] std::size_t smooth_size(std::size_t n);

/// Convolves masses on a square grid of nodes with the kernels of t-SNE's repulsion, by FFT:
/// the potential 1 / (1 + |d|^2) and the force d / (1 + |d|^2)^2, both divided by the squared
/// response of cubic B-splines, so that masses spread and results taken by such splines are right
/// at the nodes. Transforms of the kernels are kept. Only what differs from zero is
/// transformed: 2.25 times as many 1-D transforms as the padded grid has rows.
/// @determinism Bit-identical for any thread count and instruction set.
class GridConvolution {
 public:
  static constexpr std::size_t spline_nodes = 4;  ///< That a cubic B-spline touches.
  /// The potential between nodes by their gaps, 0 to 3 on each axis.
  using NearPotential = std::array<std::array<double, spline_nodes>, spline_nodes>;

  /// @param n_nodes  Along a side; 2 * n_nodes is a product of 2, 3 and 5.
  [[nodiscard]] static Result<GridConvolution> make(std::size_t n_nodes, double spacing,
                                                    RunContext& run);
  [[nodiscard]] std::size_t n_nodes() const { return m_; }
  [[nodiscard]] const NearPotential& near_potential() const { return near_; }
  /// Columns of every grid: n_nodes rounded up, the rest zero.
  [[nodiscard]] std::size_t stride() const { return stride_; }

  /// Forces on both axes; returns the sum of mass * potential over all nodes.
  [[nodiscard]] Result<double> forces(const Matrix<float>& mass, Matrix<float>& force_x,
                                      Matrix<float>& force_y, RunContext& run);
  [[nodiscard]] Result<void> potential(const Matrix<float>& mass, Matrix<float>& out,
                                       RunContext& run);

 private:
  GridConvolution(std::size_t n_nodes, double spacing);
  Result<void> make_kernels(RunContext& run);
  Result<void> find_near_potential(RunContext& run);
  Result<void> forward_x(const Matrix<float>& mass, RunContext& run);
  Result<double> multiply_y(bool wants_forces, RunContext& run);
  Result<void> inverse_x(bool wants_forces, Matrix<float>& a, Matrix<float>& b, RunContext& run);
  [[nodiscard]] std::size_t at(std::size_t batch, std::size_t ky) const {
    return (batch * (m_ + 1) + ky) * kernels::fft_lane_count;
  }

  std::size_t m_;
  double spacing_;
  std::size_t stride_;
  std::size_t n_batches_;  ///< Of eight frequencies along x, 0 .. m.
  LaneFft fft_;
  /// Real transforms by (batch of kx, ky, lane), over L^2: of the potential, and i times those of
  /// the forces along x and y.
  std::vector<float> potential_ = {};
  std::vector<float> along_x_ = {};
  std::vector<float> along_y_ = {};
  NearPotential near_ = {};
  /// Spectra along x by (kx, y): of the masses, then of the two results.
  Matrix<float> mass_re_ = {};
  Matrix<float> mass_im_ = {};
  Matrix<float> a_re_ = {};
  Matrix<float> a_im_ = {};
  Matrix<float> b_re_ = {};
  Matrix<float> b_im_ = {};
  Matrix<float> scratch_ = {};  ///< A row a worker.
};

}  // namespace topograph::detail

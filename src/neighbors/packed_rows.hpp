#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neighbors/metric_rows.hpp"

namespace topograph {

/// The frame of the approximate products: rows are moved to the mean and, for euclidean distances,
/// scaled by a power of two into [-1, 1]. Neither changes any result; the first keeps the error
/// bound small, the second keeps float32 from overflowing.
struct SearchFrame {
  std::vector<double> center = {};
  double largest = 0;  ///< Largest magnitude of a centered value.
  double scale = 1;

  /// @error invalid_argument when distances could exceed float32.
  [[nodiscard]] static Result<SearchFrame> around(const MetricRows& rows,
                                                  std::span<const std::int32_t> ids,
                                                  RunContext& run);
  /// Widens the frame so that these rows fit, too.
  [[nodiscard]] Result<void> cover(const MetricRows& rows, std::span<const std::int32_t> ids,
                                   RunContext& run);
};

/// Chosen rows in the kernel's layout, in blocks of `block_rows`: the last panel is filled up with
/// rows that are infinitely far away.
class PackedRows {
 public:
  static constexpr std::size_t block_rows = 256;

  [[nodiscard]] static Result<PackedRows> make(const MetricRows& rows,
                                               std::span<const std::int32_t> ids,
                                               const SearchFrame& frame, RunContext& run);
  [[nodiscard]] static std::size_t bytes(std::size_t rows, std::size_t cols);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t depth() const { return depth_; }
  [[nodiscard]] std::size_t n_blocks() const { return radius_.size(); }
  [[nodiscard]] std::size_t padded_size() const { return half_.size(); }
  /// Value t of row r of the panel that begins at row `first`: panel(first)[t * 32 + r].
  [[nodiscard]] const float* panel(std::size_t first) const {
    return panels_.data() + first * depth_;
  }
  [[nodiscard]] const float* half() const { return half_.data(); }
  /// Largest norm of the block's rows.
  [[nodiscard]] double radius(std::size_t block) const { return radius_[block]; }

 private:
  PackedRows() = default;
  void pack_panel(const MetricRows& rows, std::span<const std::int32_t> ids,
                  const SearchFrame& frame, std::size_t first, std::vector<double>& norms);

  std::size_t size_ = 0;
  std::size_t depth_ = 0;
  Matrix<float> panels_ = {};
  std::vector<float> half_ = {};
  std::vector<double> radius_ = {};
};

/// Bound on |approximate - true| half squared distance of rows with norms up to the two radii.
[[nodiscard]] float product_error(std::size_t depth, double radius_a, double radius_b);

}  // namespace topograph

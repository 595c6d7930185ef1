#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "neighbors/packed_rows.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph {

/// Rows in 8 bits: row = scale * code, about the frame's center, each with a scale of its own. Half
/// squared distances of the codes are within some hundredths of the rows' spacing, enough to choose
/// whom to measure exactly.
class RowCodes {
 public:
  RowCodes() = default;
  RowCodes(std::size_t rows, std::size_t cols);
  /// Codes padded to this many values a row.
  [[nodiscard]] static std::size_t depth_of(std::size_t cols);
  [[nodiscard]] static std::size_t bytes(std::size_t rows, std::size_t cols) {
    return rows * (depth_of(cols) + 2 * sizeof(float));
  }

  [[nodiscard]] std::size_t size() const { return half_.size(); }
  [[nodiscard]] std::size_t depth() const { return codes_.cols(); }
  [[nodiscard]] const std::int8_t* code(std::size_t i) const { return codes_.row(i).data(); }
  [[nodiscard]] float half(std::size_t i) const { return half_[i]; }
  [[nodiscard]] float scale(std::size_t i) const { return scale_[i]; }

  /// Codes a centered row. `half` is |row|^2 / 2 unless the metric says otherwise.
  void set(std::size_t i, std::span<const float> centered, float half);
  void copy(std::size_t i, const RowCodes& from, std::size_t j);

 private:
  Matrix<std::int8_t> codes_ = {};
  std::vector<float> half_ = {};
  std::vector<float> scale_ = {};
};

/// The same codes in the kernel's layout; the number of rows is a multiple of the panel's.
class CodePanels {
 public:
  CodePanels() = default;
  explicit CodePanels(std::size_t rows, std::size_t depth)
      : panels_(rows, depth),
        half_(rows, std::numeric_limits<float>::infinity()),
        scale_(rows, 0.0F) {}
  void set(std::size_t i, const RowCodes& from, std::size_t j);

  [[nodiscard]] std::size_t size() const { return half_.size(); }
  [[nodiscard]] const std::uint8_t* panel(std::size_t first) const {
    return panels_.data() + first * panels_.cols();
  }
  [[nodiscard]] const float* half(std::size_t first) const { return half_.data() + first; }
  [[nodiscard]] const float* scale(std::size_t first) const { return scale_.data() + first; }

 private:
  Matrix<std::uint8_t> panels_ = {};
  std::vector<float> half_ = {};
  std::vector<float> scale_ = {};
};

}  // namespace topograph

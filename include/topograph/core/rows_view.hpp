#pragma once

#include <cstddef>
#include <cstdint>

#include "topograph/core/matrix.hpp"

namespace topograph {

/// Borrowed rows of float32 or of float16 (IEEE halves), in memory or in a mapped file.
class RowsView {
 public:
  RowsView() = default;
  RowsView(
      MatrixView<const float> floats)  // NOLINT(google-explicit-constructor): any matrix is rows
      : floats_(floats) {}
  RowsView(MatrixView<float> floats) : floats_(floats) {}  // NOLINT(google-explicit-constructor)
  explicit RowsView(MatrixView<const std::uint16_t> halves) : halves_(halves), is_half_(true) {}

  [[nodiscard]] std::size_t rows() const { return is_half_ ? halves_.rows() : floats_.rows(); }
  [[nodiscard]] std::size_t cols() const { return is_half_ ? halves_.cols() : floats_.cols(); }
  [[nodiscard]] bool is_half() const { return is_half_; }
  [[nodiscard]] MatrixView<const float> floats() const { return floats_; }
  [[nodiscard]] MatrixView<const std::uint16_t> halves() const { return halves_; }

 private:
  MatrixView<const float> floats_ = {};
  MatrixView<const std::uint16_t> halves_ = {};
  bool is_half_ = false;
};

}  // namespace topograph

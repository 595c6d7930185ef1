#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "neighbors/packed_rows.hpp"
#include "neighbors/row_codes.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/neighbors/index.hpp"

namespace topograph {

/// What a row adds to the half squared distances it is in: half its squared norm in the frame, and
/// what the metric says beyond geometry.
struct RowHalf {
  float norm = 0;
  float extra = 0;

  [[nodiscard]] float sum() const { return norm + extra; }
};

/// Moves row i of `rows` into the frame.
[[nodiscard]] RowHalf center_row(const MetricRows& rows, std::size_t i, const SearchFrame& frame,
                                 std::span<float> centered);

/// Rows of the frame kept row by row, as 8-bit codes, float16 or float32 (`storage` is never
/// `automatic`).
class StoredRows {
 public:
  StoredRows() = default;
  StoredRows(NeighborStorage storage, std::size_t rows, std::size_t cols);
  [[nodiscard]] static std::size_t bytes(NeighborStorage storage, std::size_t rows,
                                         std::size_t cols);

  [[nodiscard]] NeighborStorage storage() const { return storage_; }
  [[nodiscard]] std::size_t size() const { return half_.size(); }
  [[nodiscard]] std::size_t cols() const { return cols_; }
  void set(std::size_t i, std::span<const float> centered, RowHalf half);
  void copy(std::size_t i, const StoredRows& from, std::size_t j);  ///< Stored the same way.

  [[nodiscard]] const RowCodes& codes() const { return codes_; }  ///< int8 only.
  [[nodiscard]] const std::uint16_t* halves(std::size_t i) const { return halves_.row(i).data(); }
  /// float16 and float32: row i, written to `scratch` (cols) where it is float16.
  [[nodiscard]] const float* floats(std::size_t i, std::span<float> scratch) const;
  [[nodiscard]] float half(std::size_t i) const { return half_[i]; }

 private:
  NeighborStorage storage_ = NeighborStorage::int8;
  std::size_t cols_ = 0;
  RowCodes codes_ = {};
  Matrix<std::uint16_t> halves_ = {};
  Matrix<float> floats_ = {};
  std::vector<float> half_ = {};
};

/// Half squared distances of one stored row from others; scratch of one worker.
class RowScorer {
 public:
  explicit RowScorer(const StoredRows& rows);
  void begin(std::size_t i);
  [[nodiscard]] float score(std::size_t j);

 private:
  const StoredRows& rows_;
  std::size_t own_ = 0;
  const float* own_floats_ = nullptr;
  std::vector<float> own_scratch_;
  std::vector<float> other_scratch_;
};

/// The same rows in the kernels' layout, panels of 32; the number of rows is a multiple of that.
/// What is not set is infinitely far away.
class StoredPanels {
 public:
  StoredPanels() = default;
  StoredPanels(NeighborStorage storage, std::size_t rows, std::size_t cols);
  [[nodiscard]] static std::size_t bytes(NeighborStorage storage, std::size_t rows,
                                         std::size_t cols);

  [[nodiscard]] NeighborStorage storage() const { return storage_; }
  [[nodiscard]] std::size_t size() const { return half_.size(); }
  void set(std::size_t i, const StoredRows& from, std::size_t j);

  [[nodiscard]] const CodePanels& codes() const { return codes_; }  ///< int8 only.
  /// float16 and float32: the panel at row `first`, written to `scratch` (32 cols) where float16.
  [[nodiscard]] const float* floats(std::size_t first, float* scratch) const;
  [[nodiscard]] const float* half(std::size_t first) const { return half_.data() + first; }

 private:
  NeighborStorage storage_ = NeighborStorage::int8;
  std::size_t cols_ = 0;
  CodePanels codes_ = {};
  Matrix<std::uint16_t> halves_ = {};
  Matrix<float> floats_ = {};
  std::vector<float> half_ = {};
};

}  // namespace topograph

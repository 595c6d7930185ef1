#include "neighbors/stored_rows.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/code_kernels.hpp"
#include "topograph/core/container.hpp"

namespace topograph {
namespace {

using kernels::panel_rows;

std::size_t value_bytes(NeighborStorage storage) {
  return storage == NeighborStorage::float32 ? sizeof(float) : sizeof(std::uint16_t);
}

}  // namespace

RowHalf center_row(const MetricRows& rows, std::size_t i, const SearchFrame& frame,
                   std::span<float> centered) {
  const float* row = rows.row(i, centered);
  // A query may lie far outside the frame; only its direction matters then.
  constexpr double far = 1e15;
  double largest = 0;
  for (std::size_t t = 0; t < centered.size(); ++t) {
    largest = std::max(largest, std::abs(static_cast<double>(row[t]) - frame.center[t]));
  }
  const double scale = std::min(frame.scale, far / std::max(largest, 1e-300));
  double squared = 0;
  for (std::size_t t = 0; t < centered.size(); ++t) {
    centered[t] = static_cast<float>((static_cast<double>(row[t]) - frame.center[t]) * scale);
    squared += static_cast<double>(centered[t]) * static_cast<double>(centered[t]);
  }
  if (rows.metric() == Metric::inner_product) return {.norm = 0, .extra = 0.5F};
  return {.norm = static_cast<float>(0.5 * squared), .extra = rows.is_zero(i) ? 0.5F : 0.0F};
}

StoredRows::StoredRows(NeighborStorage storage, std::size_t rows, std::size_t cols)
    : storage_(storage), cols_(cols), half_(rows, 0.0F) {
  if (storage == NeighborStorage::int8) codes_ = RowCodes(rows, cols);
  if (storage == NeighborStorage::float16) halves_ = Matrix<std::uint16_t>(rows, cols);
  if (storage == NeighborStorage::float32) floats_ = Matrix<float>(rows, cols);
}

std::size_t StoredRows::bytes(NeighborStorage storage, std::size_t rows, std::size_t cols) {
  if (storage == NeighborStorage::int8) return RowCodes::bytes(rows, cols) + rows * sizeof(float);
  return rows * (cols * value_bytes(storage) + sizeof(float));
}

void StoredRows::set(std::size_t i, std::span<const float> centered, RowHalf half) {
  half_[i] = half.sum();
  if (storage_ == NeighborStorage::int8) {
    codes_.set(i, centered, half.sum());
  } else if (storage_ == NeighborStorage::float32) {
    std::copy(centered.begin(), centered.end(), floats_.row(i).begin());
  } else {
    // The norm of the rounded row: distances are then those of rounded rows, whose error grows with
    // the distance and not with the norm.
    double squared = 0;
    for (std::size_t t = 0; t < centered.size(); ++t) {
      halves_[i, t] = float_to_half(centered[t]);
      const auto rounded = static_cast<double>(half_to_float(halves_[i, t]));
      squared += rounded * rounded;
    }
    if (half.norm > 0) half_[i] = static_cast<float>(0.5 * squared) + half.extra;
  }
}

void StoredRows::copy(std::size_t i, const StoredRows& from, std::size_t j) {
  half_[i] = from.half_[j];
  if (storage_ == NeighborStorage::int8) codes_.copy(i, from.codes_, j);
  if (storage_ == NeighborStorage::float16)
    std::copy_n(from.halves(j), cols_, halves_.row(i).begin());
  if (storage_ == NeighborStorage::float32)
    std::ranges::copy(from.floats_.row(j), floats_.row(i).begin());
}

const float* StoredRows::floats(std::size_t i, std::span<float> scratch) const {
  if (storage_ == NeighborStorage::float32) return floats_.row(i).data();
  kernels::active_codes().widen_halves(halves(i), scratch.data(), cols_);
  return scratch.data();
}

RowScorer::RowScorer(const StoredRows& rows)
    : rows_(rows), own_scratch_(rows.cols()), other_scratch_(rows.cols()) {}

void RowScorer::begin(std::size_t i) {
  own_ = i;
  if (rows_.storage() != NeighborStorage::int8) own_floats_ = rows_.floats(i, own_scratch_);
}

float RowScorer::score(std::size_t j) {
  if (rows_.storage() == NeighborStorage::int8) {
    const RowCodes& codes = rows_.codes();
    const auto dot = static_cast<float>(
        kernels::active_codes().dot_codes(codes.code(own_), codes.code(j), codes.depth()));
    return codes.half(own_) - (codes.scale(own_) * codes.scale(j) * dot - codes.half(j));
  }
  const float* other = rows_.floats(j, other_scratch_);
  const double dot = kernels::active().dot(own_floats_, other, rows_.cols());
  return static_cast<float>(static_cast<double>(rows_.half(own_)) -
                            (dot - static_cast<double>(rows_.half(j))));
}

StoredPanels::StoredPanels(NeighborStorage storage, std::size_t rows, std::size_t cols)
    : storage_(storage), cols_(cols), half_(rows, std::numeric_limits<float>::infinity()) {
  if (storage == NeighborStorage::int8) codes_ = CodePanels(rows, RowCodes::depth_of(cols));
  if (storage == NeighborStorage::float16) halves_ = Matrix<std::uint16_t>(rows, cols);
  if (storage == NeighborStorage::float32) floats_ = Matrix<float>(rows, cols);
}

std::size_t StoredPanels::bytes(NeighborStorage storage, std::size_t rows, std::size_t cols) {
  return StoredRows::bytes(storage, rows, cols);
}

void StoredPanels::set(std::size_t i, const StoredRows& from, std::size_t j) {
  half_[i] = from.half(j);
  const std::size_t lane = i % panel_rows;
  const std::size_t first = (i - lane) * cols_;
  if (storage_ == NeighborStorage::int8) {
    codes_.set(i, from.codes(), j);
  } else if (storage_ == NeighborStorage::float16) {
    const std::uint16_t* row = from.halves(j);
    std::uint16_t* panel = halves_.data() + first + lane;
    for (std::size_t t = 0; t < cols_; ++t) panel[t * panel_rows] = row[t];
  } else {
    const float* row = from.floats(j, {});
    float* panel = floats_.data() + first + lane;
    for (std::size_t t = 0; t < cols_; ++t) panel[t * panel_rows] = row[t];
  }
}

const float* StoredPanels::floats(std::size_t first, float* scratch) const {
  if (storage_ == NeighborStorage::float32) return floats_.data() + first * cols_;
  kernels::active_codes().widen_halves(halves_.data() + first * cols_, scratch, panel_rows * cols_);
  return scratch;
}

}  // namespace topograph

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph {

/// Rows of float32 that need not be in memory: algorithms that look at a batch at a time read from
/// it. `read` may be called from one thread at a time.
class RowSource {
 public:
  RowSource() = default;
  virtual ~RowSource() = default;
  RowSource(const RowSource&) = delete;
  RowSource& operator=(const RowSource&) = delete;
  RowSource(RowSource&&) = delete;
  RowSource& operator=(RowSource&&) = delete;

  [[nodiscard]] virtual std::size_t rows() const = 0;
  [[nodiscard]] virtual std::size_t cols() const = 0;
  /// Copies the given rows, in the given order, into out (ids.size(), cols()).
  [[nodiscard]] virtual Result<void> read(std::span<const std::int64_t> ids,
                                          MatrixView<float> out) const = 0;
};

/// The rows of a matrix in memory, which must outlive it.
class MatrixRows final : public RowSource {
 public:
  explicit MatrixRows(MatrixView<const float> x) : x_(x) {}
  [[nodiscard]] std::size_t rows() const override { return x_.rows(); }
  [[nodiscard]] std::size_t cols() const override { return x_.cols(); }
  [[nodiscard]] Result<void> read(std::span<const std::int64_t> ids,
                                  MatrixView<float> out) const override;

 private:
  MatrixView<const float> x_;
};

}  // namespace topograph

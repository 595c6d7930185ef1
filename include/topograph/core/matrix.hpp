#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "topograph/core/expects.hpp"

namespace topograph {

/// A borrowed row-major matrix: documents in rows. Copy it freely; it owns nothing.
template <class T>
class MatrixView {
 public:
  constexpr MatrixView() = default;
  constexpr MatrixView(T* data, std::size_t rows, std::size_t cols)
      : MatrixView(data, rows, cols, cols) {}
  constexpr MatrixView(T* data, std::size_t rows, std::size_t cols, std::size_t stride)
      : data_(data), rows_(rows), cols_(cols), stride_(stride) {
    TG_EXPECTS(stride >= cols);
  }
  /// A mutable view converts to a const one.
  constexpr operator MatrixView<const T>() const  // NOLINT(google-explicit-constructor)
      requires(!std::is_const_v<T>) {
    return {data_, rows_, cols_, stride_};
  }

  [[nodiscard]] constexpr std::size_t rows() const { return rows_; }
  [[nodiscard]] constexpr std::size_t cols() const { return cols_; }
  [[nodiscard]] constexpr std::size_t stride() const { return stride_; }
  [[nodiscard]] constexpr bool empty() const { return rows_ == 0 || cols_ == 0; }
  [[nodiscard]] constexpr T* data() const { return data_; }
  [[nodiscard]] constexpr T& operator[](std::size_t row, std::size_t col) const {
    return data_[row * stride_ + col];
  }
  [[nodiscard]] constexpr std::span<T> row(std::size_t r) const {
    return {data_ + r * stride_, cols_};
  }
  /// Rows [begin, end).
  [[nodiscard]] constexpr MatrixView rows(std::size_t begin, std::size_t end) const {
    TG_EXPECTS(begin <= end && end <= rows_);
    return {data_ + begin * stride_, end - begin, cols_, stride_};
  }

 private:
  T* data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::size_t stride_ = 0;
};

/// An owning row-major matrix, 64-byte aligned, zero-filled, rows tightly packed.
template <class T>
class Matrix {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t cols)
      : data_(allocate(rows * cols)), rows_(rows), cols_(cols) {}
  Matrix(const Matrix& other) : Matrix(other.rows_, other.cols_) {
    if (size() > 0) std::memcpy(data_.get(), other.data_.get(), size() * sizeof(T));
  }
  Matrix& operator=(const Matrix& other) {
    if (this != &other) *this = Matrix(other);
    return *this;
  }
  Matrix(Matrix&& other) noexcept
      : data_(std::move(other.data_)),
        rows_(std::exchange(other.rows_, 0)),
        cols_(std::exchange(other.cols_, 0)) {}
  Matrix& operator=(Matrix&& other) noexcept {
    data_ = std::move(other.data_);
    rows_ = std::exchange(other.rows_, 0);
    cols_ = std::exchange(other.cols_, 0);
    return *this;
  }
  ~Matrix() = default;

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] std::size_t cols() const { return cols_; }
  [[nodiscard]] std::size_t size() const { return rows_ * cols_; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] T* data() { return data_.get(); }
  [[nodiscard]] const T* data() const { return data_.get(); }
  [[nodiscard]] T& operator[](std::size_t r, std::size_t c) { return data_.get()[r * cols_ + c]; }
  [[nodiscard]] const T& operator[](std::size_t r, std::size_t c) const {
    return data_.get()[r * cols_ + c];
  }
  [[nodiscard]] std::span<T> row(std::size_t r) { return {data_.get() + r * cols_, cols_}; }
  [[nodiscard]] std::span<const T> row(std::size_t r) const {
    return {data_.get() + r * cols_, cols_};
  }
  [[nodiscard]] MatrixView<T> view() { return {data_.get(), rows_, cols_}; }
  [[nodiscard]] MatrixView<const T> view() const { return {data_.get(), rows_, cols_}; }

 private:
  struct Free {
    void operator()(T* p) const { ::operator delete[](p, std::align_val_t{64}); }
  };
  static std::unique_ptr<T[], Free> allocate(std::size_t n) {
    if (n == 0) return nullptr;
    if (n > static_cast<std::size_t>(-1) / sizeof(T)) throw std::bad_array_new_length{};
    void* raw = ::operator new[](n * sizeof(T), std::align_val_t{64});
    std::memset(raw, 0, n * sizeof(T));
    return std::unique_ptr<T[], Free>(static_cast<T*>(raw));
  }

  std::unique_ptr<T[], Free> data_ = nullptr;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
};

}  // namespace topograph

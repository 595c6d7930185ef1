#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace topograph {

/// A borrowed sparse matrix in compressed rows; columns strictly increase inside a row.
template <class T>
struct CsrView {
  std::span<const std::int64_t> offsets = {};  ///< rows + 1 entries, first 0.
  std::span<const std::int32_t> columns = {};
  std::span<const T> values = {};
  std::size_t n_cols = 0;

  [[nodiscard]] std::size_t rows() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  [[nodiscard]] std::size_t cols() const { return n_cols; }
  [[nodiscard]] std::size_t nnz() const { return columns.size(); }
  [[nodiscard]] std::span<const std::int32_t> row_columns(std::size_t r) const {
    return columns.subspan(begin(r), end(r) - begin(r));
  }
  [[nodiscard]] std::span<const T> row_values(std::size_t r) const {
    return values.subspan(begin(r), end(r) - begin(r));
  }
  [[nodiscard]] std::size_t begin(std::size_t r) const {
    return static_cast<std::size_t>(offsets[r]);
  }
  [[nodiscard]] std::size_t end(std::size_t r) const {
    return static_cast<std::size_t>(offsets[r + 1]);
  }
};

/// An owning sparse matrix in compressed rows: offsets (rows + 1), columns and values (nnz).
/// Columns strictly increase in each row and no zero is stored.
template <class T>
struct Csr {
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> columns = {};
  std::vector<T> values = {};
  std::size_t n_cols = 0;

  [[nodiscard]] CsrView<T> view() const { return {offsets, columns, values, n_cols}; }
  [[nodiscard]] std::size_t rows() const { return offsets.size() - 1; }
  [[nodiscard]] std::size_t cols() const { return n_cols; }
  [[nodiscard]] std::size_t nnz() const { return columns.size(); }
};

}  // namespace topograph

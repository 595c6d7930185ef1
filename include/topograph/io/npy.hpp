#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "topograph/core/atomic_file.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/row_source.hpp"
#include "topograph/core/rows_view.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Reads a NumPy file holding an (n, d) matrix of float32, float16 or float64 (converted to
/// float32; C or Fortran order, little-endian).
///
/// @param expected_rows  When set, n must equal it.
/// @error  input subject: not_found, io, unsupported (another type), invalid_argument (another
///         number of rows), parse (broken header, truncated data, not a matrix); names the first
///         NaN or infinite value by row and column, counted from 0.
/// @determinism  Independent of the thread count.
[[nodiscard]] Result<Matrix<float>> read_npy(const std::filesystem::path& path,
                                             std::optional<std::size_t> expected_rows,
                                             RunContext& run);

/// The rows of such a file, mapped: what is read is what is asked for, and memory that was read is
/// given back to the system, so that the file may be larger than memory.
class NpyRows final : public RowSource {
 public:
  /// @error what `read_npy` refuses, but for the values, which `read` looks at.
  [[nodiscard]] static Result<std::unique_ptr<NpyRows>> open(
      const std::filesystem::path& path, std::optional<std::size_t> expected_rows = {});
  ~NpyRows() override;

  [[nodiscard]] std::size_t rows() const override;
  [[nodiscard]] std::size_t cols() const override;
  /// @error parse: the first value that is not finite, by row and column.
  [[nodiscard]] Result<void> read(std::span<const std::int64_t> ids,
                                  MatrixView<float> out) const override;
  /// The rows as they lie in the file; nothing for float64 and for Fortran order.
  [[nodiscard]] std::optional<RowsView> view() const;

 private:
  struct Impl;
  explicit NpyRows(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

/// How the numbers of a written file are stored.
enum class NpyType : std::uint8_t { f32, f16 };
template <>
struct EnumNames<NpyType> {
  static constexpr std::array<std::string_view, 2> names{"f32", "f16"};
};

/// Writes an (n, d) matrix of n rows not known before, a block of rows at a time, as NumPy format
/// 1.0. The file appears complete or not at all. float16 is rounded to the nearest, ties to even.
class NpyWriter {
 public:
  [[nodiscard]] static Result<NpyWriter> begin(AtomicFile file, std::size_t cols, NpyType type);
  /// @error output subject; unsupported when a number is too large for float16 (above 65 504).
  [[nodiscard]] Result<void> append(MatrixView<const float> rows);
  /// Writes the number of rows and puts the file in place.
  [[nodiscard]] Result<void> commit();
  [[nodiscard]] std::size_t rows() const { return rows_; }

  /// Steps over rows that an earlier process wrote to the same growing file.
  void skip(std::size_t n_rows) { rows_ += n_rows; }
  /// The stored numbers of the last `append` of tightly packed rows, until those change.
  [[nodiscard]] std::span<const std::byte> last_bytes() const { return last_bytes_; }
  /// The bytes before the first row.
  [[nodiscard]] static std::size_t header_bytes();

 private:
  NpyWriter(AtomicFile file, std::size_t cols, NpyType type)
      : file_(std::move(file)), cols_(cols), type_(type) {}
  [[nodiscard]] Result<void> append_halves(MatrixView<const float> rows);
  [[nodiscard]] Result<void> write(std::span<const std::byte> bytes);
  [[nodiscard]] Result<void> go_to_end();

  AtomicFile file_;
  std::size_t cols_;
  NpyType type_;
  std::size_t rows_ = 0;
  bool is_at_end_ = false;  ///< false: the file may hold more than the rows, from another process.
  std::vector<std::uint16_t> halves_ = {};
  std::span<const std::byte> last_bytes_ = {};
};

/// Writes an (n, d) float32 matrix as NumPy format 1.0, atomically.
[[nodiscard]] Result<void> write_npy(const std::filesystem::path& path,
                                     MatrixView<const float> matrix);

}  // namespace topograph

#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "io/npy_header.hpp"
#include "topograph/core/error.hpp"

namespace topograph {

/// A NumPy file that holds an (n, d) matrix, mapped for reading, its size checked.
class NpyFile {
 public:
  /// @error input subject: what `read_npy` refuses before it looks at values.
  [[nodiscard]] static Result<NpyFile> open(const std::filesystem::path& path,
                                            std::optional<std::size_t> expected_rows);
  NpyFile(NpyFile&& other) noexcept;
  NpyFile& operator=(NpyFile&&) = delete;
  ~NpyFile();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::size_t rows() const { return header_.shape[0]; }
  [[nodiscard]] std::size_t cols() const { return header_.shape[1]; }
  [[nodiscard]] bool is_fortran() const { return header_.is_fortran; }
  /// 2, 4 or 8: float16, float32 or float64, little-endian.
  [[nodiscard]] std::size_t value_bytes() const { return value_bytes_; }
  /// One row in float32. @error parse: the first value that is not finite, by row and column.
  [[nodiscard]] Result<void> read_row(std::size_t row, std::span<float> out) const;
  /// The first value.
  [[nodiscard]] const char* data() const { return mapped_ + header_.data_begin; }
  /// Lets the system take back the memory of the values [begin, end).
  void release(std::size_t begin, std::size_t end) const;

 private:
  NpyFile() = default;
  [[nodiscard]] Result<void> map();
  [[nodiscard]] Result<void> check(std::optional<std::size_t> expected_rows);

  std::string name_ = {};
  NpyHeader header_ = {};
  std::size_t value_bytes_ = 0;
  int descriptor_ = -1;
  const char* mapped_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace topograph

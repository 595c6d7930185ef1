#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph {

enum class DType : std::uint8_t {
  f64,
  f32,
  f16,
  bf16,
  i64,
  i32,
  i16,
  i8,
  u64,
  u32,
  u16,
  u8,
  boolean
};

[[nodiscard]] std::size_t size_bytes(DType dtype);
[[nodiscard]] std::string_view to_string(DType dtype);  ///< safetensors' name: "F32", "I64" …

/// One array of a container: bytes are borrowed from the mapped file.
struct ArrayRef {
  DType dtype = DType::f32;
  std::vector<std::size_t> shape = {};
  std::span<const std::byte> bytes = {};

  [[nodiscard]] std::size_t n_elements() const;
};

/// A memory-mapped safetensors file, every length and offset checked before use.
class ArrayFile {
 public:
  /// @error model subject: not_found, io, or parse with what is damaged.
  [[nodiscard]] static Result<ArrayFile> open(const std::filesystem::path& path);
  ArrayFile(ArrayFile&&) noexcept;
  ArrayFile& operator=(ArrayFile&&) noexcept;
  ArrayFile(const ArrayFile&) = delete;
  ArrayFile& operator=(const ArrayFile&) = delete;
  ~ArrayFile();

  [[nodiscard]] std::vector<std::string> names() const;  ///< In ascending order.
  [[nodiscard]] bool contains(std::string_view name) const;
  [[nodiscard]] Result<ArrayRef> array(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const;

  /// Typed reads: the dtype must match (floats: f16, bf16 and f64 are converted to float32).
  [[nodiscard]] Result<Matrix<float>> matrix(std::string_view name) const;
  [[nodiscard]] Result<std::vector<float>> floats(std::string_view name) const;
  [[nodiscard]] Result<std::vector<double>> doubles(std::string_view name) const;
  [[nodiscard]] Result<std::vector<std::int32_t>> int32s(std::string_view name) const;
  [[nodiscard]] Result<std::vector<std::int64_t>> int64s(std::string_view name) const;
  [[nodiscard]] Result<std::vector<std::uint8_t>> bytes(std::string_view name) const;

 private:
  ArrayFile();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Collects arrays by reference and writes one safetensors file atomically; every array starts on a
/// 64-byte boundary (filled by "__pad" arrays, which readers skip). Data must outlive `write`.
class ArrayWriter {
 public:
  void add(std::string name, DType dtype, std::vector<std::size_t> shape,
           std::span<const std::byte> bytes);
  void add(std::string name, MatrixView<const float> matrix);  ///< Tightly packed rows.
  void add(std::string name, std::span<const float> values);
  void add(std::string name, std::span<const double> values);
  void add(std::string name, std::span<const std::int32_t> values);
  void add(std::string name, std::span<const std::int64_t> values);
  void add(std::string name, std::span<const std::uint8_t> values);
  void set_metadata(std::string key, std::string value);
  [[nodiscard]] Result<void> write(const std::filesystem::path& path) const;

 private:
  struct Entry {
    std::string name;
    DType dtype;
    std::vector<std::size_t> shape;
    std::span<const std::byte> bytes;
  };
  std::vector<Entry> entries_ = {};
  std::map<std::string, std::string> metadata_ = {};
};

/// IEEE half and bfloat16 conversions, round to nearest even.
[[nodiscard]] float half_to_float(std::uint16_t half);
[[nodiscard]] std::uint16_t float_to_half(float value);
[[nodiscard]] float bfloat16_to_float(std::uint16_t value);

}  // namespace topograph

#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "report/escape.hpp"

namespace topograph::detail {

/// Collects arrays: the bytes in one blob, and for each a JSON entry `"x":["u16",offset,count]`.
class ArrayBlob {
 public:
  template <class T>
  void add(std::string_view name, const std::vector<T>& values) {
    static_assert(std::endian::native == std::endian::little, "the page reads little-endian");
    bytes_.resize((bytes_.size() + 7) / 8 * 8, '\0');  // Typed arrays start on their own borders.
    describe(name, type_name<T>(), values.size());
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void add_text(std::string_view name, std::string_view text) {
    describe(name, "utf8", text.size());
    bytes_.append(text);
  }
  /// Codes in [-1, n_codes), -1 as the largest value of the smallest type that holds them all.
  void add_codes(std::string_view name, std::span<const std::int32_t> codes, std::size_t n_codes) {
    if (n_codes < 0xFFU) {
      add(name, std::vector<std::uint8_t>(codes.begin(), codes.end()));
    } else if (n_codes < 0xFFFFU) {
      add(name, std::vector<std::uint16_t>(codes.begin(), codes.end()));
    } else {
      add(name, std::vector<std::uint32_t>(codes.begin(), codes.end()));
    }
  }
  [[nodiscard]] std::string index_json() const { return "{" + index_ + "}"; }
  [[nodiscard]] std::string take_bytes() { return std::move(bytes_); }

 private:
  template <class T>
  static constexpr std::string_view type_name() {
    if constexpr (std::is_same_v<T, std::uint8_t>) return "u8";
    if constexpr (std::is_same_v<T, std::uint16_t>) return "u16";
    if constexpr (std::is_same_v<T, std::uint32_t>) return "u32";
    if constexpr (std::is_same_v<T, float>) return "f32";
    if constexpr (std::is_same_v<T, double>) return "f64";
  }
  void describe(std::string_view name, std::string_view type, std::size_t count) {
    if (!index_.empty()) index_ += ',';
    index_ += fmt::format("{}:[\"{}\",{},{}]", script_json_text(name), type, bytes_.size(), count);
  }
  std::string index_ = {};
  std::string bytes_ = {};
};

}  // namespace topograph::detail

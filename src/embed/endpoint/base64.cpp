#include "embed/endpoint/base64.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace topograph::detail {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr auto kValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}();

}  // namespace

std::optional<std::vector<float>> floats_from_base64(std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  const std::size_t n_bytes = text.size() * 6 / 8;
  if (text.size() % 4 == 1 || n_bytes % sizeof(float) != 0) return std::nullopt;
  std::vector<unsigned char> bytes;
  bytes.reserve(n_bytes);
  std::uint32_t buffer = 0;
  int n_bits = 0;
  for (const char c : text) {
    const std::int8_t value = kValues[static_cast<unsigned char>(c)];
    if (value < 0) return std::nullopt;
    buffer = (buffer << 6U) | static_cast<std::uint32_t>(value);
    n_bits += 6;
    if (n_bits >= 8) {
      n_bits -= 8;
      bytes.push_back(
          static_cast<unsigned char>((buffer >> static_cast<unsigned>(n_bits)) & 0xFFU));
    }
  }
  std::vector<float> numbers(n_bytes / sizeof(float));
  if (!numbers.empty()) std::memcpy(numbers.data(), bytes.data(), n_bytes);
  return numbers;
}

}  // namespace topograph::detail

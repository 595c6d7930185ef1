#include "embed/encoder/calibration_cache.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <system_error>

#include "embed/blocks/block_file.hpp"
#include "embed/store/user_cache.hpp"
#include "topograph/core/container.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
namespace {

fs::path file_of(const fs::path& folder, const std::string& key) {
  return folder / (key + ".calibration");
}

/// The numbers of all factors, one after the other, as the file holds them.
struct Numbers {
  std::vector<float> low = {};
  std::vector<float> high = {};
  std::vector<double> power = {};
  std::vector<std::int64_t> n_tokens = {};

  [[nodiscard]] std::string checksum() const {
    std::string text;
    const auto add = [&](const auto& values) {
      text += fmt::format("{:016x}", block_checksum(std::as_bytes(std::span(values))));
    };
    add(low);
    add(high);
    add(power);
    add(n_tokens);
    return text;
  }
};

Result<Numbers> read_numbers(const fs::path& path) {
  TG_TRY(const auto file, ArrayFile::open(path));
  Numbers numbers;
  TG_TRY(numbers.low, file.floats("low"));
  TG_TRY(numbers.high, file.floats("high"));
  TG_TRY(numbers.power, file.doubles("power"));
  TG_TRY(numbers.n_tokens, file.int64s("tokens"));
  const auto stored = file.metadata().find("checksum");
  if (stored == file.metadata().end() || stored->second != numbers.checksum()) {
    return model_error(ErrorCode::parse, path.string(), "holds damaged numbers");
  }
  return numbers;
}

}  // namespace

fs::path calibration_folder() {
  if (const char* cache = std::getenv("TOPOGRAPH_CACHE"); cache != nullptr && *cache != '\0') {
    return cache;
  }
  const fs::path cache = user_cache();
  return cache.empty() ? cache : cache / "topograph" / "calibration";
}

std::optional<std::vector<FactorRange>> read_calibration(const fs::path& folder,
                                                         const std::string& key,
                                                         std::span<const std::size_t> widths) {
  const auto numbers = read_numbers(file_of(folder, key));
  if (!numbers) return {};
  std::size_t n_columns = 0;
  for (const std::size_t width : widths) n_columns += width;
  if (numbers->low.size() != n_columns || numbers->high.size() != n_columns ||
      numbers->power.size() != widths.size() || numbers->n_tokens.size() != widths.size()) {
    return {};
  }
  std::vector<FactorRange> factors;
  auto low = numbers->low.begin();
  auto high = numbers->high.begin();
  for (std::size_t f = 0; f < widths.size(); ++f) {
    const auto width = static_cast<std::ptrdiff_t>(widths[f]);
    factors.push_back({.low = {low, low + width},
                       .high = {high, high + width},
                       .power = numbers->power[f],
                       .n_tokens = static_cast<std::size_t>(numbers->n_tokens[f])});
    low += width;
    high += width;
  }
  return factors;
}

void write_calibration(const fs::path& folder, const std::string& key,
                       std::span<const FactorRange> factors) {
  std::error_code ignored;
  fs::create_directories(folder, ignored);
  Numbers numbers;
  for (const FactorRange& factor : factors) {
    numbers.low.insert(numbers.low.end(), factor.low.begin(), factor.low.end());
    numbers.high.insert(numbers.high.end(), factor.high.begin(), factor.high.end());
    numbers.power.push_back(factor.power);
    numbers.n_tokens.push_back(static_cast<std::int64_t>(factor.n_tokens));
  }
  ArrayWriter writer;
  writer.add("low", std::span<const float>(numbers.low));
  writer.add("high", std::span<const float>(numbers.high));
  writer.add("power", std::span<const double>(numbers.power));
  writer.add("tokens", std::span<const std::int64_t>(numbers.n_tokens));
  writer.set_metadata("checksum", numbers.checksum());
  // A cache that cannot be written costs time, not results.
  static_cast<void>(writer.write(file_of(folder, key)));
}

}  // namespace topograph::detail

#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace topograph::detail {

/// What calibration learns of one tensor that is multiplied by weights.
struct FactorRange {
  std::vector<float> low = {};   ///< Of each column.
  std::vector<float> high = {};  ///< The same.
  double power = 0;              ///< Sum over tokens and columns of x^2 * weight_power.
  std::size_t n_tokens = 0;

  friend bool operator==(const FactorRange&, const FactorRange&) = default;
};

/// Where calibrations are kept: $TOPOGRAPH_CACHE, else topograph/calibration in the user's cache
/// folder; empty when neither is known.
[[nodiscard]] std::filesystem::path calibration_folder();

/// The kept calibration of `key`, when it is whole and fits.
///
/// @param widths  Columns of each factor, in their order.
/// @return        Nothing when there is none or the file is damaged: then it is to be made again.
[[nodiscard]] std::optional<std::vector<FactorRange>> read_calibration(
    const std::filesystem::path& folder, const std::string& key,
    std::span<const std::size_t> widths);

/// Keeps a calibration for later starts. Where it cannot be written, later starts calibrate again.
void write_calibration(const std::filesystem::path& folder, const std::string& key,
                       std::span<const FactorRange> factors);

}  // namespace topograph::detail

#pragma once

#include <span>
#include <string_view>

namespace topograph::detail {

/// What int8 learns the ranges of an encoder's inner numbers from: some fifty texts of many kinds
/// and a dozen languages, written for this purpose. Always the same, so that a text's vector does
/// not depend on the collection it is in.
[[nodiscard]] std::span<const std::string_view> calibration_texts();

}  // namespace topograph::detail

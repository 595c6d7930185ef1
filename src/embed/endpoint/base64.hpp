#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace topograph::detail {

/// Decodes base64 of little-endian float32 numbers (RFC 4648, with or without padding). Nothing
/// when it is not base64 or the bytes are no whole numbers.
[[nodiscard]] std::optional<std::vector<float>> floats_from_base64(std::string_view text);

}  // namespace topograph::detail

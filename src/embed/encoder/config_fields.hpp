#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "embed/encoder/encoder_config.hpp"
#include "embed/json_file.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// A model that is in order but beyond this program: what was expected and what was found.
[[nodiscard]] std::unexpected<Error> unsupported_model(const std::filesystem::path& where,
                                                       const std::string& expected,
                                                       const std::string& found);

/// A number above 0 under `key`, or `fallback` when it is absent or null.
/// @error model subject, schema.
[[nodiscard]] Result<double> positive_or(const nlohmann::ordered_json& object,
                                         const std::string& key, double fallback,
                                         const std::filesystem::path& where);

/// The activation named under `key`, gelu when it is absent.
/// @error model subject, unsupported.
[[nodiscard]] Result<Activation> read_activation(const nlohmann::ordered_json& object,
                                                 const std::string& key,
                                                 const std::filesystem::path& where);

/// @error model subject, schema: hidden_size is not a multiple of the number of heads.
[[nodiscard]] Result<void> check_heads(const NetworkConfig& shape,
                                       const std::filesystem::path& where);

}  // namespace topograph::detail

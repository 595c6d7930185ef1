#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "topograph/core/error.hpp"

namespace topograph::detail {

/// Reads a whole file of a model.
/// @error model subject: not_found or io.
[[nodiscard]] Result<std::string> read_model_file(const std::filesystem::path& path);

/// Parses a JSON object; key order is kept.
/// @error model subject: not_found, io, or parse with the byte at which it went wrong.
[[nodiscard]] Result<nlohmann::ordered_json> read_json_object(const std::filesystem::path& path);

/// A JSON file that a model may do without: an empty object when it is absent.
[[nodiscard]] Result<nlohmann::ordered_json> read_optional_json(const std::filesystem::path& path);

/// A whole number in [low, 2^31) stored under `key`.
/// @error model subject, schema: absent, of another type, or out of range.
[[nodiscard]] Result<std::size_t> required_size(const nlohmann::ordered_json& object,
                                                const std::string& key, std::size_t low,
                                                const std::filesystem::path& where);

/// The same, when it may be absent or null.
[[nodiscard]] Result<std::optional<std::size_t>> optional_size(const nlohmann::ordered_json& object,
                                                               const std::string& key,
                                                               std::size_t low,
                                                               const std::filesystem::path& where);

/// A flag that may be absent.
[[nodiscard]] bool flag_or(const nlohmann::ordered_json& object, const std::string& key,
                           bool fallback);

/// A text that may be absent.
[[nodiscard]] std::string text_or(const nlohmann::ordered_json& object, const std::string& key,
                                  const std::string& fallback);

}  // namespace topograph::detail

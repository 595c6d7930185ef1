#pragma once

#include <string_view>

namespace topograph {

inline constexpr std::string_view kModelFormat = "topograph-model";
inline constexpr int kSchemaVersion = 1;
inline constexpr std::string_view kManifestFile = "model.json";
inline constexpr std::string_view kArraysFile = "arrays.safetensors";
inline constexpr std::string_view kTfidfFile = "tfidf.safetensors";
inline constexpr std::string_view kTopicsFile = "topics.json";

}  // namespace topograph

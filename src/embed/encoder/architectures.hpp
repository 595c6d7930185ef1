#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "embed/encoder/encoder_config.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

class WeightReader;
struct EncoderGraph;

/// One family of networks: how its config.json is read and how its arrays become a graph.
struct Architecture {
  std::string_view model_type;     ///< Of config.json.
  std::string_view default_class;  ///< When config.json names none.
  Result<void> (*read)(const nlohmann::ordered_json& json, const std::filesystem::path& where,
                       NetworkConfig& shape);
  Result<EncoderGraph> (*build)(const EncoderConfig& config, const WeightReader& weights);
};

[[nodiscard]] std::span<const Architecture> architectures();
[[nodiscard]] const Architecture* find_architecture(std::string_view model_type);

/// "bert, distilbert, …" for messages.
[[nodiscard]] std::string known_architectures();

[[nodiscard]] Result<void> read_bert(const nlohmann::ordered_json& json,
                                     const std::filesystem::path& where, NetworkConfig& shape);
[[nodiscard]] Result<void> read_distilbert(const nlohmann::ordered_json& json,
                                           const std::filesystem::path& where,
                                           NetworkConfig& shape);
[[nodiscard]] Result<void> read_roberta(const nlohmann::ordered_json& json,
                                        const std::filesystem::path& where, NetworkConfig& shape);
[[nodiscard]] Result<void> read_mpnet(const nlohmann::ordered_json& json,
                                      const std::filesystem::path& where, NetworkConfig& shape);
[[nodiscard]] Result<void> read_modernbert(const nlohmann::ordered_json& json,
                                           const std::filesystem::path& where,
                                           NetworkConfig& shape);
[[nodiscard]] Result<void> read_gemma3(const nlohmann::ordered_json& json,
                                       const std::filesystem::path& where, NetworkConfig& shape);
[[nodiscard]] Result<void> read_qwen3(const nlohmann::ordered_json& json,
                                      const std::filesystem::path& where, NetworkConfig& shape);

[[nodiscard]] Result<EncoderGraph> build_bert(const EncoderConfig& config,
                                              const WeightReader& weights);
[[nodiscard]] Result<EncoderGraph> build_distilbert(const EncoderConfig& config,
                                                    const WeightReader& weights);
[[nodiscard]] Result<EncoderGraph> build_mpnet(const EncoderConfig& config,
                                               const WeightReader& weights);
[[nodiscard]] Result<EncoderGraph> build_modernbert(const EncoderConfig& config,
                                                    const WeightReader& weights);
[[nodiscard]] Result<EncoderGraph> build_gemma3(const EncoderConfig& config,
                                                const WeightReader& weights);
[[nodiscard]] Result<EncoderGraph> build_qwen3(const EncoderConfig& config,
                                               const WeightReader& weights);

}  // namespace topograph::detail

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "embed/encoder/encoder_config.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// modules.json: what comes after the network, in the order of the file.
struct ModulesConfig {
  std::filesystem::path network = {};     ///< Folder of the network; the model's own in general.
  std::vector<PoolingMode> pooling = {};  ///< Empty: the file names no pooling.
  bool pools_prompt = true;
  std::vector<ModuleConfig> modules = {};
};

/// A folder without the file has its network in itself and nothing behind it.
/// @error model subject: parse, schema, or unsupported naming the module and those that are known.
[[nodiscard]] Result<ModulesConfig> read_modules(const std::filesystem::path& folder);

/// Joins the parts and checks that each module takes what the one before it gives.
/// @error model subject, schema.
[[nodiscard]] Result<HeadConfig> make_head_config(const ModulesConfig& modules,
                                                  std::vector<PoolingMode> pooling,
                                                  std::size_t hidden_size);

/// Reads the weights of Dense and LayerNorm.
/// @error model subject: not_found, parse or schema.
[[nodiscard]] Result<EncoderHead> load_head(const HeadConfig& config);

/// "mean", "cls+mean" …
[[nodiscard]] std::string pooling_name(const std::vector<PoolingMode>& modes);

/// The other way round. Names are those of `pooling_mode`; `+` or `,` joins several.
/// @error option subject, naming what is known.
[[nodiscard]] Result<std::vector<PoolingMode>> parse_pooling(const std::string& text);

}  // namespace topograph::detail

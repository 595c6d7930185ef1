#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "topograph/core/error.hpp"

namespace topograph {

enum class ModelKind : std::uint8_t { encoder, static_vectors };

/// What a model folder holds, read from its configuration files without loading weights.
struct ModelInfo {
  std::string name = {};
  std::filesystem::path folder = {};
  ModelKind kind = ModelKind::encoder;
  std::string architecture = {};  ///< "BertModel", "StaticModel" …
  std::size_t dimension = 0;
  std::size_t max_length = 0;  ///< Tokens a text; 0: no limit.
  std::size_t vocabulary_size = 0;
  std::size_t weight_bytes = 0;
  std::string pooling = {};  ///< "mean", "cls" …
  bool is_normalized = false;
  /// Names and texts of the prompts that the model knows.
  std::vector<std::pair<std::string, std::string>> prompts = {};
  std::string default_prompt = {};  ///< Name of the one that is used unless told otherwise.
};

/// Folders searched for models, in order: $TOPOGRAPH_MODELS (colon-separated), the user's cache
/// ($XDG_CACHE_HOME or ~/.cache, then /topograph/models), then folders beside the program
/// (`../models`, `../share/topograph/models`) and those of the source tree it was built from.
[[nodiscard]] std::vector<std::filesystem::path> model_search_path();

/// Finds a model by folder path or name ("all-MiniLM-L6-v2", "static" = the built-in "static-en").
/// Models that `pull_model` or huggingface_hub fetched are found as "name", "owner/name" and
/// "owner/name@revision".
/// @error model subject, not_found, listing the searched folders and how to fetch the model.
[[nodiscard]] Result<std::filesystem::path> find_model(std::string_view name_or_path);

/// All models on the search path and those pulled from a hub, by name.
[[nodiscard]] std::vector<ModelInfo> list_models();

/// @error model subject: not_found, parse, schema.
[[nodiscard]] Result<ModelInfo> describe_model(const std::filesystem::path& folder);

}  // namespace topograph

#include "topograph/embed/model_store.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include "embed/encoder/encoder_config.hpp"
#include "embed/encoder/modules_config.hpp"
#include "embed/hub/hub_cache.hpp"
#include "embed/json_file.hpp"
#include "embed/static/static_files.hpp"
#include "embed/store/user_cache.hpp"
#include "topograph/core/container.hpp"
#include "topograph/net/url.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kBuiltIn = "static-en";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::vector<fs::path> split_paths(std::string_view text) {
  std::vector<fs::path> paths;
  while (!text.empty()) {
    const auto end = std::min(text.find(':'), text.size());
    if (end > 0) paths.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return paths;
}

/// A folder that may hold a model of one of the known layouts.
bool looks_like_model(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "config.json", ignored) ||
         fs::exists(folder / "modules.json", ignored) ||
         fs::exists(folder / "config_sentence_transformers.json", ignored);
}

/// The snapshot of a model that `model pull` or huggingface_hub fetched: "name", "owner/name" or
/// "owner/name@revision".
std::optional<fs::path> find_pulled(const std::string& text) {
  const auto name = detail::parse_hub_name(text);
  if (!name) return std::nullopt;
  auto folder = detail::find_hub_snapshot(*name);
  if (!folder || !looks_like_model(*folder)) return std::nullopt;
  return folder;
}

Result<ModelInfo> describe_static(const fs::path& folder, const detail::StaticLayout& layout,
                                  ModelInfo info) {
  TG_TRY(const auto config, detail::read_static_config(folder, layout));
  TG_TRY(const auto file, ArrayFile::open(layout.weights));
  TG_TRY(const auto vectors, detail::static_vector_array(file, layout.weights));
  info.kind = ModelKind::static_vectors;
  info.architecture = "StaticModel";
  info.dimension = vectors.shape[1];
  info.max_length = config.max_length;
  info.vocabulary_size = vectors.shape[0];
  if (file.contains("mapping")) {
    TG_TRY(const auto mapping, file.array("mapping"));
    info.vocabulary_size = mapping.n_elements();
  }
  info.pooling = "mean";
  info.is_normalized = config.is_normalized;
  TG_TRY(const auto prompts, detail::read_prompts(folder));
  info.prompts = prompts.named;
  info.default_prompt = prompts.default_name;
  info.weight_bytes = fs::file_size(layout.weights);
  return info;
}

Result<ModelInfo> describe_encoder(const detail::EncoderConfig& config, ModelInfo info) {
  info.kind = ModelKind::encoder;
  info.architecture = config.shape.architecture;
  info.dimension = config.head.dimension;
  info.max_length = config.max_length;
  info.vocabulary_size = config.shape.vocabulary_size;
  info.pooling = detail::pooling_name(config.head.pooling);
  info.is_normalized = config.head.is_normalized();
  info.prompts = config.prompts.named;
  info.default_prompt = config.prompts.default_name;
  TG_TRY(const auto files, detail::weight_files(config));
  for (const fs::path& file : files) {
    std::error_code code;
    info.weight_bytes += fs::file_size(file, code);
    if (code) {
      return model_error(ErrorCode::not_found, file.string(),
                         "expected this file in the model's folder, found none");
    }
  }
  return info;
}

}  // namespace

std::vector<fs::path> model_search_path() {
  std::vector<fs::path> wanted = split_paths(environment("TOPOGRAPH_MODELS"));
  if (const fs::path cache = detail::user_cache(); !cache.empty()) {
    wanted.push_back(cache / "topograph" / "models");
  }
  std::error_code code;
  if (const fs::path program = fs::read_symlink("/proc/self/exe", code); !code) {
    const fs::path bin = program.parent_path();
    // build/bin sees build/models and models; build/<preset>/bin sees both one level further up.
    for (const char* relative : {"../models", "../share/topograph/models", "../../models"}) {
      wanted.push_back(bin / relative);
    }
  }
  wanted.emplace_back(TG_BUILD_MODELS);
  wanted.emplace_back(TG_SOURCE_MODELS);
  std::vector<fs::path> unique;
  for (const fs::path& path : wanted) {
    fs::path normal = fs::absolute(path, code).lexically_normal();
    if (std::ranges::find(unique, normal) == unique.end()) unique.push_back(std::move(normal));
  }
  return unique;
}

Result<fs::path> find_model(std::string_view name_or_path) {
  if (name_or_path.empty()) {
    return option_error("embed.model", "expected the name or the folder of a model, found nothing");
  }
  if (is_http_url(name_or_path)) {
    return option_error(
        "embed.model",
        fmt::format("expected the name or the folder of a model, found the address {}",
                    display_url(name_or_path)),
        "a server's address is --endpoint URL, and --model its model's name");
  }
  const std::string name(name_or_path == "static" ? kBuiltIn : name_or_path);
  std::error_code ignored;
  const bool is_path = name.find('/') != std::string::npos;
  if (is_path && fs::is_directory(name, ignored)) return fs::path(name);
  const bool is_anchored = name.starts_with('/') || name.starts_with('.');
  // "owner/name" is how the hub calls a model that is stored here under its last part.
  const std::string last = name.substr(name.rfind('/') + 1);
  const std::vector<fs::path> places = model_search_path();
  if (!is_anchored && !last.empty()) {
    for (const fs::path& place : places) {
      if (looks_like_model(place / name)) return place / name;
    }
    if (const auto pulled = find_pulled(name)) return *pulled;
    for (const fs::path& place : places) {
      if (looks_like_model(place / last)) return place / last;
    }
  }
  if (!is_path && looks_like_model(name)) return fs::path(name);
  if (is_anchored) {
    return model_error(ErrorCode::not_found, name, "expected the folder of a model, found none");
  }
  std::vector<std::string> searched;
  for (const fs::path& place : places) searched.push_back(place.string());
  if (const fs::path cache = detail::hub_cache_folder(); !cache.empty()) {
    searched.push_back(cache.string());
  }
  const std::string hint = fmt::format(
      "`topograph model pull {}` fetches it; `topograph model list` shows what is "
      "there; `static` needs nothing; a folder's path works too",
      name);
  return model_error(ErrorCode::not_found, std::string(name_or_path),
                     fmt::format("there is no model of this name in {}", fmt::join(searched, ", ")),
                     hint);
}

std::vector<ModelInfo> list_models() {
  std::map<std::string, ModelInfo> found;
  for (const fs::path& place : model_search_path()) {
    std::error_code code;
    for (fs::directory_iterator it(place, code), end; !code && it != end; it.increment(code)) {
      const bool is_unfinished = it->path().filename().string().starts_with('.');
      if (is_unfinished || !looks_like_model(it->path())) continue;
      if (auto info = describe_model(it->path())) found.try_emplace(info->name, std::move(*info));
    }
  }
  for (const fs::path& snapshot : detail::list_hub_snapshots()) {
    if (!looks_like_model(snapshot)) continue;
    if (auto info = describe_model(snapshot)) found.try_emplace(info->name, std::move(*info));
  }
  std::vector<ModelInfo> models;
  for (auto& [name, info] : found) models.push_back(std::move(info));
  return models;
}

Result<ModelInfo> describe_model(const fs::path& folder) {
  std::error_code code;
  const fs::path named = folder.has_filename() ? folder : folder.parent_path();
  if (!fs::is_directory(named, code)) {
    return model_error(ErrorCode::not_found, named.string(),
                       "expected the folder of a model, found none");
  }
  ModelInfo info{.name = detail::model_name(named), .folder = named};
  if (const auto layout = detail::find_static_layout(named)) {
    return describe_static(named, *layout, std::move(info));
  }
  TG_TRY(const auto config, detail::read_encoder_config(named));
  return describe_encoder(config, std::move(info));
}

}  // namespace topograph

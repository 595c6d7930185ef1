#include "embed/encoder/modules_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <system_error>
#include <utility>

#include "embed/encoder/config_fields.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

/// Names of the modes: today's `pooling_mode` value and the flag of older folders, in the order in
/// which several are concatenated.
struct ModeName {
  PoolingMode mode;
  std::string_view name;
  std::string_view flag;
};
constexpr std::array<ModeName, 6> kModes{{
    {PoolingMode::cls, "cls", "pooling_mode_cls_token"},
    {PoolingMode::max, "max", "pooling_mode_max_tokens"},
    {PoolingMode::mean, "mean", "pooling_mode_mean_tokens"},
    {PoolingMode::mean_sqrt_len, "mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens"},
    {PoolingMode::weighted_mean, "weightedmean", "pooling_mode_weightedmean_tokens"},
    {PoolingMode::last_token, "lasttoken", "pooling_mode_lasttoken"},
}};

constexpr std::array<std::pair<std::string_view, DenseActivation>, 6> kActivations{{
    {"Identity", DenseActivation::identity},
    {"Tanh", DenseActivation::tanh},
    {"ReLU", DenseActivation::relu},
    {"GELU", DenseActivation::gelu},
    {"Sigmoid", DenseActivation::sigmoid},
    {"SiLU", DenseActivation::silu},
}};

/// The class behind "sentence_transformers.models.Dense" and its longer forms.
std::string last_part(const std::string& dotted) { return dotted.substr(dotted.rfind('.') + 1); }

Result<PoolingMode> mode_of(const Json& name, const fs::path& where) {
  for (const ModeName& known : kModes) {
    if (name.is_string() && name.get<std::string>() == known.name) return known.mode;
  }
  std::string known;
  for (const ModeName& mode : kModes) {
    if (!known.empty()) known += ", ";
    known += mode.name;
  }
  return unsupported_model(where, "a pooling_mode of " + known, name.dump());
}

Result<void> read_pooling(const fs::path& where, ModulesConfig& config) {
  TG_TRY(const auto json, read_json_object(where));
  config.pools_prompt = flag_or(json, "include_prompt", true);
  if (const auto found = json.find("pooling_mode"); found != json.end()) {
    const Json names = found->is_array() ? *found : Json::array({*found});
    for (const Json& name : names) {
      TG_TRY(config.pooling.emplace_back(), mode_of(name, where));
    }
  } else {
    for (const ModeName& known : kModes) {
      if (flag_or(json, std::string(known.flag), false)) config.pooling.push_back(known.mode);
    }
  }
  if (config.pooling.empty()) config.pooling.push_back(PoolingMode::mean);
  return {};
}

/// Only vectors of whole texts pass through the modules.
Result<void> check_feature(const Json& json, const fs::path& where) {
  for (const char* key : {"module_input_name", "module_output_name"}) {
    const std::string name = text_or(json, key, "sentence_embedding");
    if (name != "sentence_embedding") {
      return unsupported_model(where, std::string(key) + " sentence_embedding", name);
    }
  }
  return {};
}

Result<ModuleConfig> read_dense(const fs::path& folder) {
  const fs::path where = folder / "config.json";
  TG_TRY(const auto json, read_json_object(where));
  TG_TRY(check_feature(json, where));
  ModuleConfig module{.kind = ModuleConfig::Kind::dense, .folder = folder};
  TG_TRY(module.n_in, required_size(json, "in_features", 1, where));
  TG_TRY(module.n_out, required_size(json, "out_features", 1, where));
  module.has_bias = flag_or(json, "bias", true);
  if (flag_or(json, "use_residual", false)) {
    return unsupported_model(where, "a Dense module without use_residual", "one with it");
  }
  const std::string name = text_or(json, "activation_function", "torch.nn.modules.activation.Tanh");
  const auto* known = std::ranges::find(kActivations, last_part(name),
                                        &std::pair<std::string_view, DenseActivation>::first);
  if (!name.starts_with("torch.nn.") || known == kActivations.end()) {
    return unsupported_model(
        where, "activation_function Identity, Tanh, ReLU, GELU, Sigmoid or SiLU", name);
  }
  module.activation = known->second;
  return module;
}

Result<ModuleConfig> read_layer_norm(const fs::path& folder) {
  const fs::path where = folder / "config.json";
  TG_TRY(const auto json, read_json_object(where));
  ModuleConfig module{.kind = ModuleConfig::Kind::layer_norm, .folder = folder};
  TG_TRY(module.n_in, required_size(json, "dimension", 1, where));
  module.n_out = module.n_in;
  return module;
}

Result<ModuleConfig> read_normalize(const fs::path& folder) {
  TG_TRY(const auto json, read_optional_json(folder / "config.json"));
  TG_TRY(check_feature(json, folder / "config.json"));
  return ModuleConfig{.kind = ModuleConfig::Kind::normalize, .folder = folder};
}

Result<void> read_module(const std::string& kind, const fs::path& folder, const fs::path& where,
                         ModulesConfig& config) {
  const bool is_pooled = !config.pooling.empty();
  if (kind == "Pooling" && !is_pooled) return read_pooling(folder / "config.json", config);
  if (kind == "Dropout") return {};  // Does nothing outside of training.
  if (is_pooled && kind == "Dense") {
    TG_TRY(config.modules.emplace_back(), read_dense(folder));
  } else if (is_pooled && kind == "LayerNorm") {
    TG_TRY(config.modules.emplace_back(), read_layer_norm(folder));
  } else if (is_pooled && kind == "Normalize") {
    TG_TRY(config.modules.emplace_back(), read_normalize(folder));
  } else {
    return unsupported_model(
        where, "Transformer, Pooling, then Dense, LayerNorm, Dropout and Normalize in any order",
        kind.empty() ? "a module without a type" : "the module " + kind + " at this place");
  }
  return {};
}

}  // namespace

Result<ModulesConfig> read_modules(const fs::path& folder) {
  const fs::path where = folder / "modules.json";
  ModulesConfig config{.network = folder};
  std::error_code ignored;
  if (!fs::exists(where, ignored)) return config;
  TG_TRY(const auto bytes, read_model_file(where));
  const Json modules = Json::parse(bytes, nullptr, false);
  if (!modules.is_array()) {
    return model_error(ErrorCode::parse, where.string(), "expected a JSON list of modules",
                       "the file is damaged; fetch the model again");
  }
  bool is_first = true;
  for (const Json& module : modules) {
    const std::string kind = module.is_object() ? last_part(text_or(module, "type", "")) : "";
    const std::string path = module.is_object() ? text_or(module, "path", "") : "";
    const fs::path inside = fs::path(path).lexically_normal();
    if (inside.is_absolute() || (!inside.empty() && *inside.begin() == "..")) {
      return model_error(ErrorCode::schema, where.string(),
                         "expected paths inside of the model's folder, found " + path);
    }
    if (is_first && kind != "Transformer") {
      return unsupported_model(where, "a Transformer as the first module",
                               kind.empty() ? "a module without a type" : "the module " + kind);
    }
    if (is_first) {
      config.network = path.empty() ? folder : (folder / inside).lexically_normal();
    } else {
      TG_TRY(read_module(kind, folder / inside, where, config));
    }
    is_first = false;
  }
  return config;
}

Result<HeadConfig> make_head_config(const ModulesConfig& modules, std::vector<PoolingMode> pooling,
                                    std::size_t hidden_size) {
  HeadConfig head{.pooling = std::move(pooling),
                  .pools_prompt = modules.pools_prompt,
                  .modules = modules.modules};
  head.dimension = hidden_size * head.pooling.size();
  for (const ModuleConfig& module : head.modules) {
    if (module.kind == ModuleConfig::Kind::normalize) continue;
    if (module.n_in != head.dimension) {
      return model_error(ErrorCode::schema, (module.folder / "config.json").string(),
                         fmt::format("expected {} inputs, what the module before it gives, found "
                                     "{}",
                                     head.dimension, module.n_in));
    }
    head.dimension = module.n_out;
  }
  return head;
}

std::string pooling_name(const std::vector<PoolingMode>& modes) {
  std::string text;
  for (const PoolingMode mode : modes) {
    const auto* known = std::ranges::find(kModes, mode, &ModeName::mode);
    if (!text.empty()) text += "+";
    text += known->name;
  }
  return text;
}

Result<std::vector<PoolingMode>> parse_pooling(const std::string& text) {
  std::vector<PoolingMode> modes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of("+,", begin), text.size());
    const std::string name = text.substr(begin, end - begin);
    const auto* known = std::ranges::find(kModes, name, &ModeName::name);
    if (known == kModes.end()) {
      return option_error("embed.pooling",
                          "expected cls, max, mean, mean_sqrt_len_tokens, weightedmean or "
                          "lasttoken, several joined by '+', found '" +
                              name + "'");
    }
    modes.push_back(known->mode);
    begin = end + 1;
  }
  return modes;
}

}  // namespace topograph::detail

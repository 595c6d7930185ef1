#include <fmt/format.h>

#include <cmath>

#include "embed/encoder/architectures.hpp"
#include "embed/encoder/config_fields.hpp"

// ModernBERT, Gemma 3 and Qwen 3: the keys of config.json that describe them, as written today and
// by older versions.
namespace topograph::detail {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

/// What one kind of layer ("full_attention", "sliding_attention") turns by.
struct LayerKind {
  std::string name;
  std::string old_theta_key;
  double theta;
};

Json child(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_object() ? *found : Json::object();
}

/// `rope_parameters` of today, in one object or one a kind of layer; `old_theta_key` and
/// `rope_scaling` of older files.
Result<RotaryLayer> read_rotation(const Json& json, const LayerKind& kind, bool is_scaled,
                                  const fs::path& where) {
  const Json all = child(json, "rope_parameters");
  const bool is_nested = all.contains("full_attention") || all.contains("sliding_attention");
  Json own = is_nested ? child(all, kind.name) : all;
  if (own.empty() && is_scaled) own = child(json, "rope_scaling");
  RotaryLayer layer;
  TG_TRY(const double old_theta, positive_or(json, kind.old_theta_key, kind.theta, where));
  TG_TRY(layer.theta, positive_or(own, "rope_theta", old_theta, where));
  const std::string type = text_or(own, "rope_type", text_or(own, "type", "default"));
  if (type == "linear") {
    TG_TRY(layer.stretch, positive_or(own, "factor", 1, where));
  } else if (type != "default") {
    return unsupported_model(where, "rotary positions of type default or linear", type);
  }
  return layer;
}

/// The kinds of the layers: `layer_types`, else every `period`-th layer (counted so that layer
/// `offset` is one) sees everything.
Result<std::vector<bool>> read_sliding(const Json& json, std::size_t n_layers, std::size_t period,
                                       std::size_t offset, const fs::path& where) {
  std::vector<bool> is_sliding(n_layers);
  const auto types = json.find("layer_types");
  if (types == json.end() || types->is_null()) {
    for (std::size_t i = 0; i < n_layers; ++i) is_sliding[i] = i % period != offset;
    return is_sliding;
  }
  if (!types->is_array() || types->size() < n_layers) {
    return model_error(ErrorCode::schema, where.string() + ": layer_types",
                       fmt::format("expected a list of {} layers, found {}", n_layers,
                                   types->dump().substr(0, 80)));
  }
  for (std::size_t i = 0; i < n_layers; ++i) {
    const Json& type = (*types)[i];
    is_sliding[i] = type == "sliding_attention";
    if (!is_sliding[i] && type != "full_attention") {
      return unsupported_model(where, "layers full_attention or sliding_attention", type.dump());
    }
  }
  return is_sliding;
}

Result<void> read_common(const Json& json, const fs::path& where, NetworkConfig& shape,
                         const std::string& epsilon_key) {
  TG_TRY(shape.hidden_size, required_size(json, "hidden_size", 1, where));
  TG_TRY(shape.n_layers, required_size(json, "num_hidden_layers", 1, where));
  TG_TRY(shape.n_heads, required_size(json, "num_attention_heads", 1, where));
  TG_TRY(shape.intermediate_size, required_size(json, "intermediate_size", 1, where));
  TG_TRY(shape.vocabulary_size, required_size(json, "vocab_size", 1, where));
  TG_TRY(shape.max_tokens, required_size(json, "max_position_embeddings", 3, where));
  TG_TRY(shape.norm_epsilon,
         positive_or(json, epsilon_key, epsilon_key == "norm_eps" ? 1e-5 : 1e-6, where));
  return {};
}

/// Heads of the two decoders: fewer keys than queries, and a width that hidden_size does not bind.
Result<RotaryPositions> read_grouped_heads(const Json& json, const NetworkConfig& shape,
                                           std::size_t default_width, const fs::path& where) {
  RotaryPositions rotary;
  TG_TRY(const auto key_heads, optional_size(json, "num_key_value_heads", 1, where));
  rotary.n_key_heads = key_heads.value_or(shape.n_heads);
  TG_TRY(const auto width, optional_size(json, "head_dim", 2, where));
  rotary.head_size = width.value_or(default_width);
  if (shape.n_heads % rotary.n_key_heads != 0 || rotary.head_size % 2 != 0) {
    return model_error(ErrorCode::schema, where.string(),
                       fmt::format("expected num_attention_heads to be a multiple of "
                                   "num_key_value_heads and an even head_dim, found {}, {} and {}",
                                   shape.n_heads, rotary.n_key_heads, rotary.head_size));
  }
  rotary.has_attention_bias = flag_or(json, "attention_bias", false);
  return rotary;
}

}  // namespace

Result<void> read_modernbert(const Json& json, const fs::path& where, NetworkConfig& shape) {
  TG_TRY(read_common(json, where, shape, "norm_eps"));
  TG_TRY(check_heads(shape, where));
  TG_TRY(shape.activation, read_activation(json, "hidden_activation", where));
  RotaryPositions rotary;
  rotary.n_key_heads = shape.n_heads;
  rotary.head_size = shape.hidden_size / shape.n_heads;
  if (rotary.head_size % 2 != 0) {
    return unsupported_model(where, "heads of an even width", std::to_string(rotary.head_size));
  }
  rotary.has_attention_bias = flag_or(json, "attention_bias", false);
  rotary.has_mlp_bias = flag_or(json, "mlp_bias", false);
  rotary.has_norm_bias = flag_or(json, "norm_bias", false);
  TG_TRY(const auto window, optional_size(json, "local_attention", 1, where));
  TG_TRY(const auto period, optional_size(json, "global_attn_every_n_layers", 1, where));
  TG_TRY(const auto is_sliding, read_sliding(json, shape.n_layers, period.value_or(3), 0, where));
  TG_TRY(const auto wide,
         read_rotation(json, {"full_attention", "global_rope_theta", 160000}, true, where));
  TG_TRY(auto narrow,
         read_rotation(json, {"sliding_attention", "local_rope_theta", 10000}, true, where));
  narrow.reach = window.value_or(128) / 2;
  for (const bool slides : is_sliding) rotary.layers.push_back(slides ? narrow : wide);
  shape.positions = std::move(rotary);
  return {};
}

Result<void> read_gemma3(const Json& json, const fs::path& where, NetworkConfig& shape) {
  TG_TRY(read_common(json, where, shape, "rms_norm_eps"));
  Json with_default = json;
  if (!json.contains("hidden_activation")) with_default["hidden_activation"] = "gelu_pytorch_tanh";
  TG_TRY(shape.activation, read_activation(with_default, "hidden_activation", where));
  if (const auto cap = json.find("attn_logit_softcapping"); cap != json.end() && !cap->is_null()) {
    return unsupported_model(where, "no attn_logit_softcapping", cap->dump());
  }
  TG_TRY(auto rotary, read_grouped_heads(json, shape, 256, where));
  TG_TRY(const double scalar, positive_or(json, "query_pre_attn_scalar", 256, where));
  rotary.score_scale = 1 / std::sqrt(scalar);
  rotary.is_causal = !flag_or(json, "use_bidirectional_attention", false);
  TG_TRY(const auto window, optional_size(json, "sliding_window", 1, where));
  TG_TRY(const auto pattern, optional_size(json, "sliding_window_pattern", 1, where));
  const std::size_t period = pattern.value_or(6);
  TG_TRY(const auto is_sliding, read_sliding(json, shape.n_layers, period, period - 1, where));
  TG_TRY(const auto wide, read_rotation(json, {"full_attention", "rope_theta", 1e6}, true, where));
  TG_TRY(auto narrow,
         read_rotation(json, {"sliding_attention", "rope_local_base_freq", 1e4}, false, where));
  // In both directions the window is shared by the two sides; its ends are not seen.
  const std::size_t width = window.value_or(4096);
  narrow.reach = rotary.is_causal ? width - 1 : width / 2;
  for (const bool slides : is_sliding) rotary.layers.push_back(slides ? narrow : wide);
  shape.positions = std::move(rotary);
  return {};
}

Result<void> read_qwen3(const Json& json, const fs::path& where, NetworkConfig& shape) {
  TG_TRY(read_common(json, where, shape, "rms_norm_eps"));
  Json with_default = json;
  if (!json.contains("hidden_act")) with_default["hidden_act"] = "silu";
  TG_TRY(shape.activation, read_activation(with_default, "hidden_act", where));
  TG_TRY(auto rotary, read_grouped_heads(json, shape, 128, where));
  rotary.is_causal = true;
  TG_TRY(const auto wide, read_rotation(json, {"full_attention", "rope_theta", 1e4}, true, where));
  RotaryLayer narrow = wide;
  std::vector<bool> is_sliding(shape.n_layers, false);
  if (flag_or(json, "use_sliding_window", false)) {
    TG_TRY(const auto window, optional_size(json, "sliding_window", 1, where));
    TG_TRY(const auto first, optional_size(json, "max_window_layers", 0, where));
    if (window) narrow.reach = *window - 1;
    for (std::size_t i = first.value_or(28); window && i < shape.n_layers; ++i) {
      is_sliding[i] = true;
    }
  }
  if (const auto types = json.find("layer_types"); types != json.end() && !types->is_null()) {
    TG_TRY(is_sliding, read_sliding(json, shape.n_layers, 1, 0, where));
  }
  for (const bool slides : is_sliding) rotary.layers.push_back(slides ? narrow : wide);
  shape.positions = std::move(rotary);
  return {};
}

}  // namespace topograph::detail

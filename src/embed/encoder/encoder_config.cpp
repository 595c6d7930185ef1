#include "embed/encoder/encoder_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "embed/json_file.hpp"

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

std::unexpected<Error> unsupported(const fs::path& where, const std::string& expected,
                                   const std::string& found) {
  return model_error(ErrorCode::unsupported, where.string(),
                     fmt::format("expected {}, found {}", expected, found),
                     "BERT encoders such as all-MiniLM-L6-v2 can be read");
}

Result<Activation> read_activation(const Json& json, const fs::path& where) {
  const std::string name = text_or(json, "hidden_act", "gelu");
  if (name == "gelu") return Activation::gelu;
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return Activation::gelu_tanh;
  if (name == "relu") return Activation::relu;
  return unsupported(where, "hidden_act gelu, gelu_new, gelu_pytorch_tanh or relu", name);
}

Result<void> read_architecture(const Json& json, const fs::path& where, EncoderConfig& config) {
  const std::string type = text_or(json, "model_type", "");
  if (type != "bert") {
    return unsupported(where, "model_type 'bert'", type.empty() ? "none" : "'" + type + "'");
  }
  const std::string positions = text_or(json, "position_embedding_type", "absolute");
  if (positions != "absolute") return unsupported(where, "absolute position embeddings", positions);
  if (flag_or(json, "is_decoder", false)) return unsupported(where, "an encoder", "a decoder");

  TG_TRY(config.hidden_size, required_size(json, "hidden_size", 1, where));
  TG_TRY(config.n_layers, required_size(json, "num_hidden_layers", 1, where));
  TG_TRY(config.n_heads, required_size(json, "num_attention_heads", 1, where));
  TG_TRY(config.intermediate_size, required_size(json, "intermediate_size", 1, where));
  TG_TRY(config.max_positions, required_size(json, "max_position_embeddings", 3, where));
  TG_TRY(config.vocabulary_size, required_size(json, "vocab_size", 1, where));
  TG_TRY(const auto types, optional_size(json, "type_vocab_size", 1, where));
  config.n_token_types = types.value_or(2);
  if (config.hidden_size % config.n_heads != 0) {
    return model_error(ErrorCode::schema, where.string(),
                       fmt::format("expected hidden_size to be a multiple of num_attention_heads, "
                                   "found {} and {}",
                                   config.hidden_size, config.n_heads));
  }
  if (const auto found = json.find("layer_norm_eps"); found != json.end() && !found->is_null()) {
    if (!found->is_number() || !(found->get<double>() > 0)) {
      return model_error(ErrorCode::schema, where.string() + ": layer_norm_eps",
                         "expected a number above 0, found " + found->dump());
    }
    config.layer_norm_epsilon = found->get<double>();
  }
  TG_TRY(config.activation, read_activation(json, where));
  config.architecture = "BertModel";
  if (const auto found = json.find("architectures");
      found != json.end() && found->is_array() && !found->empty() && (*found)[0].is_string()) {
    config.architecture = (*found)[0].get<std::string>();
  }
  return {};
}

Result<PoolingMode> mode_of(const Json& name, const fs::path& where) {
  for (const ModeName& known : kModes) {
    if (name.is_string() && name.get<std::string>() == known.name) return known.mode;
  }
  return unsupported(where, "a known pooling_mode", name.dump());
}

Result<std::vector<PoolingMode>> read_pooling(const fs::path& where) {
  TG_TRY(const auto json, read_json_object(where));
  std::vector<PoolingMode> modes;
  if (const auto found = json.find("pooling_mode"); found != json.end()) {
    const Json names = found->is_array() ? *found : Json::array({*found});
    for (const Json& name : names) {
      TG_TRY(modes.emplace_back(), mode_of(name, where));
    }
  } else {
    for (const ModeName& known : kModes) {
      if (flag_or(json, std::string(known.flag), false)) modes.push_back(known.mode);
    }
  }
  if (modes.empty()) modes.push_back(PoolingMode::mean);
  return modes;
}

/// modules.json: the transformer first, then pooling, then perhaps a scaling to unit length.
Result<void> read_modules(const fs::path& folder, EncoderConfig& config) {
  const fs::path where = folder / "modules.json";
  config.pooling = {PoolingMode::mean};
  std::error_code ignored;
  if (!fs::exists(where, ignored)) return {};
  TG_TRY(const auto bytes, read_model_file(where));
  const Json modules = Json::parse(bytes, nullptr, false);
  if (!modules.is_array()) {
    return model_error(ErrorCode::parse, where.string(), "expected a JSON list of modules",
                       "the file is damaged; fetch the model again");
  }
  for (const Json& module : modules) {
    const std::string type = module.is_object() ? text_or(module, "type", "") : "";
    const std::string kind = type.substr(type.rfind('.') + 1);
    const std::string path = module.is_object() ? text_or(module, "path", "") : "";
    if (kind == "Transformer") {
      if (!path.empty() && path != ".") {
        return unsupported(where, "the transformer in the model's own folder", "in " + path);
      }
    } else if (kind == "Pooling") {
      TG_TRY(config.pooling, read_pooling(folder / path / "config.json"));
    } else if (kind == "Normalize") {
      config.is_normalized = true;
    } else {
      return unsupported(where, "Transformer, Pooling and Normalize",
                         kind.empty() ? "a module without a type" : "the module " + kind);
    }
  }
  return {};
}

/// A sentence-transformers flag that lowers the text before the tokeniser sees it; harmless when
/// the tokeniser lowers it anyway.
Result<void> check_lower_case(const Json& sentence, const fs::path& folder) {
  if (!flag_or(sentence, "do_lower_case", false)) return {};
  TG_TRY(const auto tokenizer, read_json_object(folder / "tokenizer.json"));
  const auto normalizer = tokenizer.find("normalizer");
  if (normalizer != tokenizer.end() && normalizer->is_object() &&
      flag_or(*normalizer, "lowercase", false)) {
    return {};
  }
  return unsupported(folder / "sentence_bert_config.json", "do_lower_case false",
                     "true with a cased tokenizer");
}

Result<void> check_prompt(const fs::path& folder) {
  const fs::path where = folder / "config_sentence_transformers.json";
  TG_TRY(const auto json, read_optional_json(where));
  const std::string name = text_or(json, "default_prompt_name", "");
  if (name.empty()) return {};
  return unsupported(where, "no default prompt", "the prompt '" + name + "'");
}

Result<void> read_max_length(const fs::path& folder, EncoderConfig& config) {
  const fs::path where = folder / "sentence_bert_config.json";
  TG_TRY(const auto sentence, read_optional_json(where));
  TG_TRY(check_lower_case(sentence, folder));
  TG_TRY(const auto stated, optional_size(sentence, "max_seq_length", 3, where));
  config.max_length = config.max_positions;
  if (stated) {
    config.max_length = std::min(*stated, config.max_positions);
    return {};
  }
  TG_TRY(const auto tokenizer, read_optional_json(folder / "tokenizer_config.json"));
  if (const auto found = tokenizer.find("model_max_length");
      found != tokenizer.end() && found->is_number() && found->get<double>() >= 3) {
    const double limit = std::min(found->get<double>(), static_cast<double>(config.max_positions));
    config.max_length = static_cast<std::size_t>(limit);
  }
  return {};
}

}  // namespace

Result<EncoderConfig> read_encoder_config(const fs::path& folder) {
  EncoderConfig config;
  config.folder = folder;
  const fs::path where = folder / "config.json";
  TG_TRY(const auto json, read_json_object(where));
  TG_TRY(read_architecture(json, where, config));
  TG_TRY(read_modules(folder, config));
  TG_TRY(check_prompt(folder));
  TG_TRY(read_max_length(folder, config));
  return config;
}

std::string pooling_name(const std::vector<PoolingMode>& modes) {
  std::string text;
  for (const PoolingMode mode : modes) {
    const auto* known =
        std::ranges::find_if(kModes, [&](const ModeName& name) { return name.mode == mode; });
    if (!text.empty()) text += "+";
    text += known->name;
  }
  return text;
}

}  // namespace topograph::detail

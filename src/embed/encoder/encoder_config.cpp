#include "embed/encoder/encoder_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>

#include "embed/encoder/architectures.hpp"
#include "embed/encoder/config_fields.hpp"
#include "embed/encoder/modules_config.hpp"
#include "embed/encoder/weight_reader.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

/// Files that may hold the network, the preferred first.
struct NetworkFile {
  NetworkSource source;
  const char* path;
};
constexpr std::array<NetworkFile, 6> kNetworkFiles{{
    {NetworkSource::safetensors, "model.safetensors"},
    {NetworkSource::safetensors, "model.safetensors.index.json"},
    {NetworkSource::openvino, "openvino_model.xml"},
    {NetworkSource::openvino, "openvino/openvino_model.xml"},
    {NetworkSource::onnx, "model.onnx"},
    {NetworkSource::onnx, "onnx/model.onnx"},
}};

Result<void> find_network(const EncoderChoice& choice, EncoderConfig& config) {
  for (const NetworkFile& file : kNetworkFiles) {
    if (choice.source && *choice.source != file.source) continue;
    if (!is_there(config.network / file.path)) continue;
    config.source = file.source;
    if (file.source != NetworkSource::safetensors) config.graph_file = config.network / file.path;
    return {};
  }
  std::string expected;
  for (const NetworkFile& file : kNetworkFiles) {
    if (choice.source && *choice.source != file.source) continue;
    expected += (expected.empty() ? "" : ", ") + std::string(file.path);
  }
  const bool is_pickled = is_there(config.network / "pytorch_model.bin");
  return model_error(
      ErrorCode::not_found, config.network.string(),
      "expected one of " + expected + ", found " + (is_pickled ? "pytorch_model.bin only" : "none"),
      is_pickled ? "such a file is a program; save the model as safetensors" : "");
}

/// An exported network says itself what it computes; only its sizes are asked for.
Result<void> read_exported(const Json& json, const fs::path& where, NetworkConfig& shape) {
  const std::string width = json.contains("hidden_size") ? "hidden_size" : "dim";
  TG_TRY(shape.hidden_size, required_size(json, width, 1, where));
  TG_TRY(const auto vocabulary, optional_size(json, "vocab_size", 1, where));
  shape.vocabulary_size = vocabulary.value_or(0);
  TG_TRY(const auto positions, optional_size(json, "max_position_embeddings", 3, where));
  shape.max_tokens = positions.value_or(512);
  return {};
}

Result<void> read_network(EncoderConfig& config) {
  const fs::path where = config.network / "config.json";
  TG_TRY(const auto json, read_json_object(where));
  NetworkConfig& shape = config.shape;
  shape.model_type = text_or(json, "model_type", "");
  const Architecture* known = find_architecture(shape.model_type);
  if (known != nullptr) shape.architecture = known->default_class;
  if (config.source != NetworkSource::safetensors) {
    // What cannot be built may still have been exported.
    if (known == nullptr || !known->read(json, where, shape)) {
      shape = {.architecture = shape.model_type, .model_type = shape.model_type};
      TG_TRY(read_exported(json, where, shape));
    }
  } else if (known != nullptr) {
    TG_TRY(known->read(json, where, shape));
  } else {
    auto refused = unsupported_model(
        where, "a model_type of " + known_architectures(),
        shape.model_type.empty() ? std::string("none") : "'" + shape.model_type + "'");
    refused.error().hint =
        "of other architectures an exported model.onnx or openvino_model.xml runs";
    return refused;
  }
  if (const auto found = json.find("architectures");
      found != json.end() && found->is_array() && !found->empty() && (*found)[0].is_string()) {
    shape.architecture = (*found)[0].get<std::string>();
  }
  return {};
}

bool is_causal(const NetworkConfig& shape) {
  const auto* rotary = std::get_if<RotaryPositions>(&shape.positions);
  return rotary != nullptr && rotary->is_causal;
}

Result<void> read_head(const EncoderChoice& choice, const ModulesConfig& modules,
                       EncoderConfig& config) {
  std::vector<PoolingMode> pooling = choice.pooling.empty() ? modules.pooling : choice.pooling;
  if (pooling.empty()) {
    pooling = {is_causal(config.shape) ? PoolingMode::last_token : PoolingMode::mean};
  }
  TG_TRY(config.head, make_head_config(modules, std::move(pooling), config.shape.hidden_size));
  return {};
}

/// The settings of the Transformer module, under today's name or one of the older.
Result<Json> read_sentence_config(const fs::path& folder) {
  for (const char* family : {"bert", "roberta", "distilbert", "camembert", "xlm-roberta"}) {
    const fs::path path = folder / fmt::format("sentence_{}_config.json", family);
    if (is_there(path)) return read_json_object(path);
  }
  return Json::object();
}

Result<void> read_max_length(EncoderConfig& config) {
  const fs::path where = config.network / "sentence_bert_config.json";
  TG_TRY(const auto sentence, read_sentence_config(config.network));
  config.lowers_case = flag_or(sentence, "do_lower_case", false);
  const std::string output = text_or(sentence, "module_output_name", "token_embeddings");
  if (output != "token_embeddings") {
    return unsupported_model(where, "module_output_name token_embeddings", output);
  }
  TG_TRY(const auto stated, optional_size(sentence, "max_seq_length", 3, where));
  config.max_length = config.shape.max_tokens;
  if (stated) {
    config.max_length = std::min(*stated, config.max_length);
    return {};
  }
  TG_TRY(const auto tokenizer, read_optional_json(config.network / "tokenizer_config.json"));
  if (const auto found = tokenizer.find("model_max_length");
      found != tokenizer.end() && found->is_number() && found->get<double>() >= 3) {
    const double limit = std::min(found->get<double>(), static_cast<double>(config.max_length));
    config.max_length = static_cast<std::size_t>(limit);
  }
  return {};
}

}  // namespace

Result<EncoderConfig> read_encoder_config(const fs::path& folder, const EncoderChoice& choice) {
  EncoderConfig config;
  config.folder = folder;
  TG_TRY(const auto modules, read_modules(folder));
  config.network = modules.network;
  if (!is_there(config.network / "config.json")) {
    return model_error(ErrorCode::not_found, (config.network / "config.json").string(),
                       "expected this file in the model's folder, found none");
  }
  TG_TRY(find_network(choice, config));
  TG_TRY(read_network(config));
  TG_TRY(read_head(choice, modules, config));
  TG_TRY(config.prompts, read_prompts(folder));
  TG_TRY(read_max_length(config));
  return config;
}

Result<std::vector<fs::path>> weight_files(const EncoderConfig& config) {
  std::vector<fs::path> files;
  if (config.source == NetworkSource::safetensors) {
    TG_TRY(files, WeightReader::files(config.network));
  } else {
    // Beside "model.onnx" may lie "model.onnx_data", beside "openvino_model.xml" lies the ".bin".
    const std::string name = config.source == NetworkSource::onnx
                                 ? config.graph_file.filename().string()
                                 : config.graph_file.stem().string() + ".";
    std::error_code code;
    for (fs::directory_iterator it(config.graph_file.parent_path(), code), end; !code && it != end;
         it.increment(code)) {
      if (it->path().filename().string().starts_with(name)) files.push_back(it->path());
    }
    std::ranges::sort(files);
  }
  for (const ModuleConfig& module : config.head.modules) {
    if (module.kind == ModuleConfig::Kind::normalize) continue;
    TG_TRY(const auto own, WeightReader::files(module.folder));
    files.insert(files.end(), own.begin(), own.end());
  }
  return files;
}

}  // namespace topograph::detail

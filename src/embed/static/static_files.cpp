#include "embed/static/static_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <system_error>
#include <utility>

#include "embed/json_file.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

constexpr const char* kDamaged = "the file is damaged; fetch or distil the model again";

bool is_static_config(const fs::path& path) {
  const auto json = read_json_object(path);
  return json && text_or(*json, "model_type", "") == "model2vec";
}

/// modules.json names a step that scales to unit length.
Result<bool> has_normalize_module(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / "modules.json", ignored)) return false;
  TG_TRY(const auto bytes, read_model_file(folder / "modules.json"));
  const Json modules = Json::parse(bytes, nullptr, false);
  if (!modules.is_array()) {
    return model_error(ErrorCode::parse, (folder / "modules.json").string(),
                       "expected a JSON list of modules", kDamaged);
  }
  return std::ranges::any_of(modules, [](const Json& module) {
    return module.is_object() && text_or(module, "type", "").ends_with(".Normalize");
  });
}

Result<void> read_table(const ArrayFile& file, const ArrayRef& array, const std::string& name,
                        StaticVectors& out) {
  if (array.dtype != DType::i8) {
    TG_TRY(out.floats, file.matrix(name));
    return {};
  }
  out.bytes = Matrix<std::int8_t>(array.shape[0], array.shape[1]);
  std::memcpy(out.bytes.data(), array.bytes.data(), out.bytes.size());
  return {};
}

Result<std::vector<std::int32_t>> read_mapping(const ArrayFile& file, const fs::path& where,
                                               std::size_t n_tokens, std::size_t n_rows) {
  if (!file.contains("mapping")) return std::vector<std::int32_t>{};
  TG_TRY(const auto array, file.array("mapping"));
  std::vector<std::int64_t> wide;
  if (array.dtype == DType::i32) {
    TG_TRY(const auto values, file.int32s("mapping"));
    wide.assign(values.begin(), values.end());
  } else {
    TG_TRY(wide, file.int64s("mapping"));
  }
  const auto high = narrow<std::int64_t>(n_rows);
  const bool fits = wide.size() == n_tokens && std::ranges::all_of(wide, [&](std::int64_t row) {
                      return row >= 0 && row < high;
                    });
  if (!fits) {
    return model_error(ErrorCode::schema, where.string(),
                       fmt::format("expected 'mapping' to hold {} rows below {}, found {} values",
                                   n_tokens, n_rows, wide.size()),
                       kDamaged);
  }
  return std::vector<std::int32_t>(wide.begin(), wide.end());
}

Result<void> check_finite(std::span<const float> values, const std::string& name,
                          const fs::path& where) {
  const auto bad = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
  if (bad == values.end()) return {};
  return model_error(ErrorCode::schema, where.string(),
                     fmt::format("expected finite numbers in '{}', found {} at position {}", name,
                                 *bad, bad - values.begin()),
                     kDamaged);
}

std::string vector_name(const ArrayFile& file) {
  return file.contains("embeddings") ? "embeddings" : "embedding.weight";
}

}  // namespace

std::optional<StaticLayout> find_static_layout(const fs::path& folder) {
  const std::array<StaticLayout, 2> plain{{
      {folder / "config.json", folder / "model.safetensors", folder / "tokenizer.json"},
      {folder / "config_sentence_transformers.json", folder / "model.safetensors",
       folder / "tokenizer.json"},
  }};
  std::error_code ignored;
  const bool has_config = fs::exists(plain[0].config, ignored);
  if (has_config && is_static_config(plain[0].config)) return plain[0];
  const fs::path nested = folder / "0_StaticEmbedding";
  if (fs::is_directory(nested, ignored)) {
    return StaticLayout{plain[1].config, nested / "model.safetensors", nested / "tokenizer.json"};
  }
  // Without weights of its own a folder may still be an encoder that modules.json finds deeper.
  const bool has_weights = fs::exists(plain[1].weights, ignored);
  if (!has_config && has_weights && fs::exists(plain[1].config, ignored)) return plain[1];
  return std::nullopt;
}

Result<StaticConfig> read_static_config(const fs::path& folder, const StaticLayout& layout) {
  TG_TRY(const auto json, read_json_object(layout.config));
  StaticConfig config;
  if (json.contains("normalize")) {
    config.is_normalized = flag_or(json, "normalize", false);
  } else {
    TG_TRY(config.is_normalized, has_normalize_module(folder));
  }
  if (const auto found = json.find("max_length"); found != json.end() && found->is_null()) {
    config.max_length = 0;
  } else {
    TG_TRY(const auto stated, optional_size(json, "max_length", 1, layout.config));
    config.max_length = stated.value_or(config.max_length);
  }
  return config;
}

Result<ArrayRef> static_vector_array(const ArrayFile& file, const fs::path& where) {
  const std::string name = vector_name(file);
  if (!file.contains(name)) {
    return model_error(ErrorCode::schema, where.string(),
                       "expected an array called 'embeddings' or 'embedding.weight', found neither",
                       "is this a static model?");
  }
  TG_TRY(auto array, file.array(name));
  if (array.shape.size() != 2 || array.shape[0] == 0 || array.shape[1] == 0) {
    return model_error(
        ErrorCode::schema, where.string(),
        fmt::format("expected '{}' to be a matrix, found {} dimensions", name, array.shape.size()),
        kDamaged);
  }
  return array;
}

Result<StaticVectors> read_static_vectors(const StaticLayout& layout, std::size_t n_tokens) {
  const fs::path& where = layout.weights;
  TG_TRY(const auto file, ArrayFile::open(where));
  TG_TRY(const auto array, static_vector_array(file, where));
  StaticVectors result;
  const std::string name = vector_name(file);
  TG_TRY(read_table(file, array, name, result));
  TG_TRY(result.mapping, read_mapping(file, where, n_tokens, result.n_rows()));
  result.weights.assign(n_tokens, 1.0F);
  if (file.contains("weights")) {
    TG_TRY(result.weights, file.floats("weights"));
  }
  const std::size_t covered = result.mapping.empty() ? result.n_rows() : result.mapping.size();
  if (covered != n_tokens || result.weights.size() != n_tokens) {
    return model_error(
        ErrorCode::schema, where.string(),
        fmt::format("expected vectors for the {} tokens of tokenizer.json, found {} and {} weights",
                    n_tokens, covered, result.weights.size()),
        "do tokenizer.json and model.safetensors belong together?");
  }
  TG_TRY(check_finite({result.floats.data(), result.floats.size()}, name, where));
  TG_TRY(check_finite(result.weights, "weights", where));
  return result;
}

}  // namespace topograph::detail

#include "embed/encoder/weight_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <set>
#include <span>
#include <system_error>
#include <utility>

#include "embed/json_file.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
namespace {

constexpr const char* kIndex = "model.safetensors.index.json";

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("({})", fmt::join(shape, ", "));
}

Result<void> check_finite(std::span<const float> values, const std::string& name,
                          const std::string& where) {
  // A sum of zeros is finite, a sum with 0 * inf or 0 * nan is not: no branch a number.
  float sum = 0;
  for (const float value : values) sum += value * 0.0F;
  if (sum == 0.0F) return {};
  const auto bad = std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
  return model_error(ErrorCode::schema, where,
                     fmt::format("expected finite numbers in '{}', found {} at position {}", name,
                                 *bad, bad - values.begin()),
                     "the file is damaged; fetch the model again");
}

}  // namespace

std::size_t Weight::size() const {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
}

Weight Weight::rows(std::size_t begin, std::size_t end) const {
  if (data == nullptr) return {};
  Weight part{shape, data + begin * (size() / shape[0]), owner};
  part.shape[0] = end - begin;
  return part;
}

Weight own_weight(std::vector<std::size_t> shape, std::vector<float> values) {
  auto owner = std::make_shared<std::vector<float>>(std::move(values));
  const float* data = owner->data();
  return {std::move(shape), data, std::move(owner)};
}

LinearWeights LinearWeights::rows(std::size_t begin, std::size_t end) const {
  return {weight.rows(begin, end), bias.rows(begin, end)};
}

Result<WeightReader> WeightReader::open(const fs::path& folder) {
  WeightReader reader;
  TG_TRY(const auto paths, files(folder));
  reader.where_ = (paths.size() == 1 ? paths[0] : folder / kIndex).string();
  for (const fs::path& path : paths) {
    TG_TRY(reader.add_shard(path));
  }
  return reader;
}

Result<std::vector<fs::path>> WeightReader::files(const fs::path& folder) {
  const fs::path whole = folder / "model.safetensors";
  const fs::path index = folder / kIndex;
  std::error_code ignored;
  if (fs::exists(whole, ignored) || !fs::exists(index, ignored)) return std::vector{whole};
  TG_TRY(const auto json, read_json_object(index));
  const auto map = json.find("weight_map");
  if (map == json.end() || !map->is_object() || map->empty()) {
    return model_error(ErrorCode::schema, index.string(),
                       "expected an object 'weight_map' from arrays to files, found none");
  }
  std::set<fs::path> shards;
  for (const auto& [name, file] : map->items()) {
    const std::string text = file.is_string() ? file.get<std::string>() : std::string();
    if (text.empty() || fs::path(text).filename() != text) {
      return model_error(ErrorCode::schema, index.string() + ": " + name,
                         "expected the name of a file beside the index, found " + file.dump());
    }
    shards.insert(folder / text);
  }
  return std::vector<fs::path>(shards.begin(), shards.end());
}

Result<void> WeightReader::add_shard(const fs::path& path) {
  TG_TRY(auto opened, ArrayFile::open(path));
  const auto file = std::make_shared<ArrayFile>(std::move(opened));
  for (std::string& name : file->names()) shard_of_.try_emplace(std::move(name), shards_.size());
  shards_.push_back({file, path.string()});
  return {};
}

void WeightReader::find_prefix(std::string_view name) {
  prefix_.clear();
  if (shard_of_.contains(name)) return;
  const std::string ending = "." + std::string(name);
  for (const auto& [full, shard] : shard_of_) {
    if (!full.ends_with(ending)) continue;
    const std::string found = full.substr(0, full.size() - name.size());
    if (prefix_.empty() || found.size() < prefix_.size()) prefix_ = found;
  }
}

bool WeightReader::contains(const std::string& name) const {
  return shard_of_.contains(prefix_ + name);
}

Result<Weight> WeightReader::read(const std::string& name,
                                  const std::vector<std::size_t>& expected) const {
  const std::string full = prefix_ + name;
  const auto found = shard_of_.find(full);
  if (found == shard_of_.end()) {
    return model_error(
        ErrorCode::schema, where_,
        fmt::format("expected '{}' of shape {}, found no such array", full, shape_text(expected)),
        "do config.json and the weights belong together?");
  }
  const Shard& shard = shards_[found->second];
  TG_TRY(const auto array, shard.file->array(full));
  if (array.shape != expected) {
    return model_error(ErrorCode::schema, shard.where,
                       fmt::format("expected '{}' of shape {}, found {}", full,
                                   shape_text(expected), shape_text(array.shape)),
                       "do config.json and the weights belong together?");
  }
  Weight weight{expected, nullptr, nullptr};
  const auto* bytes = array.bytes.data();
  const bool is_aligned = reinterpret_cast<std::uintptr_t>(bytes) % alignof(float) == 0;
  if (array.dtype == DType::f32 && is_aligned) {
    weight.data = reinterpret_cast<const float*>(bytes);
    weight.owner = shard.file;
  } else {
    TG_TRY(auto values, shard.file->floats(full));
    weight = own_weight(expected, std::move(values));
  }
  TG_TRY(check_finite({weight.data, weight.size()}, full, shard.where));
  return weight;
}

Result<LinearWeights> WeightReader::linear(const std::string& name, std::size_t n_out,
                                           std::size_t n_in, bool has_bias) const {
  LinearWeights weights;
  TG_TRY(weights.weight, read(name + ".weight", {n_out, n_in}));
  if (has_bias) {
    TG_TRY(weights.bias, read(name + ".bias", {n_out}));
  }
  return weights;
}

Result<NormWeights> WeightReader::norm(const std::string& name, std::size_t n,
                                       bool has_bias) const {
  // Folders converted from TensorFlow call the two arrays gamma and beta.
  const bool is_old = contains(name + ".gamma");
  NormWeights weights;
  TG_TRY(weights.gamma, read(name + (is_old ? ".gamma" : ".weight"), {n}));
  if (has_bias) {
    TG_TRY(weights.beta, read(name + (is_old ? ".beta" : ".bias"), {n}));
  }
  return weights;
}

}  // namespace topograph::detail

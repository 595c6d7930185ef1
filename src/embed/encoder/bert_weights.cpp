#include "embed/encoder/bert_weights.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>

namespace topograph::detail {
namespace {

using Shape = std::vector<std::size_t>;

class WeightReader {
 public:
  WeightReader(std::shared_ptr<ArrayFile> file, std::string where)
      : file_(std::move(file)), where_(std::move(where)) {
    if (!file_->contains("embeddings.word_embeddings.weight") &&
        file_->contains("bert.embeddings.word_embeddings.weight")) {
      prefix_ = "bert.";
    }
  }

  [[nodiscard]] Result<Weight> read(const std::string& name, const Shape& expected) const {
    TG_TRY(const auto array, file_->array(prefix_ + name));
    if (array.shape != expected) {
      return model_error(ErrorCode::schema, where_,
                         fmt::format("expected '{}' of shape ({}), found ({})", prefix_ + name,
                                     fmt::join(expected, ", "), fmt::join(array.shape, ", ")),
                         "do config.json and model.safetensors belong together?");
    }
    Weight weight{expected, nullptr, nullptr};
    const auto* bytes = array.bytes.data();
    const bool is_aligned = reinterpret_cast<std::uintptr_t>(bytes) % alignof(float) == 0;
    if (array.dtype == DType::f32 && is_aligned) {
      weight.data = reinterpret_cast<const float*>(bytes);
      weight.owner = file_;
    } else {
      TG_TRY(auto values, file_->floats(prefix_ + name));
      auto owner = std::make_shared<std::vector<float>>(std::move(values));
      weight.data = owner->data();
      weight.owner = std::move(owner);
    }
    const std::span<const float> values(weight.data, array.n_elements());
    const auto bad =
        std::ranges::find_if(values, [](float value) { return !std::isfinite(value); });
    if (bad != values.end()) {
      return model_error(ErrorCode::schema, where_,
                         fmt::format("expected finite numbers in '{}', found {} at position {}",
                                     prefix_ + name, *bad, bad - values.begin()),
                         "the file is damaged; fetch the model again");
    }
    return weight;
  }

  [[nodiscard]] Result<LinearWeights> linear(const std::string& name, std::size_t out,
                                             std::size_t in) const {
    LinearWeights weights;
    TG_TRY(weights.weight, read(name + ".weight", {out, in}));
    TG_TRY(weights.bias, read(name + ".bias", {out}));
    return weights;
  }

  /// Folders converted from TensorFlow call the two arrays gamma and beta.
  [[nodiscard]] Result<NormWeights> norm(const std::string& name, std::size_t n) const {
    const bool is_old = file_->contains(prefix_ + name + ".gamma");
    NormWeights weights;
    TG_TRY(weights.gamma, read(name + (is_old ? ".gamma" : ".weight"), {n}));
    TG_TRY(weights.beta, read(name + (is_old ? ".beta" : ".bias"), {n}));
    return weights;
  }

 private:
  std::shared_ptr<ArrayFile> file_;
  std::string where_;
  std::string prefix_ = {};
};

/// No text has a second segment, so the vector of token type 0 belongs to every position.
Weight add_token_type(const Weight& positions, const Weight& types) {
  const std::size_t hidden = positions.shape[1];
  auto sum = std::make_shared<std::vector<float>>(positions.data,
                                                  positions.data + positions.shape[0] * hidden);
  for (std::size_t i = 0; i < sum->size(); ++i) (*sum)[i] += types.data[i % hidden];
  const float* data = sum->data();
  return {positions.shape, data, std::move(sum)};
}

Result<BertLayerWeights> read_layer(const WeightReader& reader, const EncoderConfig& config,
                                    std::size_t layer) {
  const std::size_t hidden = config.hidden_size;
  const std::size_t wide = config.intermediate_size;
  const std::string base = fmt::format("encoder.layer.{}.", layer);
  BertLayerWeights weights;
  TG_TRY(weights.query, reader.linear(base + "attention.self.query", hidden, hidden));
  TG_TRY(weights.key, reader.linear(base + "attention.self.key", hidden, hidden));
  TG_TRY(weights.value, reader.linear(base + "attention.self.value", hidden, hidden));
  TG_TRY(weights.attention_output, reader.linear(base + "attention.output.dense", hidden, hidden));
  TG_TRY(weights.attention_norm, reader.norm(base + "attention.output.LayerNorm", hidden));
  TG_TRY(weights.intermediate, reader.linear(base + "intermediate.dense", wide, hidden));
  TG_TRY(weights.output, reader.linear(base + "output.dense", hidden, wide));
  TG_TRY(weights.output_norm, reader.norm(base + "output.LayerNorm", hidden));
  return weights;
}

}  // namespace

Result<BertWeights> read_bert_weights(const EncoderConfig& config) {
  const auto path = config.folder / "model.safetensors";
  TG_TRY(auto opened, ArrayFile::open(path));
  const auto file = std::make_shared<ArrayFile>(std::move(opened));
  const WeightReader reader(file, path.string());
  const std::size_t hidden = config.hidden_size;
  BertWeights weights;
  TG_TRY(weights.words,
         reader.read("embeddings.word_embeddings.weight", {config.vocabulary_size, hidden}));
  TG_TRY(const auto positions,
         reader.read("embeddings.position_embeddings.weight", {config.max_positions, hidden}));
  TG_TRY(const auto types,
         reader.read("embeddings.token_type_embeddings.weight", {config.n_token_types, hidden}));
  weights.positions = add_token_type(positions, types);
  TG_TRY(weights.embedding_norm, reader.norm("embeddings.LayerNorm", hidden));
  for (std::size_t layer = 0; layer < config.n_layers; ++layer) {
    TG_TRY(weights.layers.emplace_back(), read_layer(reader, config, layer));
  }
  return weights;
}

}  // namespace topograph::detail

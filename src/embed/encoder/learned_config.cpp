#include <fmt/format.h>

#include "embed/encoder/architectures.hpp"
#include "embed/encoder/config_fields.hpp"

// BERT, DistilBERT, RoBERTa and MPNet: the keys of config.json that describe them.
namespace topograph::detail {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

/// The positions of RoBERTa and MPNet begin after the padding id; the rows before it are not used.
Result<void> count_from_padding(LearnedPositions& positions, std::size_t padding_id,
                                NetworkConfig& shape, const fs::path& where) {
  if (positions.n_rows < padding_id + 4) {
    return model_error(ErrorCode::schema, where.string() + ": max_position_embeddings",
                       fmt::format("expected at least {}, 3 beyond the padding id, found {}",
                                   padding_id + 4, positions.n_rows));
  }
  positions.padding_id = static_cast<std::int32_t>(padding_id);
  shape.max_tokens = positions.n_rows - padding_id - 1;
  return {};
}

Result<LearnedPositions> read_bert_keys(const Json& json, const fs::path& where,
                                        NetworkConfig& shape) {
  const std::string kind = text_or(json, "position_embedding_type", "absolute");
  if (kind != "absolute") return unsupported_model(where, "absolute position embeddings", kind);
  if (flag_or(json, "is_decoder", false)) {
    return unsupported_model(where, "an encoder", "a decoder");
  }
  TG_TRY(shape.hidden_size, required_size(json, "hidden_size", 1, where));
  TG_TRY(shape.n_layers, required_size(json, "num_hidden_layers", 1, where));
  TG_TRY(shape.n_heads, required_size(json, "num_attention_heads", 1, where));
  TG_TRY(shape.intermediate_size, required_size(json, "intermediate_size", 1, where));
  TG_TRY(shape.vocabulary_size, required_size(json, "vocab_size", 1, where));
  TG_TRY(shape.norm_epsilon, positive_or(json, "layer_norm_eps", 1e-12, where));
  TG_TRY(shape.activation, read_activation(json, "hidden_act", where));
  TG_TRY(check_heads(shape, where));
  LearnedPositions positions;
  TG_TRY(positions.n_rows, required_size(json, "max_position_embeddings", 3, where));
  TG_TRY(const auto types, optional_size(json, "type_vocab_size", 1, where));
  positions.n_token_types = types.value_or(2);
  shape.max_tokens = positions.n_rows;
  return positions;
}

}  // namespace

Result<void> read_bert(const Json& json, const fs::path& where, NetworkConfig& shape) {
  TG_TRY(shape.positions, read_bert_keys(json, where, shape));
  return {};
}

Result<void> read_distilbert(const Json& json, const fs::path& where, NetworkConfig& shape) {
  TG_TRY(shape.hidden_size, required_size(json, "dim", 1, where));
  TG_TRY(shape.n_layers, required_size(json, "n_layers", 1, where));
  TG_TRY(shape.n_heads, required_size(json, "n_heads", 1, where));
  TG_TRY(shape.intermediate_size, required_size(json, "hidden_dim", 1, where));
  TG_TRY(shape.vocabulary_size, required_size(json, "vocab_size", 1, where));
  TG_TRY(shape.max_tokens, required_size(json, "max_position_embeddings", 3, where));
  TG_TRY(shape.activation, read_activation(json, "activation", where));
  TG_TRY(check_heads(shape, where));
  shape.positions = LearnedPositions{.n_rows = shape.max_tokens};
  return {};
}

Result<void> read_roberta(const Json& json, const fs::path& where, NetworkConfig& shape) {
  TG_TRY(auto positions, read_bert_keys(json, where, shape));
  TG_TRY(const auto padding_id, optional_size(json, "pad_token_id", 0, where));
  TG_TRY(count_from_padding(positions, padding_id.value_or(1), shape, where));
  shape.positions = positions;
  return {};
}

Result<void> read_mpnet(const Json& json, const fs::path& where, NetworkConfig& shape) {
  constexpr std::size_t kPaddingId = 1;  // of every MPNet, whatever its tokenizer pads with
  TG_TRY(auto positions, read_bert_keys(json, where, shape));
  positions.n_token_types = 0;
  TG_TRY(const auto buckets, optional_size(json, "relative_attention_num_buckets", 4, where));
  positions.n_relative_buckets = buckets.value_or(32);
  if (positions.n_relative_buckets != 32) {
    // The peer always sorts distances into 32 buckets, so that another table would not be read as
    // it was trained.
    return unsupported_model(where, "relative_attention_num_buckets 32",
                             std::to_string(positions.n_relative_buckets));
  }
  TG_TRY(count_from_padding(positions, kPaddingId, shape, where));
  shape.positions = positions;
  return {};
}

}  // namespace topograph::detail

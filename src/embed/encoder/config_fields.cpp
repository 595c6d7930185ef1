#include "embed/encoder/config_fields.hpp"

#include <fmt/format.h>

namespace topograph::detail {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::unexpected<Error> unsupported_model(const fs::path& where, const std::string& expected,
                                         const std::string& found) {
  return model_error(ErrorCode::unsupported, where.string(),
                     fmt::format("expected {}, found {}", expected, found));
}

Result<double> positive_or(const Json& object, const std::string& key, double fallback,
                           const fs::path& where) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return fallback;
  if (!found->is_number() || !(found->get<double>() > 0)) {
    return model_error(ErrorCode::schema, where.string() + ": " + key,
                       "expected a number above 0, found " + found->dump());
  }
  return found->get<double>();
}

Result<Activation> read_activation(const Json& object, const std::string& key,
                                   const fs::path& where) {
  const std::string name = text_or(object, key, "gelu");
  if (name == "gelu") return Activation::gelu;
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return Activation::gelu_tanh;
  if (name == "relu") return Activation::relu;
  if (name == "silu" || name == "swish") return Activation::silu;
  return unsupported_model(where, key + " gelu, gelu_new, gelu_pytorch_tanh, relu or silu", name);
}

Result<void> check_heads(const NetworkConfig& shape, const fs::path& where) {
  if (shape.hidden_size % shape.n_heads == 0) return {};
  return model_error(ErrorCode::schema, where.string(),
                     fmt::format("expected hidden_size to be a multiple of num_attention_heads, "
                                 "found {} and {}",
                                 shape.hidden_size, shape.n_heads));
}

}  // namespace topograph::detail

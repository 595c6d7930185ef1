#include <utility>

#include "embed/encoder/modules_config.hpp"
#include "embed/encoder/weight_reader.hpp"

namespace topograph::detail {
namespace {

Result<LinearWeights> read_dense_weights(const ModuleConfig& module) {
  TG_TRY(const auto reader, WeightReader::open(module.folder));
  return reader.linear("linear", module.n_out, module.n_in, module.has_bias);
}

Result<HeadModule> load_dense(const ModuleConfig& module) {
  TG_TRY(const auto weights, read_dense_weights(module));
  DenseModule dense{.weight = Matrix<float>(module.n_in, module.n_out),
                    .bias = std::vector<float>(module.n_out, 0.0F),
                    .activation = module.activation};
  for (std::size_t out = 0; out < module.n_out; ++out) {
    for (std::size_t in = 0; in < module.n_in; ++in) {
      dense.weight[in, out] = weights.weight.data[out * module.n_in + in];
    }
    if (module.has_bias) dense.bias[out] = weights.bias.data[out];
  }
  return dense;
}

Result<HeadModule> load_layer_norm(const ModuleConfig& module) {
  TG_TRY(const auto reader, WeightReader::open(module.folder));
  TG_TRY(const auto weights, reader.norm("norm", module.n_in));
  return LayerNormModule{
      .gamma = {weights.gamma.data, weights.gamma.data + module.n_in},
      .beta = {weights.beta.data, weights.beta.data + module.n_in},
  };
}

}  // namespace

Result<EncoderHead> load_head(const HeadConfig& config) {
  EncoderHead head{.pooling = config.pooling};
  for (const ModuleConfig& module : config.modules) {
    switch (module.kind) {
      case ModuleConfig::Kind::dense: {
        TG_TRY(head.modules.emplace_back(), load_dense(module));
        break;
      }
      case ModuleConfig::Kind::layer_norm: {
        TG_TRY(head.modules.emplace_back(), load_layer_norm(module));
        break;
      }
      case ModuleConfig::Kind::normalize: head.modules.emplace_back(NormalizeModule{}); break;
    }
  }
  return head;
}

}  // namespace topograph::detail

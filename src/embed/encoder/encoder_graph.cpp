#include "embed/encoder/encoder_graph.hpp"

#include <exception>
#include <string>

#include "embed/encoder/bert_graph.hpp"
#include "embed/encoder/bert_weights.hpp"

namespace topograph::detail {

Result<EncoderGraph> build_encoder_graph(const EncoderConfig& config) {
  TG_TRY(const auto weights, read_bert_weights(config));
  try {
    return build_bert_graph(config, weights);
  } catch (const std::exception& problem) {
    return openvino_error(config, problem);
  }
}

std::unexpected<Error> openvino_error(const EncoderConfig& config, const std::exception& problem) {
  return model_error(ErrorCode::internal, config.folder.string(),
                     std::string("the encoder could not be run: ") + problem.what());
}

}  // namespace topograph::detail

#include "embed/encoder/encoder_graph.hpp"

#include <exception>
#include <string>

#include "embed/encoder/architectures.hpp"
#include "embed/encoder/exported_graph.hpp"
#include "embed/encoder/weight_reader.hpp"

namespace topograph::detail {
namespace {

Result<EncoderGraph> build_from_weights(const EncoderConfig& config) {
  const Architecture* architecture = find_architecture(config.shape.model_type);
  TG_EXPECTS(architecture != nullptr);
  TG_TRY(const auto weights, WeightReader::open(config.network));
  return architecture->build(config, weights);
}

}  // namespace

Result<EncoderGraph> build_encoder_graph(const EncoderConfig& config) {
  try {
    return config.source == NetworkSource::safetensors ? build_from_weights(config)
                                                       : read_exported_graph(config);
  } catch (const std::exception& problem) {
    return openvino_error(config, problem);
  }
}

std::unexpected<Error> openvino_error(const EncoderConfig& config, const std::exception& problem) {
  const auto& where = config.graph_file.empty() ? config.folder : config.graph_file;
  return model_error(ErrorCode::internal, where.string(),
                     std::string("the encoder could not be run: ") + problem.what());
}

}  // namespace topograph::detail

#include "embed/encoder/transformer.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <openvino/core/version.hpp>
#include <openvino/runtime/properties.hpp>
#include <span>
#include <string_view>
#include <utility>

#include "embed/encoder/encoder_graph.hpp"
#include "embed/encoder/network.hpp"
#include "embed/encoder/precision.hpp"
#include "embed/encoder/quantize.hpp"
#include "embed/model_fingerprint.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

/// Many batches: one stream of one thread each. A single batch (a query): all threads on it; the
/// bits are the same, since no sum is split between threads.
Streams streams_for(const BatchPlan& plan, int threads) {
  return {.n_threads = threads, .n_streams = plan.batches.size() > 1 ? threads : 1};
}

/// int8 leaves attention, norms and activations in the fastest exact-enough type of the CPU.
ov::element::Type float_type(Precision precision) {
  const bool is_bf16 =
      precision == Precision::bf16 || (precision == Precision::int8 && has_native_bf16());
  return is_bf16 ? ov::element::bf16 : ov::element::f32;
}

}  // namespace

void clear_rows_without_tokens(const TokenBatch& tokens, MatrixView<float> out, Stage& stage) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].empty()) continue;
    std::ranges::fill(out.row(i), 0.0F);
    stage.advance();
  }
}

struct Transformer::Impl {
  EncoderConfig config = {};
  Precision precision = Precision::f32;
  TokenBatch calibration = {};
  ov::Core core;
  std::mutex mutex = {};  ///< Guards what follows.
  EncoderGraph graph = {};
  bool is_ready = true;  ///< false: `graph` is still to be quantised.
  std::shared_ptr<const Network> network = {};
};

Transformer::Transformer() : impl_(std::make_unique<Impl>()) {}
Transformer::~Transformer() = default;

Precision Transformer::precision() const { return impl_->precision; }

Result<std::string> Transformer::runtime_name() const {
  try {
    return "openvino " + std::string(ov::get_openvino_version().buildNumber) + " on " +
           impl_->core.get_property("CPU", ov::device::full_name);
  } catch (const std::exception& problem) {
    return openvino_error(impl_->config, problem);
  }
}

Result<std::string> Transformer::calibration_key() const {
  const Impl& impl = *impl_;
  TG_TRY(const std::string runtime, runtime_name());
  ModelFingerprint print("calibration " + runtime);
  print.add("quantize", std::int64_t{kQuantizeVersion});
  const auto bytes_of = [](const auto& values) {
    const auto bytes = std::as_bytes(std::span(values));
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  };
  print.add("texts", bytes_of(impl.calibration.ids));
  print.add("ends", bytes_of(impl.calibration.offsets));
  TG_TRY(print.add_json_files(impl.config.folder));
  TG_TRY(const auto files, weight_files(impl.config));
  for (const auto& file : files) TG_TRY(print.add_file(file));
  return std::move(print).hex();
}

Result<std::unique_ptr<Transformer>> Transformer::load(const EncoderConfig& config,
                                                       Precision precision,
                                                       TokenBatch calibration) {
  TG_TRY(auto graph, build_encoder_graph(config));
  std::unique_ptr<Transformer> transformer(new Transformer());
  Impl& impl = *transformer->impl_;
  impl.config = config;
  impl.precision = precision;
  impl.calibration = std::move(calibration);
  impl.graph = std::move(graph);
  impl.is_ready = precision != Precision::int8;
  return transformer;
}

Result<std::shared_ptr<const Network>> Transformer::network(const BatchPlan& plan,
                                                            RunContext& run) const {
  Impl& impl = *impl_;
  const Streams wanted = streams_for(plan, run.threads());
  const std::lock_guard lock(impl.mutex);
  // A network of many streams can do a single batch too: another would cost time and memory.
  if (impl.network && impl.network->streams().n_threads == wanted.n_threads &&
      impl.network->streams().n_streams >= wanted.n_streams) {
    return impl.network;
  }
  try {
    if (!impl.is_ready) {
      TG_TRY(std::string key, calibration_key());
      TG_TRY(impl.graph, quantize_graph(impl.graph, impl.core, impl.config,
                                        {.texts = impl.calibration, .key = std::move(key)}, run));
      impl.is_ready = true;
    }
    impl.network = nullptr;
    impl.network =
        std::make_shared<Network>(impl.core, impl.graph, float_type(impl.precision), wanted);
  } catch (const std::exception& problem) {
    return openvino_error(impl.config, problem);
  }
  return impl.network;
}

Result<void> Transformer::encode_batch(const Network& network, const TokenBatch& tokens,
                                       const BatchPlan& plan, const EncoderBatch& batch,
                                       const EncoderHead& head, MatrixView<float> out) const {
  try {
    network.infer(tokens, plan, batch, [&](ov::InferRequest& request) {
      const auto hidden = request.get_output_tensor(0);
      const std::size_t width = hidden.get_shape()[2];
      const float* states = hidden.data<const float>();
      for (std::size_t t = 0; t < batch.end - batch.begin; ++t) {
        const MatrixView<const float> text(states + t * batch.length * width, batch.length, width);
        apply_head(head, text, out.row(idx(plan.order[batch.begin + t])));
      }
    });
  } catch (const std::exception& problem) {
    return openvino_error(impl_->config, problem);
  }
  return {};
}

Result<void> Transformer::encode(const TokenBatch& tokens, const EncodeSettings& settings,
                                 MatrixView<float> out, Stage& stage, RunContext& run) const {
  TG_EXPECTS(out.rows() == tokens.size());
  const BatchPlan plan = plan_batches(tokens, settings.batch_tokens);
  if (run.stop_requested()) return cancelled();
  clear_rows_without_tokens(tokens, out, stage);
  if (plan.batches.empty()) return {};
  TG_TRY(const auto ready, network(plan, run));
  return parallel_blocks(run, plan.batches.size(), 1, [&](const Block& block) -> Result<void> {
    const EncoderBatch& batch = plan.batches[block.begin];
    TG_TRY(encode_batch(*ready, tokens, plan, batch, settings.head, out));
    stage.advance(batch.end - batch.begin);
    return {};
  });
}

}  // namespace topograph::detail

#include "embed/encoder/transformer.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <numeric>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>
#include <string>
#include <utility>

#include "embed/encoder/batches.hpp"
#include "embed/encoder/encoder_graph.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

/// The network compiled for a number of threads, and one request for each of them.
struct CompiledEncoder {
  ov::CompiledModel model = {};
  std::vector<ov::InferRequest> requests = {};
};

/// One stream of one thread each: a batch is never split, so its bits do not depend on how many
/// streams there are, and short texts keep every core busy.
CompiledEncoder compile(ov::Core& core, const std::shared_ptr<ov::Model>& graph, int threads) {
  CompiledEncoder compiled;
  compiled.model = core.compile_model(graph, "CPU", ov::hint::inference_precision(ov::element::f32),
                                      ov::hint::execution_mode(ov::hint::ExecutionMode::ACCURACY),
                                      ov::num_streams(threads), ov::inference_num_threads(threads),
                                      ov::hint::enable_cpu_pinning(false));
  for (int i = 0; i < threads; ++i) {
    compiled.requests.push_back(compiled.model.create_infer_request());
  }
  return compiled;
}

}  // namespace

struct Transformer::Impl {
  EncoderConfig config = {};
  ov::Core core;
  EncoderGraph graph = {};
  std::mutex mutex = {};  ///< Guards `compiled`; one `encode` runs at a time.
  CompiledEncoder compiled = {};
};

Transformer::Transformer() : impl_(std::make_unique<Impl>()) {}
Transformer::~Transformer() = default;

Result<std::string> Transformer::runtime_name() const {
  try {
    return "openvino " + std::string(ov::get_openvino_version().buildNumber) + " on " +
           impl_->core.get_property("CPU", ov::device::full_name);
  } catch (const std::exception& problem) {
    return openvino_error(impl_->config, problem);
  }
}

Result<std::unique_ptr<Transformer>> Transformer::load(const EncoderConfig& config) {
  TG_TRY(auto graph, build_encoder_graph(config));
  std::unique_ptr<Transformer> transformer(new Transformer());
  transformer->impl_->config = config;
  transformer->impl_->graph = std::move(graph);
  return transformer;
}

namespace {

/// Gives input `at` the shape (texts, tokens) and lets `fill` write every row, in the whole-number
/// type that the input has.
template <class Fill>
void fill_input(ov::InferRequest& request, std::size_t at, const EncoderBatch& batch,
                const Fill& fill) {
  ov::Tensor tensor = request.get_input_tensor(at);
  const std::size_t n_texts = batch.end - batch.begin;
  tensor.set_shape({n_texts, batch.length});
  const auto rows = [&]<class Integer>(Integer* values) {
    for (std::size_t t = 0; t < n_texts; ++t) {
      fill(t, std::span<Integer>(values + t * batch.length, batch.length));
    }
  };
  if (tensor.get_element_type() == ov::element::i64) {
    rows(tensor.data<std::int64_t>());
  } else {
    rows(tensor.data<std::int32_t>());
  }
}

void fill_inputs(ov::InferRequest& request, const EncoderGraph& graph, const TokenBatch& tokens,
                 const BatchPlan& plan, const EncoderBatch& batch) {
  const auto text = [&](std::size_t t) { return tokens[idx(plan.order[batch.begin + t])]; };
  fill_input(request, graph.ids, batch, [&](std::size_t t, auto row) {
    std::ranges::copy(text(t), row.begin());
    std::ranges::fill(row.subspan(text(t).size()), graph.padding_id);
  });
  if (graph.mask) {
    fill_input(request, *graph.mask, batch, [&](std::size_t t, auto row) {
      std::ranges::fill(row.first(text(t).size()), 1);
      std::ranges::fill(row.subspan(text(t).size()), 0);
    });
  }
  if (graph.token_types) {
    fill_input(request, *graph.token_types, batch,
               [](std::size_t, auto row) { std::ranges::fill(row, 0); });
  }
  if (graph.positions) {
    fill_input(request, *graph.positions, batch,
               [](std::size_t, auto row) { std::iota(row.begin(), row.end(), 0); });
  }
}

void pool_outputs(ov::InferRequest& request, const TokenBatch& tokens, const BatchPlan& plan,
                  const EncoderBatch& batch, const EncodeSettings& settings,
                  MatrixView<float> out) {
  const auto hidden = request.get_output_tensor(0);
  const std::size_t width = hidden.get_shape()[2];
  const float* states = hidden.data<const float>();
  for (std::size_t t = 0; t < batch.end - batch.begin; ++t) {
    const auto row = idx(plan.order[batch.begin + t]);
    const MatrixView<const float> text(states + t * batch.length * width, tokens[row].size(),
                                       width);
    apply_head(settings.head, text, out.row(row));
  }
}

}  // namespace

Result<void> Transformer::encode(const TokenBatch& tokens, const EncodeSettings& settings,
                                 MatrixView<float> out, Stage& stage, RunContext& run) const {
  TG_EXPECTS(out.rows() == tokens.size());
  const BatchPlan plan = plan_batches(tokens, settings.batch_tokens);
  if (run.stop_requested()) return cancelled();
  if (plan.order.size() < tokens.size()) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].empty()) std::ranges::fill(out.row(i), 0.0F);
    }
    stage.advance(tokens.size() - plan.order.size());
  }
  if (plan.batches.empty()) return {};
  Impl& impl = *impl_;
  const std::lock_guard lock(impl.mutex);
  try {
    if (impl.compiled.requests.size() != idx(run.threads())) {
      impl.compiled = compile(impl.core, impl.graph.model, run.threads());
    }
  } catch (const std::exception& problem) {
    return openvino_error(impl.config, problem);
  }
  return parallel_blocks(run, plan.batches.size(), 1, [&](const Block& block) -> Result<void> {
    const EncoderBatch& batch = plan.batches[block.begin];
    ov::InferRequest& request = impl.compiled.requests[block.worker];
    try {
      fill_inputs(request, impl.graph, tokens, plan, batch);
      request.infer();
      pool_outputs(request, tokens, plan, batch, settings, out);
    } catch (const std::exception& problem) {
      return openvino_error(impl.config, problem);
    }
    stage.advance(batch.end - batch.begin);
    return {};
  });
}

}  // namespace topograph::detail

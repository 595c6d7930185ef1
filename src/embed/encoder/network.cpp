#include "embed/encoder/network.hpp"

#include <algorithm>
#include <numeric>
#include <openvino/runtime/properties.hpp>
#include <span>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

/// OpenVINO keeps prepared primitives for the shapes it has seen, by default thousands of them:
/// memory would grow with the corpus. Batches come sorted by length, so few are enough.
constexpr int kKeptShapes = 64;

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
  fill_input(request, graph.ids, batch, [&](std::size_t t, auto row) {
    std::ranges::copy(tokens[idx(plan.order[batch.begin + t])], row.begin());
  });
  if (graph.mask) {
    fill_input(request, *graph.mask, batch,
               [](std::size_t, auto row) { std::ranges::fill(row, 1); });
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

}  // namespace

Network::Network(ov::Core& core, const EncoderGraph& graph, ov::element::Type precision,
                 const Streams& streams)
    : graph_(graph), streams_(streams) {
  const auto mode = precision == ov::element::f32 ? ov::hint::ExecutionMode::ACCURACY
                                                  : ov::hint::ExecutionMode::PERFORMANCE;
  compiled_ = core.compile_model(graph.model, "CPU", ov::hint::inference_precision(precision),
                                 ov::hint::execution_mode(mode), ov::num_streams(streams.n_streams),
                                 ov::inference_num_threads(streams.n_threads),
                                 ov::hint::enable_cpu_pinning(false),
                                 ov::AnyMap::value_type{"CPU_RUNTIME_CACHE_CAPACITY", kKeptShapes});
}

void Network::infer(const TokenBatch& tokens, const BatchPlan& plan, const EncoderBatch& batch,
                    const std::function<void(ov::InferRequest&)>& read) const {
  auto request = take_request();
  fill_inputs(*request, graph_, tokens, plan, batch);
  request->infer();
  read(*request);
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(request));
}

std::unique_ptr<ov::InferRequest> Network::take_request() const {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return std::make_unique<ov::InferRequest>(compiled_.create_infer_request());
  auto request = std::move(free_.back());
  free_.pop_back();
  return request;
}

}  // namespace topograph::detail

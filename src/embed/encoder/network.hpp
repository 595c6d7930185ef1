#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <openvino/runtime/compiled_model.hpp>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/infer_request.hpp>
#include <vector>

#include "embed/encoder/batches.hpp"
#include "embed/encoder/encoder_graph.hpp"

namespace topograph::detail {

/// How the threads of a run are used: by one batch each, or all by one batch after the other.
struct Streams {
  int n_threads = 1;
  int n_streams = 1;  ///< Batches at a time; the threads are divided among them.
  [[nodiscard]] bool operator==(const Streams&) const = default;
};

/// A graph compiled for a number of threads. Safe to use from several threads at once: each
/// inference takes a request from those that are free.
class Network {
 public:
  /// @param precision  f32 or bf16: what products are computed in that the graph does not quantise.
  /// Throws ov::Exception.
  Network(ov::Core& core, const EncoderGraph& graph, ov::element::Type precision,
          const Streams& streams);

  /// Runs one batch on the calling thread and shows the finished request to `read`. Throws
  /// ov::Exception.
  void infer(const TokenBatch& tokens, const BatchPlan& plan, const EncoderBatch& batch,
             const std::function<void(ov::InferRequest&)>& read) const;

  [[nodiscard]] const Streams& streams() const { return streams_; }

 private:
  [[nodiscard]] std::unique_ptr<ov::InferRequest> take_request() const;

  EncoderGraph graph_;
  Streams streams_;
  mutable ov::CompiledModel compiled_;
  mutable std::mutex mutex_ = {};  ///< Guards `free_`.
  mutable std::vector<std::unique_ptr<ov::InferRequest>> free_ = {};
};

}  // namespace topograph::detail

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "embed/encoder/pooling.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph::detail {

enum class DenseActivation : std::uint8_t { identity, tanh, relu, gelu, sigmoid, silu };

/// `y = activation(x W + b)`.
struct DenseModule {
  Matrix<float> weight = {};     ///< (in, out)
  std::vector<float> bias = {};  ///< (out), zeros when the model has none.
  DenseActivation activation = DenseActivation::identity;
};

/// Centres, scales to variance 1, then stretches and shifts.
struct LayerNormModule {
  std::vector<float> gamma = {};
  std::vector<float> beta = {};
};

/// Scales to unit length.
struct NormalizeModule {};

using HeadModule = std::variant<DenseModule, LayerNormModule, NormalizeModule>;

/// How a text's token vectors become its vector: pooling, then the modules in their order, then the
/// cut to the first columns.
struct EncoderHead {
  std::vector<PoolingMode> pooling = {PoolingMode::mean};
  std::size_t n_skipped_tokens = 0;  ///< Of a prompt that is not pooled.
  std::vector<HeadModule> modules = {};
  bool ends_normalized = false;  ///< Scales to unit length after the cut.
};

/// Computes one text's vector; `out` may be shorter than the last module's output: the rest is cut.
/// Sums are float64.
void apply_head(const EncoderHead& head, MatrixView<const float> tokens, std::span<float> out);

}  // namespace topograph::detail

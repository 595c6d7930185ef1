#include "embed/encoder/encoder_head.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "topograph/core/expects.hpp"

namespace topograph::detail {
namespace {

constexpr double kNormEpsilon = 1e-5;  // torch.nn.LayerNorm's default, which the module keeps.

double activate(double x, DenseActivation activation) {
  switch (activation) {
    case DenseActivation::identity: return x;
    case DenseActivation::tanh: return std::tanh(x);
    case DenseActivation::relu: return std::max(x, 0.0);
    case DenseActivation::gelu: return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2));
    case DenseActivation::sigmoid: return 1 / (1 + std::exp(-x));
    case DenseActivation::silu: return x / (1 + std::exp(-x));
  }
  return x;
}

/// Row by row of W, so that the inner loop runs over neighbouring columns.
void apply(const DenseModule& dense, std::vector<float>& x) {
  TG_EXPECTS(x.size() == dense.weight.rows());
  std::vector<double> sum(dense.bias.begin(), dense.bias.end());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto value = static_cast<double>(x[i]);
    const float* row = dense.weight.row(i).data();
    for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += value * static_cast<double>(row[j]);
  }
  x.resize(sum.size());
  for (std::size_t j = 0; j < sum.size(); ++j) {
    x[j] = static_cast<float>(activate(sum[j], dense.activation));
  }
}

void apply(const LayerNormModule& norm, std::vector<float>& x) {
  TG_EXPECTS(x.size() == norm.gamma.size());
  const auto n = static_cast<double>(x.size());
  double mean = 0;
  for (const float value : x) mean += static_cast<double>(value);
  mean /= n;
  double variance = 0;
  for (const float value : x) {
    const double distance = static_cast<double>(value) - mean;
    variance += distance * distance;
  }
  const double scale = 1 / std::sqrt(variance / n + kNormEpsilon);
  for (std::size_t j = 0; j < x.size(); ++j) {
    const double centred = (static_cast<double>(x[j]) - mean) * scale;
    x[j] = static_cast<float>(centred * static_cast<double>(norm.gamma[j]) +
                              static_cast<double>(norm.beta[j]));
  }
}

void apply(const NormalizeModule& /*module*/, std::vector<float>& x) { normalize_row(x); }

}  // namespace

void apply_head(const EncoderHead& head, MatrixView<const float> tokens, std::span<float> out) {
  std::vector<float> x(head.pooling.size() * tokens.cols());
  pool_tokens(tokens, head.n_skipped_tokens, head.pooling, x);
  for (const HeadModule& module : head.modules) {
    std::visit([&](const auto& step) { apply(step, x); }, module);
  }
  TG_EXPECTS(out.size() <= x.size());
  std::ranges::copy(std::span(x).first(out.size()), out.begin());
  if (head.ends_normalized) normalize_row(out);
}

}  // namespace topograph::detail

#include "embed/encoder/quantize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>
#include <mutex>
#include <openvino/core/graph_util.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/fake_quantize.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/multiply.hpp>
#include <span>
#include <utility>
#include <vector>

#include "embed/encoder/calibration_cache.hpp"
#include "embed/encoder/network.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

namespace op = ov::op;
using Source = ov::Output<ov::Node>;

// Share of a column's reach that moves into the weights; the best of .3 to 1 on MiniLM.
constexpr double kMigration = 0.8;
constexpr double kLargestError = 0.01;  // Of a product's mean square.
constexpr std::size_t kCalibrationBatch = 1024;
constexpr double kWeightLevels = 127;
constexpr double kInputLevels = 255;
constexpr double kSmallest = 1e-5;

/// The constant matrix of a product, (out, in), or nothing when the factor is not constant.
std::shared_ptr<op::v0::Constant> weights_of(const op::v0::MatMul& product) {
  auto node = product.get_input_node_shared_ptr(1);
  // Half precision weights of files are widened first.
  if (ov::is_type<op::v0::Convert>(node)) node = node->get_input_node_shared_ptr(0);
  auto constant = ov::as_type_ptr<op::v0::Constant>(node);
  const bool is_matrix = constant && constant->get_element_type().is_real() &&
                         constant->get_shape().size() == 2 && !product.get_transpose_a();
  return is_matrix ? constant : nullptr;
}

struct WeightMatrix {
  std::vector<float> values = {};  ///< (n_out, n_in)
  std::size_t n_out = 0;
  std::size_t n_in = 0;

  [[nodiscard]] std::span<const float> row(std::size_t r) const {
    return std::span(values).subspan(r * n_in, n_in);
  }
};

WeightMatrix read_weights(const op::v0::MatMul& product) {
  const auto constant = weights_of(product);
  WeightMatrix weights{.values = constant->cast_vector<float>()};
  weights.n_out = constant->get_shape()[0];
  weights.n_in = constant->get_shape()[1];
  if (product.get_transpose_b()) return weights;
  std::swap(weights.n_out, weights.n_in);
  std::vector<float> turned(weights.values.size());
  for (std::size_t i = 0; i < weights.n_in; ++i) {
    for (std::size_t o = 0; o < weights.n_out; ++o) {
      turned[o * weights.n_in + i] = weights.values[i * weights.n_out + o];
    }
  }
  weights.values = std::move(turned);
  return weights;
}

/// One tensor (…, tokens, columns) and the products that multiply it by weights.
struct Factor {
  Source source = {};
  std::vector<std::shared_ptr<op::v0::MatMul>> products = {};
  FactorRange range = {};                  ///< On the calibration texts.
  std::vector<float> largest_weight = {};  ///< Of each column, over all products.
  std::vector<double> weight_power = {};   ///< Sum of squares of each column's weights.
};

void measure_weights(Factor& factor, std::size_t n_in) {
  factor.range.low.assign(n_in, HUGE_VALF);
  factor.range.high.assign(n_in, -HUGE_VALF);
  factor.largest_weight.assign(n_in, 0);
  factor.weight_power.assign(n_in, 0);
  for (const auto& product : factor.products) {
    const WeightMatrix weights = read_weights(*product);
    for (std::size_t o = 0; o < weights.n_out; ++o) {
      const auto row = weights.row(o);
      for (std::size_t i = 0; i < n_in; ++i) {
        factor.largest_weight[i] = std::max(factor.largest_weight[i], std::abs(row[i]));
        factor.weight_power[i] += static_cast<double>(row[i]) * static_cast<double>(row[i]);
      }
    }
  }
}

std::vector<Factor> find_factors(const ov::Model& model) {
  std::vector<Factor> factors;
  std::map<std::pair<const ov::Node*, std::size_t>, std::size_t> places;
  for (const auto& node : model.get_ordered_ops()) {
    const auto product = ov::as_type_ptr<op::v0::MatMul>(node);
    if (!product || !weights_of(*product)) continue;
    const Source source = product->input_value(0);
    if (ov::is_type<op::v0::FakeQuantize>(source.get_node())) continue;
    const auto [found, is_new] =
        places.try_emplace({source.get_node(), source.get_index()}, factors.size());
    if (is_new) factors.push_back({.source = source});
    factors[found->second].products.push_back(product);
  }
  for (Factor& factor : factors) {
    const auto shape = weights_of(*factor.products[0])->get_shape();
    measure_weights(factor, shape[factor.products[0]->get_transpose_b() ? 1 : 0]);
  }
  return factors;
}

/// Widens the ranges of the factor's columns; returns the batch's part of `power`.
double observe(Factor& factor, const ov::Tensor& tensor) {
  const std::size_t n_columns = factor.range.low.size();
  const auto values = std::span(tensor.data<const float>(), tensor.get_size());
  double power = 0;
  for (std::size_t at = 0; at < values.size(); at += n_columns) {
    for (std::size_t i = 0; i < n_columns; ++i) {
      const float x = values[at + i];
      factor.range.low[i] = std::min(factor.range.low[i], x);
      factor.range.high[i] = std::max(factor.range.high[i], x);
      power += static_cast<double>(x) * static_cast<double>(x) * factor.weight_power[i];
    }
  }
  factor.range.n_tokens += values.size() / n_columns;
  return power;
}

/// Runs the calibration texts through the graph as it is and notes what its factors are like.
Result<void> calibrate(std::vector<Factor>& factors, const EncoderGraph& graph, ov::Core& core,
                       const EncoderConfig& config, const TokenBatch& texts, RunContext& run) {
  EncoderGraph watched = graph;
  ov::OutputVector outputs;
  for (const auto& result : graph.model->get_results()) outputs.push_back(result->input_value(0));
  const std::size_t first = outputs.size();
  for (const Factor& factor : factors) outputs.push_back(factor.source);
  watched.model = std::make_shared<ov::Model>(outputs, graph.model->get_parameters(), "watched");
  const Network network(core, watched, ov::element::f32,
                        {.n_threads = run.threads(), .n_streams = run.threads()});
  const BatchPlan plan = plan_batches(texts, kCalibrationBatch);
  std::mutex mutex;
  // Ranges do not depend on the order of the batches, sums do.
  std::vector<std::vector<double>> powers(plan.batches.size());
  TG_TRY(parallel_blocks(run, plan.batches.size(), 1, [&](const Block& block) -> Result<void> {
    try {
      network.infer(texts, plan, plan.batches[block.begin], [&](ov::InferRequest& request) {
        const std::lock_guard lock(mutex);
        for (std::size_t f = 0; f < factors.size(); ++f) {
          powers[block.begin].push_back(observe(factors[f], request.get_output_tensor(first + f)));
        }
      });
    } catch (const std::exception& problem) {
      return openvino_error(config, problem);
    }
    return {};
  }));
  for (const auto& batch : powers) {
    for (std::size_t f = 0; f < factors.size(); ++f) factors[f].range.power += batch[f];
  }
  return {};
}

/// How a factor is divided into levels.
struct Grid {
  std::vector<float> scales = {};  ///< What each column is divided by first.
  double low = 0;
  double high = 0;
};

Grid choose_grid(const Factor& factor) {
  Grid grid;
  const std::size_t n = factor.range.low.size();
  std::vector<double> logs(n);
  double mean = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double reach = std::max(std::abs(static_cast<double>(factor.range.low[i])),
                                  std::abs(static_cast<double>(factor.range.high[i])));
    const double weight = static_cast<double>(factor.largest_weight[i]);
    logs[i] = kMigration * std::log(std::max(reach, kSmallest)) -
              (1 - kMigration) * std::log(std::max(weight, kSmallest));
    mean += logs[i] / static_cast<double>(n);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double scale = std::exp(logs[i] - mean);
    grid.scales.push_back(static_cast<float>(scale));
    grid.low = std::min(grid.low, static_cast<double>(factor.range.low[i]) / scale);
    grid.high = std::max(grid.high, static_cast<double>(factor.range.high[i]) / scale);
  }
  // Zero is a level: then the whole-number product needs no correction of its own.
  const double step = (grid.high - grid.low) / kInputLevels;
  const double zero = std::round(-grid.low / step);
  grid.low = -zero * step;
  grid.high = (kInputLevels - zero) * step;
  return grid;
}

/// Expected squared error of the products over their mean square.
double expected_error(const Factor& factor, const Grid& grid) {
  const double step = (grid.high - grid.low) / kInputLevels;
  double noise = 0;
  for (std::size_t i = 0; i < grid.scales.size(); ++i) {
    const auto scale = static_cast<double>(grid.scales[i]);
    noise += step * step / 12 * scale * scale * factor.weight_power[i];
  }
  return noise * static_cast<double>(factor.range.n_tokens) / factor.range.power;
}

std::shared_ptr<ov::Node> number(double value) {
  return op::v0::Constant::create(ov::element::f32, ov::Shape{}, {static_cast<float>(value)});
}

Source quantized(const Source& source, const Grid& grid) {
  std::vector<float> inverse;
  for (const float scale : grid.scales) inverse.push_back(1 / scale);
  const auto factors = op::v0::Constant::create(ov::element::f32, {inverse.size()}, inverse);
  const auto scaled = std::make_shared<op::v1::Multiply>(source, factors);
  return std::make_shared<op::v0::FakeQuantize>(scaled, number(grid.low), number(grid.high),
                                                number(grid.low), number(grid.high),
                                                static_cast<std::size_t>(kInputLevels) + 1);
}

Source quantized_weights(WeightMatrix weights, const Grid& grid) {
  std::vector<std::int8_t> levels(weights.values.size());
  std::vector<float> steps(weights.n_out);
  for (std::size_t o = 0; o < weights.n_out; ++o) {
    const auto row = std::span(weights.values).subspan(o * weights.n_in, weights.n_in);
    float largest = static_cast<float>(kSmallest * kSmallest);
    for (std::size_t i = 0; i < row.size(); ++i) {
      row[i] *= grid.scales[i];
      largest = std::max(largest, std::abs(row[i]));
    }
    steps[o] = largest / static_cast<float>(kWeightLevels);
    for (std::size_t i = 0; i < row.size(); ++i) {
      levels[o * weights.n_in + i] = static_cast<std::int8_t>(std::lround(row[i] / steps[o]));
    }
  }
  const auto whole =
      op::v0::Constant::create(ov::element::i8, {weights.n_out, weights.n_in}, levels);
  const auto widened = std::make_shared<op::v0::Convert>(whole, ov::element::f32);
  const auto scale = op::v0::Constant::create(ov::element::f32, {weights.n_out, 1}, steps);
  return std::make_shared<op::v1::Multiply>(widened, scale);
}

void replace_products(const Factor& factor, const Grid& grid) {
  const Source input = quantized(factor.source, grid);
  for (const auto& product : factor.products) {
    const auto replacement = std::make_shared<op::v0::MatMul>(
        input, quantized_weights(read_weights(*product), grid), /*transpose_a=*/false,
        /*transpose_b=*/true);
    replacement->set_friendly_name(product->get_friendly_name());
    ov::replace_node(product, replacement);
  }
}

/// Takes the ranges from the cache, or learns them and puts them there.
Result<void> find_ranges(std::vector<Factor>& factors, const EncoderGraph& graph, ov::Core& core,
                         const EncoderConfig& config, const Calibration& calibration,
                         RunContext& run) {
  const auto folder = calibration_folder();
  std::vector<std::size_t> widths;
  for (const Factor& factor : factors) widths.push_back(factor.range.low.size());
  if (auto kept = read_calibration(folder, calibration.key, widths)) {
    for (std::size_t f = 0; f < factors.size(); ++f) factors[f].range = std::move((*kept)[f]);
    return {};
  }
  TG_TRY(calibrate(factors, graph, core, config, calibration.texts, run));
  std::vector<FactorRange> ranges;
  for (const Factor& factor : factors) ranges.push_back(factor.range);
  if (!folder.empty()) write_calibration(folder, calibration.key, ranges);
  return {};
}

}  // namespace

Result<EncoderGraph> quantize_graph(const EncoderGraph& graph, ov::Core& core,
                                    const EncoderConfig& config, const Calibration& calibration,
                                    RunContext& run) {
  try {
    EncoderGraph result = graph;
    result.model = graph.model->clone();
    auto factors = find_factors(*result.model);
    TG_TRY(find_ranges(factors, result, core, config, calibration, run));
    std::size_t n_quantized = 0;
    std::size_t n_products = 0;
    for (const Factor& factor : factors) {
      n_products += factor.products.size();
      const Grid grid = choose_grid(factor);
      if (!(expected_error(factor, grid) <= kLargestError)) continue;
      n_quantized += factor.products.size();
      replace_products(factor, grid);
    }
    result.model->validate_nodes_and_infer_types();
    run.log(LogLevel::info,
            fmt::format("int8: {} of {} matrix products are quantised", n_quantized, n_products));
    return result;
  } catch (const std::exception& problem) {
    return openvino_error(config, problem);
  }
}

}  // namespace topograph::detail

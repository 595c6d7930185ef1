#include "embed/encoder/exported_graph.hpp"

#include <fmt/format.h>

#include <exception>
#include <openvino/op/result.hpp>
#include <openvino/runtime/core.hpp>
#include <string>
#include <system_error>
#include <utility>

#include "embed/encoder/config_fields.hpp"

namespace topograph::detail {
namespace {

using Inputs = std::vector<ov::Output<ov::Node>>;

std::string names_of(const ov::Output<ov::Node>& port) {
  std::string text;
  for (const std::string& name : port.get_names()) text += (text.empty() ? "" : "/") + name;
  return text.empty() ? port.get_node()->get_friendly_name() : text;
}

bool has_name(const ov::Output<ov::Node>& port, const std::string& name) {
  return port.get_names().contains(name) || port.get_node()->get_friendly_name() == name;
}

Result<void> assign_inputs(const Inputs& inputs, const EncoderConfig& config, EncoderGraph& graph) {
  bool has_ids = false;
  for (std::size_t at = 0; at < inputs.size(); ++at) {
    if (has_name(inputs[at], "input_ids")) {
      graph.ids = at;
      has_ids = true;
    } else if (has_name(inputs[at], "attention_mask")) {
      graph.mask = at;
    } else if (has_name(inputs[at], "token_type_ids")) {
      graph.token_types = at;
    } else if (has_name(inputs[at], "position_ids")) {
      graph.positions = at;
    } else {
      return unsupported_model(
          config.graph_file,
          "the inputs input_ids, attention_mask, token_type_ids and position_ids",
          "the input " + names_of(inputs[at]));
    }
    const auto type = inputs[at].get_element_type();
    if (type != ov::element::i64 && type != ov::element::i32) {
      return unsupported_model(config.graph_file, "whole-number inputs (i64 or i32)",
                               names_of(inputs[at]) + " of type " + type.get_type_name());
    }
  }
  const auto* learned = std::get_if<LearnedPositions>(&config.shape.positions);
  if (graph.positions && learned != nullptr && learned->padding_id) {
    return unsupported_model(config.graph_file, "positions counted inside of the network",
                             "the input position_ids of a " + config.shape.model_type);
  }
  if (has_ids) return {};
  return unsupported_model(config.graph_file, "an input input_ids", "none");
}

/// The place of the hidden states among the outputs.
Result<std::size_t> find_states(const Inputs& outputs, const EncoderConfig& config) {
  const auto has_three_axes = [](const ov::Output<ov::Node>& port) {
    return port.get_partial_shape().rank().is_static() && port.get_partial_shape().size() == 3;
  };
  std::string found;
  std::optional<std::size_t> first;
  for (std::size_t at = 0; at < outputs.size(); ++at) {
    if (has_three_axes(outputs[at])) {
      if (has_name(outputs[at], "last_hidden_state")) return at;
      if (!first) first = at;
    }
    found += (found.empty() ? "" : ", ") + names_of(outputs[at]);
  }
  if (first) return *first;
  return unsupported_model(config.graph_file, "an output last_hidden_state (texts, tokens, width)",
                           found);
}

Result<std::shared_ptr<ov::Model>> read_model(const std::filesystem::path& path) {
  try {
    ov::Core core;
    return core.read_model(path.string());
  } catch (const std::exception& problem) {
    return model_error(
        ErrorCode::parse, path.string(),
        std::string("expected a network, found what OpenVINO cannot read: ") + problem.what(),
        "the file is damaged; fetch the model again");
  }
}

}  // namespace

Result<EncoderGraph> read_exported_graph(const EncoderConfig& config) {
  TG_TRY(const auto model, read_model(config.graph_file));
  EncoderGraph graph;
  TG_TRY(assign_inputs(model->inputs(), config, graph));
  TG_TRY(const auto at, find_states(model->outputs(), config));
  const auto width = model->output(at).get_partial_shape()[2];
  const std::size_t expected = config.shape.hidden_size;
  if (width.is_static() && static_cast<std::size_t>(width.get_length()) != expected) {
    return model_error(
        ErrorCode::schema, config.graph_file.string(),
        fmt::format("expected hidden states of the width {} of config.json, found {}", expected,
                    width.get_length()),
        "do config.json and the network belong together?");
  }
  graph.model = std::make_shared<ov::Model>(ov::ResultVector{model->get_results()[at]},
                                            model->get_parameters(), model->get_friendly_name());
  return graph;
}

}  // namespace topograph::detail

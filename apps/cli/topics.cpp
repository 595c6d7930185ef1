#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "document_columns.hpp"
#include "fitted_model.hpp"
#include "session.hpp"
#include "topic_aspects.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/borderline.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {
namespace {

struct TopicsArgs {
  std::string model = {};
  std::optional<int> topic = {};
  std::string aspect = {};
  bool layers = false;
  std::optional<int> layer = {};
  std::optional<std::size_t> borderline = {};
};

void append_row(std::string& rows, std::int64_t row) {
  rows += (rows.empty() ? "" : " ") + std::to_string(row);
}

ColumnTable table_of_all(const TopicTable& topics) {
  std::vector<std::int32_t> ids;
  std::vector<std::int64_t> counts;
  TextColumn labels;
  TextColumn words;
  TextColumn rows;
  for (const Topic& topic : topics.topics) {
    ids.push_back(topic.id);
    counts.push_back(topic.count);
    labels.push_back(topic.label);
    words.push_back(joined_words(topic.words));
    std::string text;
    for (const std::int64_t row : topic.representative_rows) append_row(text, row);
    rows.push_back(text);
  }
  ColumnTable table{{{"topic", std::move(ids), {}},
                     {"count", std::move(counts), {}},
                     {"label", std::move(labels), {}},
                     {"words", std::move(words), {}}}};
  for (Column& column : aspect_columns(topics)) {
    insert_column(table, table.columns.size(), std::move(column));
  }
  table.columns.push_back({"representative_rows", std::move(rows), {}});
  return table;
}

/// Of every topic the documents nearest to another one, as rows of the input.
Result<Column> borderline_column(const TopicModel& model, std::size_t n, RunContext& run) {
  TG_TRY(const auto found, borderline_documents(model, n, run));
  TextColumn rows;
  for (const Topic& topic : model.topics().topics) {
    std::string text;
    for (const BorderlineDocument& document : found) {
      if (document.topic == topic.id) append_row(text, document.row);
    }
    rows.push_back(text);
  }
  return Column{"borderline_rows", std::move(rows), {}};
}

ColumnTable table_of_words(const std::vector<TopicWord>& words) {
  TextColumn terms;
  std::vector<double> weights;
  for (const TopicWord& word : words) {
    terms.push_back(word.term);
    weights.push_back(word.weight);
  }
  return {{{"term", std::move(terms), {}}, {"weight", std::move(weights), {}}}};
}

/// Layers from coarse to fine; `is_base` marks the one that is the topic table.
ColumnTable table_of_layers(const TopicModel& model) {
  std::vector<std::int32_t> numbers;
  std::vector<std::int32_t> counts;
  std::vector<double> resolutions;
  std::vector<double> stabilities;
  TextColumn is_base;
  for (const TopicLayer& layer : model.layers()) {
    numbers.push_back(static_cast<std::int32_t>(numbers.size()));
    counts.push_back(static_cast<std::int32_t>(layer.names.size()));
    resolutions.push_back(layer.resolution);
    stabilities.push_back(layer.stability);
    is_base.push_back(layer.labels == model.documents().topics ? "yes" : "no");
  }
  return {{{"layer", std::move(numbers), {}},
           {"topics", std::move(counts), {}},
           {"resolution", std::move(resolutions), {}},
           {"stability", std::move(stabilities), {}},
           {"is_base", std::move(is_base), {}}}};
}

ColumnTable table_of_layer(const TopicLayer& layer) {
  std::vector<std::int32_t> ids;
  std::vector<std::int64_t> counts(layer.names.size(), 0);
  std::vector<std::int32_t> parents = layer.parents;
  TextColumn names;
  for (const std::int32_t label : layer.labels) {
    if (label >= 0) ++counts[static_cast<std::size_t>(label)];
  }
  for (const std::string& name : layer.names) {
    ids.push_back(static_cast<std::int32_t>(ids.size()));
    names.push_back(name);
  }
  std::vector<Column> columns{{"topic", std::move(ids), {}}, {"count", std::move(counts), {}}};
  if (!parents.empty()) columns.push_back({"parent", std::move(parents), {}});
  columns.push_back({"label", std::move(names), {}});
  return {std::move(columns)};
}

Result<void> print_layers(const TopicModel& model, std::optional<int> number,
                          const Session& session) {
  const auto& layers = model.layers();
  if (!number) {
    print_table(std::cout, table_of_layers(model), session.table_format(), terminal_width());
    return {};
  }
  if (*number < 0 || static_cast<std::size_t>(*number) >= layers.size()) {
    return option_error("--layer", layers.empty()
                                       ? "this model has no layers"
                                       : fmt::format("expected a layer from 0 to {}, found {}",
                                                     layers.size() - 1, *number));
  }
  print_table(std::cout, table_of_layer(layers[static_cast<std::size_t>(*number)]),
              session.table_format(), terminal_width());
  return {};
}

Result<void> run_topics(const TopicsArgs& args, const Session& session) {
  TG_TRY(const TopicModel model, TopicModel::load(args.model));
  if (args.layers || args.layer) return print_layers(model, args.layer, session);
  if (!args.topic) {
    ColumnTable table = table_of_all(model.topics());
    if (args.borderline) {
      TG_TRY(const RunSettings settings, session.run_settings(nullptr));
      RunContext run(settings);
      TG_TRY(auto column, borderline_column(model, *args.borderline, run));
      table.columns.push_back(std::move(column));
    }
    print_table(std::cout, table, session.table_format(), terminal_width());
    return {};
  }
  TG_TRY(need_topic(model, *args.topic, "--topic"));
  const Topic* topic = model.topics().find(*args.topic);
  std::vector<TopicWord> words = topic->words;
  if (!args.aspect.empty()) {
    TG_TRY(need_aspect(model.topics(), args.aspect));
    const TopicAspect* aspect = find_aspect(*topic, args.aspect);
    words = aspect == nullptr ? std::vector<TopicWord>() : aspect->words;
  }
  print_table(std::cout, table_of_words(words), session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_topics(CLI::App& root, Session& session) {
  CLI::App* command =
      root.add_subcommand("topics", "The topic table of a model, or the words of one topic");
  auto args = std::make_shared<TopicsArgs>();
  command->add_option("MODEL", args->model, "Folder that `fit` wrote")->required();
  command->add_option("--topic", args->topic, "Only this topic: its words and weights")
      ->type_name("N");
  command->add_option("--aspect", args->aspect, "With --topic: the words of this aspect")
      ->type_name("NAME")
      ->needs("--topic");
  CLI::Option* layers =
      command->add_flag("--layers", args->layers, "The layers of topics, coarse to fine");
  command->add_option("--layer", args->layer, "The topics of one layer, with the one above each")
      ->type_name("N")
      ->excludes(layers)
      ->excludes("--topic");
  command
      ->add_option(
          "--borderline", args->borderline,
          "Also the N documents of every topic that are nearest to another one; `documents "
          "--borderline` shows them")
      ->type_name("N")
      ->excludes("--topic")
      ->excludes("--layers")
      ->excludes("--layer");
  add_format_option(*command, session);
  command->callback(
      [args, &session] { session.work = [args, &session] { return run_topics(*args, session); }; });
}

}  // namespace topograph::cli

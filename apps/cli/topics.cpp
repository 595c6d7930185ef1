#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <optional>

#include "session.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {
namespace {

struct TopicsArgs {
  std::string model = {};
  std::optional<int> topic = {};
};

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
    std::string text;
    for (const TopicWord& word : topic.words) text += (text.empty() ? "" : ", ") + word.term;
    words.push_back(text);
    text.clear();
    for (const std::int64_t row : topic.representative_rows) {
      text += (text.empty() ? "" : " ") + std::to_string(row);
    }
    rows.push_back(text);
  }
  return {{{"topic", std::move(ids), {}},
           {"count", std::move(counts), {}},
           {"label", std::move(labels), {}},
           {"words", std::move(words), {}},
           {"representative_rows", std::move(rows), {}}}};
}

ColumnTable table_of_one(const Topic& topic) {
  TextColumn terms;
  std::vector<double> weights;
  for (const TopicWord& word : topic.words) {
    terms.push_back(word.term);
    weights.push_back(word.weight);
  }
  return {{{"term", std::move(terms), {}}, {"weight", std::move(weights), {}}}};
}

Result<void> run_topics(const TopicsArgs& args, const Session& session) {
  TG_TRY(const TopicModel model, TopicModel::load(args.model));
  if (!args.topic) {
    print_table(std::cout, table_of_all(model.topics()), session.table_format(), terminal_width());
    return {};
  }
  const Topic* topic = model.topics().find(*args.topic);
  if (topic == nullptr) {
    const auto& all = model.topics().topics;
    return option_error("--topic", all.empty()
                                       ? "this model has no topics"
                                       : fmt::format("expected a topic from {} to {}, found {}",
                                                     all.front().id, all.back().id, *args.topic));
  }
  print_table(std::cout, table_of_one(*topic), session.table_format(), terminal_width());
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
  add_format_option(*command, session);
  command->callback(
      [args, &session] { session.work = [args, &session] { return run_topics(*args, session); }; });
}

}  // namespace topograph::cli

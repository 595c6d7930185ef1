#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

#include "document_columns.hpp"
#include "fitted_model.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/find_topics.hpp"

namespace topograph::cli {
namespace {

struct FindArgs {
  std::string model = {};
  std::string query = {};
  std::string embedding_model = {};
  std::size_t n = 5;
};

Result<void> run_find(const FindArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  if (args.query.find_first_not_of(" \t\r\n") == std::string::npos) {
    return option_error("QUERY", "expected words to look for, found none");
  }
  TG_TRY(const TopicModel model, TopicModel::load(args.model));
  TG_TRY(const auto opened, embedder_of(model, args.embedding_model, kGiveEncoder, run));
  const Embedder* embedder = opened ? opened.get() : model.own_embedder();
  TextColumn query;
  query.push_back(args.query);
  Matrix<float> vector(1, embedder->dimension());
  TG_TRY(embedder->embed(query, vector.view(), run));
  // Static models and TF-IDF say so of texts they know nothing of.
  if (std::ranges::all_of(vector.row(0), [](float value) { return value == 0.0F; })) {
    return option_error("QUERY", fmt::format("the model knows no word of '{}'", args.query));
  }
  TG_TRY(const auto found, find_topics(model, vector.row(0), args.n));
  std::vector<std::int32_t> topics;
  std::vector<double> similarities;
  std::vector<std::int64_t> counts;
  TextColumn labels;
  TextColumn words;
  for (const FoundTopic& entry : found) {
    const Topic* topic = model.topics().find(entry.topic);
    topics.push_back(entry.topic);
    similarities.push_back(entry.similarity);
    counts.push_back(topic->count);
    labels.push_back(topic->label);
    words.push_back(joined_words(topic->words));
  }
  print_table(std::cout,
              {{{"topic", std::move(topics), {}},
                {"similarity", std::move(similarities), {}},
                {"count", std::move(counts), {}},
                {"label", std::move(labels), {}},
                {"words", std::move(words), {}}}},
              session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_find(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("find", "Topics nearest to a query in words");
  auto args = std::make_shared<FindArgs>();
  command->add_option("MODEL", args->model, "Folder that `fit` wrote")->required();
  command->add_option("QUERY", args->query, "What to look for, e.g. \"space flight\"")->required();
  command->add_option("--top", args->n, "Topics shown")->type_name("N")->capture_default_str();
  command
      ->add_option("--model", args->embedding_model, "Embedding model to use instead of the fit's")
      ->type_name("NAME");
  add_run_options(*command, session);
  add_format_option(*command, session);
  command->callback(
      [args, &session] { session.work = [args, &session] { return run_find(*args, session); }; });
}

}  // namespace topograph::cli

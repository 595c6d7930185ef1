#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "document_columns.hpp"
#include "fitted_model.hpp"
#include "session.hpp"
#include "topograph/core/column_table.hpp"
#include "topograph/core/random.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/borderline.hpp"

namespace topograph::cli {
namespace {

struct DocumentsArgs {
  std::string model = {};
  std::optional<int> topic = {};
  std::optional<std::int64_t> limit = {};
  std::optional<std::int64_t> sample = {};
  std::optional<std::size_t> borderline = {};
  bool representative = false;
};

/// Some of the rows, drawn by the seed, in their order.
std::vector<std::int64_t> drawn_rows(const std::vector<std::int64_t>& rows, std::int64_t count,
                                     std::uint64_t seed) {
  const auto n = std::min(static_cast<std::size_t>(count), rows.size());
  std::vector<std::int64_t> drawn;
  for (const std::int32_t i :
       sample_without_replacement(random_key(seed, "documents.sample"), rows.size(), n)) {
    drawn.push_back(rows[static_cast<std::size_t>(i)]);
  }
  return drawn;
}

/// Documents between two topics, with the other topic and the margin behind their own.
Result<ColumnTable> borderline_table(const DocumentsArgs& args, const TopicModel& model,
                                     ColumnTable table, RunContext& run) {
  TG_TRY(const auto found, borderline_documents(model, *args.borderline, run));
  std::vector<std::int64_t> rows;
  std::vector<std::int32_t> others;
  std::vector<double> margins;
  for (const BorderlineDocument& document : found) {
    if (args.topic && document.topic != *args.topic) continue;
    if (args.limit && static_cast<std::int64_t>(rows.size()) >= *args.limit) break;
    rows.push_back(document.row);
    others.push_back(document.other);
    margins.push_back(document.margin);
  }
  for (Column& column : table.columns) column = take_rows(column, rows);
  const std::size_t after_topic = table.find("topic").value_or(0) + 1;
  insert_column(table, after_topic, {"other_topic", std::move(others), {}});
  insert_column(table, after_topic + 1, {"margin", std::move(margins), {}});
  return table;
}

/// Typical documents of every topic, the best first.
std::vector<std::int64_t> representative_rows(const TopicTable& topics) {
  std::vector<std::int64_t> rows;
  for (const Topic& topic : topics.topics) {
    rows.insert(rows.end(), topic.representative_rows.begin(), topic.representative_rows.end());
  }
  return rows;
}

std::vector<std::int64_t> chosen_rows(const DocumentsArgs& args, const TopicModel& model,
                                      std::uint64_t seed) {
  const auto& topics = model.documents().topics;
  std::vector<std::int64_t> rows(topics.size());
  std::iota(rows.begin(), rows.end(), 0);
  if (args.representative) rows = representative_rows(model.topics());
  if (args.topic) {
    std::erase_if(rows, [&](std::int64_t row) {
      return topics[static_cast<std::size_t>(row)] != *args.topic;
    });
  }
  if (args.limit && *args.limit < static_cast<std::int64_t>(rows.size())) {
    rows.resize(static_cast<std::size_t>(*args.limit));
  }
  return args.sample ? drawn_rows(rows, *args.sample, seed) : rows;
}

Result<void> run_documents(const DocumentsArgs& args, const Session& session) {
  TG_TRY(const RunSettings settings, session.run_settings(nullptr));
  RunContext run(settings);
  TG_TRY(FittedModel fitted, open_fitted(args.model, run, TextNeed::optional));
  const TopicModel& model = fitted.model;
  // A model without outliers simply has no documents of topic -1.
  if (args.topic && *args.topic != -1) TG_TRY(need_topic(model, *args.topic, "--topic"));
  ColumnTable table = std::move(fitted.documents.table);
  insert_column(table, table.find("topic").value_or(0) + 1, name_column(model, model.documents()));
  if (args.borderline) {
    TG_TRY(table, borderline_table(args, model, std::move(table), run));
  } else if (args.topic || args.limit || args.sample || args.representative) {
    const auto rows = chosen_rows(args, model, session.globals.seed);
    for (Column& column : table.columns) column = take_rows(column, rows);
  }
  print_table(std::cout, table, session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_documents(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("documents", "The document table of a model");
  auto args = std::make_shared<DocumentsArgs>();
  command->add_option("MODEL", args->model, "Folder that `fit` wrote")->required();
  command->add_option("--topic", args->topic, "Only documents of this topic")->type_name("N");
  command->add_option("--limit", args->limit, "At most this many documents")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--sample", args->sample, "This many of them, drawn by the seed")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  auto* representative = command->add_flag("--representative", args->representative,
                                           "Typical documents of every topic, best first");
  command
      ->add_option("--borderline", args->borderline,
                   "Of every topic the N documents nearest to another one, least margin first")
      ->type_name("N")
      ->excludes("--sample")
      ->excludes(representative);
  command->add_option("--seed", session.globals.seed, "Seed of --sample")->capture_default_str();
  add_format_option(*command, session);
  command->callback([args, &session] {
    session.work = [args, &session] { return run_documents(*args, session); };
  });
}

}  // namespace topograph::cli

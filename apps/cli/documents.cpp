#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

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
Result<void> print_borderline(const DocumentsArgs& args, ColumnTable table, RunContext& run,
                              const Session& session) {
  TG_TRY(const TopicModel model, TopicModel::load(args.model));
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
  const auto after_topic =
      table.columns.begin() + static_cast<std::ptrdiff_t>(table.find("topic").value_or(0)) + 1;
  table.columns.insert(
      after_topic, {{"other_topic", std::move(others), {}}, {"margin", std::move(margins), {}}});
  print_table(std::cout, table, session.table_format(), terminal_width());
  return {};
}

Result<void> run_documents(const DocumentsArgs& args, const Session& session) {
  TG_TRY(const RunSettings settings, session.run_settings(nullptr));
  RunContext run(settings);
  const auto path = std::filesystem::path(args.model) / "documents.parquet";
  TG_TRY(ColumnTable table, read_parquet(path, run));
  const auto topic_column = table.find("topic");
  const auto* topics =
      topic_column ? std::get_if<std::vector<std::int32_t>>(&table.columns[*topic_column].values)
                   : nullptr;
  if (topics == nullptr) {
    return model_error(ErrorCode::schema, path.string(), "expected an int32 column called 'topic'",
                       "the model folder is damaged; fit it again");
  }
  if (args.borderline) return print_borderline(args, std::move(table), run, session);
  std::vector<std::int64_t> rows;
  for (std::size_t i = 0; i < topics->size(); ++i) {
    if (args.limit && static_cast<std::int64_t>(rows.size()) >= *args.limit) break;
    if (!args.topic || (*topics)[i] == *args.topic) rows.push_back(static_cast<std::int64_t>(i));
  }
  if (args.sample) rows = drawn_rows(rows, *args.sample, session.globals.seed);
  if (rows.size() != topics->size()) {
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
  command
      ->add_option("--borderline", args->borderline,
                   "Of every topic the N documents nearest to another one, least margin first")
      ->type_name("N")
      ->excludes("--sample");
  command->add_option("--seed", session.globals.seed, "Seed of --sample")->capture_default_str();
  add_format_option(*command, session);
  command->callback([args, &session] {
    session.work = [args, &session] { return run_documents(*args, session); };
  });
}

}  // namespace topograph::cli

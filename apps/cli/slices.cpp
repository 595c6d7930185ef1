// over-time and per-class: the topics inside of parts of the collection.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "document_columns.hpp"
#include "fitted_model.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/topics/time_slices.hpp"
#include "topograph/topics/topic_slices.hpp"

namespace topograph::cli {
namespace {

constexpr std::size_t kManyTimes = 100;

struct SliceArgs {
  std::string model = {};
  std::string column = {};
  std::string format = {};
  std::optional<int> bins = {};
  std::string every = {};
  std::vector<std::int32_t> topics = {};
  bool no_evolution = false;
  bool no_global = false;
  SliceOptions options = {};
};

/// Rows in the peer's columns; `names` are those of the slices.
void print_slices(const std::vector<TopicInSlice>& found, Column names, const SliceArgs& args,
                  const Session& session) {
  std::vector<std::int32_t> topics;
  std::vector<std::int64_t> counts;
  std::vector<std::int64_t> slices;
  TextColumn words;
  for (const TopicInSlice& entry : found) {
    if (!args.topics.empty() && std::ranges::find(args.topics, entry.topic) == args.topics.end()) {
      continue;
    }
    topics.push_back(entry.topic);
    counts.push_back(entry.count);
    slices.push_back(entry.slice);
    words.push_back(joined_words(entry.words));
  }
  const std::string name = names.name;
  Column column = take_rows(names, slices);
  column.name = name;
  print_table(std::cout,
              {{{"topic", std::move(topics), {}},
                {"words", std::move(words), {}},
                {"frequency", std::move(counts), {}},
                std::move(column)}},
              session.table_format(), terminal_width());
}

Result<std::vector<TopicInSlice>> describe(const FittedModel& fitted,
                                           std::span<const std::int32_t> slices,
                                           const SliceArgs& args, RunContext& run) {
  const TopicModel& model = fitted.model;
  for (const std::int32_t topic : args.topics) {
    TG_TRY(need_topic(model, topic, "--topics"));
  }
  return topic_slices(fitted.texts, model.documents().topics, slices, model.description(),
                      model.options().ctfidf, args.options, run);
}

Result<TimeSlices> slice_times(const std::vector<std::optional<Timestamp>>& times,
                               const SliceArgs& args, RunContext& run) {
  if (args.bins) return slice_in_bins(times, idx(*args.bins));
  const auto& names = EnumNames<TimeUnit>::names;
  if (const auto unit = std::ranges::find(names, args.every); unit != names.end()) {
    return slice_by_unit(times, static_cast<TimeUnit>(unit - names.begin()));
  }
  auto slices = slice_at_times(times);
  if (slices.start.size() > kManyTimes) {
    run.warn(fmt::format("{} different times: --bins N or --every month gives a shorter table",
                         slices.start.size()));
  }
  return slices;
}

Result<void> run_over_time(SliceArgs args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(const FittedModel fitted, open_fitted(args.model, run));
  TG_TRY(const Column* column, wanted_column(fitted, args.column, "time", "--time"));
  TG_TRY(const auto times, read_times(*column, args.format));
  const auto n_without = std::ranges::count_if(times, [](const auto& time) { return !time; });
  if (n_without == narrow<std::ptrdiff_t>(times.size())) {
    return input_error(ErrorCode::invalid_argument, "column " + column->name,
                       "expected dates, found none");
  }
  if (n_without > 0) run.warn(fmt::format("{} documents have no time", n_without));
  TG_TRY(const TimeSlices slices, slice_times(times, args, run));
  args.options.evolution_tuning = !args.no_evolution;
  args.options.global_tuning = !args.no_global;
  TG_TRY(const auto found, describe(fitted, slices.of_document, args, run));
  print_slices(found, {"timestamp", slices.start, {}}, args, session);
  return {};
}

Result<void> run_per_class(SliceArgs args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(const FittedModel fitted, open_fitted(args.model, run));
  TG_TRY(const Column* column, wanted_column(fitted, args.column, "class", "--class"));
  std::map<std::string, std::int32_t> number;
  std::vector<std::string> cells;
  for (std::size_t row = 0; row < column->size(); ++row) {
    cells.push_back(column->is_valid(row) ? cell_text(*column, row) : std::string());
    if (!cells.back().empty()) number.try_emplace(cells.back(), 0);
  }
  if (number.empty()) {
    return input_error(ErrorCode::invalid_argument, "column " + column->name,
                       "expected classes, found none");
  }
  TextColumn names;
  for (auto& [name, id] : number) {
    id = narrow<std::int32_t>(names.size());
    names.push_back(name);
  }
  std::vector<std::int32_t> slices;
  for (const std::string& cell : cells) slices.push_back(cell.empty() ? -1 : number.at(cell));
  const auto n_without = std::ranges::count(slices, -1);
  if (n_without > 0) run.warn(fmt::format("{} documents have no class", n_without));
  args.options.evolution_tuning = false;
  args.options.global_tuning = !args.no_global;
  TG_TRY(const auto found, describe(fitted, slices, args, run));
  print_slices(found, {"class", std::move(names), {}}, args, session);
  return {};
}

void add_shared(CLI::App& command, SliceArgs& args, Session& session) {
  command.add_option("MODEL", args.model, "Folder that `fit` wrote")->required();
  command.add_option("--topics", args.topics, "Only these topics, e.g. 0,3,4")->delimiter(',');
  command.add_option("--top-n-words", args.options.top_n_words, "Words shown per row")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command.add_flag("--no-global-tuning", args.no_global,
                   "Weigh words in the slice alone, not averaged with the topic as a whole");
  add_run_options(command, session);
  add_format_option(command, session);
}

void add_over_time(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("over-time", "Words and size of every topic over time");
  auto args = std::make_shared<SliceArgs>();
  add_shared(*command, *args, session);
  command
      ->add_option("--time", args->column, "Column with dates or times (default: the fit's --time)")
      ->type_name("COLUMN");
  command
      ->add_option("--time-format", args->format,
                   "How dates are written, as for strptime, e.g. %d/%m/%Y (default: 2020-05-17)")
      ->type_name("FORMAT");
  auto* bins = command->add_option("--bins", args->bins, "Spans of equal length")
                   ->type_name("N")
                   ->check(CLI::Range(1, 100000));
  command->add_option("--every", args->every, "Calendar units")
      ->check(CLI::IsMember({"hour", "day", "week", "month", "quarter", "year"}))
      ->excludes(bins);
  command->add_flag("--no-evolution-tuning", args->no_evolution,
                    "Do not average words with those of the span before");
  command->callback([args, &session] {
    session.work = [args, &session] { return run_over_time(*args, session); };
  });
}

void add_per_class(CLI::App& root, Session& session) {
  CLI::App* command =
      root.add_subcommand("per-class", "Words and size of every topic in every class of documents");
  auto args = std::make_shared<SliceArgs>();
  add_shared(*command, *args, session);
  command->add_option("--class", args->column, "Column with classes (default: the fit's --class)")
      ->type_name("COLUMN");
  command->callback([args, &session] {
    session.work = [args, &session] { return run_per_class(*args, session); };
  });
}

}  // namespace

void add_slices(CLI::App& root, Session& session) {
  add_over_time(root, session);
  add_per_class(root, session);
}

}  // namespace topograph::cli

// What became of the topics of one fit in the next.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include "fitted_model.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/match_models.hpp"

namespace topograph::cli {
namespace {

struct MatchArgs {
  std::string older = {};
  std::string by = "auto";
  MatchModelsOptions options = {};
  ChangeTarget target = {};
};

/// A topic of one of the models; blank where there is none.
struct Side {
  std::vector<std::int32_t> ids = {};
  std::vector<std::int64_t> counts = {};
  std::vector<std::uint8_t> valid = {};
  TextColumn labels = {};

  void add(const TopicModel& model, std::int32_t id) {
    const Topic* topic = id < 0 ? nullptr : model.topics().find(id);
    ids.push_back(id);
    counts.push_back(topic == nullptr ? 0 : topic->count);
    labels.push_back(topic == nullptr ? "" : topic->label);
    valid.push_back(topic == nullptr ? 0 : 1);
  }
};

/// @param numbers  Of the new topics in the model that is written; empty: none is.
ColumnTable match_columns(const ModelMatch& match, const TopicModel& older, const TopicModel& newer,
                          std::span<const std::int32_t> numbers) {
  TextColumn fates;
  std::vector<double> similarities;
  std::vector<std::int32_t> renumbered;
  Side old_side;
  Side new_side;
  for (const TopicMatch& entry : match.matches) {
    fates.push_back(enum_name(entry.fate));
    similarities.push_back(entry.similarity);
    old_side.add(older, entry.old_id);
    new_side.add(newer, entry.new_id);
    if (!numbers.empty()) {
      renumbered.push_back(entry.new_id < 0 ? kNoise : numbers[idx(entry.new_id)]);
    }
  }
  ColumnTable table{{{"fate", std::move(fates), {}},
                     {"old", std::move(old_side.ids), old_side.valid},
                     {"new", std::move(new_side.ids), new_side.valid}}};
  if (!numbers.empty()) table.columns.push_back({"number", std::move(renumbered), new_side.valid});
  table.columns.push_back({"similarity", std::move(similarities), {}});
  table.columns.push_back({"old_count", std::move(old_side.counts), old_side.valid});
  table.columns.push_back({"new_count", std::move(new_side.counts), new_side.valid});
  table.columns.push_back({"old_label", std::move(old_side.labels), {}});
  table.columns.push_back({"new_label", std::move(new_side.labels), {}});
  return table;
}

void say_how(const ModelMatch& match, std::span<const std::int32_t> numbers) {
  std::map<TopicFate, int> counts;
  std::string moved;
  for (const TopicMatch& entry : match.matches) {
    ++counts[entry.fate];
    if (numbers.empty() || entry.fate != TopicFate::kept) continue;
    if (numbers[idx(entry.new_id)] == entry.old_id) continue;
    moved += fmt::format("{}{} as {}", moved.empty() ? "" : ", ", entry.old_id,
                         numbers[idx(entry.new_id)]);
  }
  fmt::print(stderr, "  compared by {}{}: ", enum_name(match.by),
             match.by == MatchBy::documents ? fmt::format(" ({} in both)", match.n_shared) : "");
  fmt::print(stderr, "{} kept, {} split, {} merged, {} born, {} died\n", counts[TopicFate::kept],
             counts[TopicFate::split], counts[TopicFate::merged], counts[TopicFate::born],
             counts[TopicFate::died]);
  if (!moved.empty()) {
    fmt::print(stderr, "  fewer topics than before, so some change their number: {}\n", moved);
  }
}

/// Labels that somebody gave go on with their topic, unless it has one already.
Result<void> carry_labels(const ModelMatch& match, const TopicModel& older, TopicModel& newer) {
  for (const TopicMatch& entry : match.matches) {
    if (entry.fate != TopicFate::kept) continue;
    const Topic* was = older.topics().find(entry.old_id);
    const Topic* is = newer.topics().find(entry.new_id);
    if (!was->is_named || is->is_named) continue;
    TG_TRY(newer.set_label(entry.new_id, was->label));
  }
  return {};
}

Result<void> run_match(MatchArgs args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  const auto& names = EnumNames<MatchBy>::names;
  args.options.by = static_cast<MatchBy>(std::ranges::find(names, args.by) - names.begin());
  TG_TRY(const TopicModel older, TopicModel::load(args.older));
  const bool is_written = args.target.is_in_place || !args.target.output.empty();
  if (!is_written) {
    TG_TRY(const TopicModel newer, TopicModel::load(args.target.model));
    TG_TRY(const ModelMatch match, match_models(older, newer, args.options, run));
    say_how(match, {});
    print_table(std::cout, match_columns(match, older, newer, {}), session.table_format(),
                terminal_width());
    return {};
  }
  TG_TRY(FittedModel fitted, open_fitted(args.target.model, run, TextNeed::optional));
  TG_TRY(const ModelMatch match, match_models(older, fitted.model, args.options, run));
  const auto numbers = stable_numbers(match.matches, fitted.model.topic_vectors().rows());
  TG_TRY(carry_labels(match, older, fitted.model));
  const ColumnTable table = match_columns(match, older, fitted.model, numbers);
  fitted.model.renumber(numbers);
  TG_TRY(write_changed(fitted, args.target, run));
  say_how(match, numbers);
  print_table(std::cout, table, session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_match(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand(
      "match",
      "What became of the topics of one model in another: kept, split, merged, born, died");
  auto args = std::make_shared<MatchArgs>();
  command->add_option("OLD", args->older, "Folder that `fit` wrote")->required();
  command->add_option("NEW", args->target.model, "Folder that a later `fit` wrote")->required();
  command
      ->add_option("--by", args->by,
                   "What topics are compared by (auto: documents when NEW has at least half of "
                   "OLD's, else vectors of one encoder, else words)")
      ->check(CLI::IsMember({"auto", "documents", "vectors", "words"}))
      ->capture_default_str();
  command
      ->add_option("--min-similarity", args->options.min_similarity,
                   "Least similarity of topics that are the same (default: 1/3 of the documents in "
                   "common, cosine .7 of vectors, .3 of words)")
      ->type_name("X")
      ->check(CLI::Range(0.0, 1.0));
  auto* output = command
                     ->add_option("-o,--output", args->target.output,
                                  "Write NEW with the numbers (and given labels) of OLD here")
                     ->type_name("FOLDER");
  command->add_flag("-i,--in-place", args->target.is_in_place, "Renumber NEW itself")
      ->excludes(output);
  command->add_flag("--no-report", args->target.no_report, "Do not write report.html");
  add_run_options(*command, session);
  add_format_option(*command, session);
  command->callback(
      [args, &session] { session.work = [args, &session] { return run_match(*args, session); }; });
}

}  // namespace topograph::cli

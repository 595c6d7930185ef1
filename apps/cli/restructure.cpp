// Commands that give the documents of a fitted model other topics: merge, delete, reduce, split.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <functional>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "fitted_model.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/reduce_outliers.hpp"
#include "topograph/model/topic_changes.hpp"

namespace topograph::cli {
namespace {

using Change = std::function<Result<PointTopics>(const FittedModel&, RunContext&)>;

Result<void> run_change(const ChangeTarget& target, const Session& session, const Change& change,
                        TopicOrder order = TopicOrder::by_size,
                        TextNeed texts = TextNeed::optional) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(FittedModel fitted, open_fitted(target.model, run, texts));
  const auto old = fitted.model.point_labels();
  const PointTopics before(old.begin(), old.end());
  TG_TRY(const PointTopics after, change(fitted, run));
  TG_TRY(const auto encoder, word_encoder(fitted.model, target.encoder, run));
  TG_TRY(fitted.model.regroup(after, fitted.texts, order, run, encoder.get()));
  TG_TRY(write_changed(fitted, target, run));
  print_table(std::cout, changed_topics(fitted.model, before), session.table_format(),
              terminal_width());
  return {};
}

Result<std::int32_t> parse_number(std::string_view text, const char* where) {
  std::int32_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code == std::errc{} && end == text.data() + text.size()) return number;
  return option_error(where, fmt::format("expected a number, found '{}'", text));
}

/// "1,2,3"
Result<std::vector<std::int32_t>> parse_list(std::string_view text, const char* where) {
  std::vector<std::int32_t> topics;
  while (true) {
    const std::size_t comma = text.find(',');
    TG_TRY(const std::int32_t topic, parse_number(text.substr(0, comma), where));
    topics.push_back(topic);
    if (comma == std::string_view::npos) return topics;
    text.remove_prefix(comma + 1);
  }
}

struct ListArgs {
  ChangeTarget target = {};
  std::vector<std::string> lists = {};
};

void add_merge(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("merge", "Make one topic of several");
  auto args = std::make_shared<ListArgs>();
  add_change_flags(*command, args->target, session);
  add_word_encoder_flag(*command, args->target);
  command
      ->add_option("TOPICS", args->lists,
                   "Topics that become one, like 3,7; several groups: 3,7 4,9")
      ->required()
      ->type_name("A,B[,C...]");
  command->callback([args, &session] {
    session.work = [args, &session] {
      return run_change(args->target, session,
                        [&](const FittedModel& fitted, RunContext&) -> Result<PointTopics> {
                          std::vector<std::vector<std::int32_t>> groups(args->lists.size());
                          for (std::size_t i = 0; i < groups.size(); ++i) {
                            TG_TRY(groups[i], parse_list(args->lists[i], "TOPICS"));
                          }
                          return merge_topics(fitted.model, groups);
                        });
    };
  });
}

void add_delete(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("delete", "Delete topics: their documents get topic -1");
  auto args = std::make_shared<ListArgs>();
  add_change_flags(*command, args->target, session);
  add_word_encoder_flag(*command, args->target);
  command->add_option("TOPICS", args->lists, "Topics, like 3,7 or 3 7")
      ->required()
      ->type_name("A[,B...]");
  command->callback([args, &session] {
    session.work = [args, &session] {
      return run_change(args->target, session,
                        [&](const FittedModel& fitted, RunContext&) -> Result<PointTopics> {
                          std::vector<std::int32_t> topics;
                          for (const std::string& list : args->lists) {
                            TG_TRY(const auto more, parse_list(list, "TOPICS"));
                            topics.insert(topics.end(), more.begin(), more.end());
                          }
                          return delete_topics(fitted.model, topics);
                        });
    };
  });
}

struct ReduceArgs {
  ChangeTarget target = {};
  std::string to = {};
  bool by_words = false;
  bool is_compat = false;
};

void add_reduce(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("reduce", "Merge similar topics until a number is left");
  auto args = std::make_shared<ReduceArgs>();
  add_change_flags(*command, args->target, session);
  add_word_encoder_flag(*command, args->target);
  command
      ->add_option("--to", args->to, "Topics to keep, or auto: merge those that lie close together")
      ->required()
      ->type_name("N|auto");
  command->add_flag("--by-words", args->by_words,
                    "Compare topics by their words (class TF-IDF) instead of their vectors");
  command->add_flag("--count-outliers", args->is_compat,
                    "Count -1 as one of the N topics, as BERTopic does");
  command->callback([args, &session] {
    session.work = [args, &session] {
      return run_change(args->target, session,
                        [&](const FittedModel& fitted, RunContext& run) -> Result<PointTopics> {
                          ReduceTopicsOptions options{
                              .by = args->by_words ? TopicView::words : TopicView::vectors,
                              .counts_outliers = args->is_compat};
                          if (fitted.model.facts().n_topics == 0) {
                            return option_error("reduce", "the model has no topics to merge");
                          }
                          if (args->to != "auto") {
                            TG_TRY(options.n_topics, parse_number(args->to, "--to"));
                          }
                          return reduce_topics(fitted.model, options, run);
                        });
    };
  });
}

struct SplitArgs {
  ChangeTarget target = {};
  std::int32_t topic = 0;
  SplitTopicOptions options = {};
};

void add_split(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("split", "Cluster the documents of one topic again");
  auto args = std::make_shared<SplitArgs>();
  add_change_flags(*command, args->target, session);
  add_word_encoder_flag(*command, args->target);
  command->add_option("TOPIC", args->topic, "Topic to split")->required()->type_name("N");
  auto* into = command
                   ->add_option("--into", args->options.n_parts,
                                "Parts, by k-means (default: communities of its neighbour graph)")
                   ->type_name("N")
                   ->check(CLI::Range(2, 1000000));
  command
      ->add_option("--resolution", args->options.resolution,
                   "Of the communities, on the scale of the fit's: larger gives more and smaller "
                   "parts (default: the fit's, doubled until the topic falls apart)")
      ->type_name("R")
      ->excludes(into);
  command->callback([args, &session] {
    session.work = [args, &session] {
      return run_change(args->target, session, [&](const FittedModel& fitted, RunContext& run) {
        return split_topic(fitted.model, args->topic, args->options, run);
      });
    };
  });
}

struct OutliersArgs {
  ChangeTarget target = {};
  std::string strategy = "distributions";
  std::string share = {};
  double threshold = 0;
};

/// "10%" or "0.1"
Result<double> parse_share(std::string_view text) {
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view rest(end, idx(text.data() + text.size() - end));
  if (rest == "%") value /= 100;
  if (code == std::errc{} && (rest.empty() || rest == "%") && value >= 0 && value <= 1) {
    return value;
  }
  return option_error("--outliers", fmt::format("expected a share like 10%, found '{}'", text));
}

Result<void> run_outliers(const OutliersArgs& args, const Session& session) {
  ReduceOutliersOptions options{.threshold = args.threshold};
  const auto& names = EnumNames<OutlierStrategy>::names;
  options.strategy =
      static_cast<OutlierStrategy>(std::ranges::find(names, args.strategy) - names.begin());
  if (!args.share.empty()) {
    TG_TRY(options.share, parse_share(args.share));
  }
  return run_change(
      args.target, session,
      [&](const FittedModel& fitted, RunContext& run) {
        return reduce_outliers(fitted.model, fitted.texts, options, run);
      },
      TopicOrder::kept, TextNeed::required);
}

void add_outliers(CLI::App& root, Session& session) {
  CLI::App* command =
      root.add_subcommand("outliers", "Give documents without a topic the one they are most like");
  auto args = std::make_shared<OutliersArgs>();
  add_change_flags(*command, args->target, session);
  add_word_encoder_flag(*command, args->target);
  command
      ->add_option("--strategy", args->strategy,
                   "What decides: windows of words, class TF-IDF, vectors, or the memberships that "
                   "`fit --probabilities` keeps")
      ->check(CLI::IsMember(std::vector<std::string>(EnumNames<OutlierStrategy>::names.begin(),
                                                     EnumNames<OutlierStrategy>::names.end())))
      ->capture_default_str();
  command->add_option("--threshold", args->threshold, "Least similarity or probability for a move")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command
      ->add_option("--outliers", args->share,
                   "Share that may stay without a topic: only the surest documents move")
      ->type_name("10%");
  command->callback([args, &session] {
    session.work = [args, &session] { return run_outliers(*args, session); };
  });
}

}  // namespace

void add_restructure(CLI::App& root, Session& session) {
  add_reduce(root, session);
  add_merge(root, session);
  add_split(root, session);
  add_delete(root, session);
  add_outliers(root, session);
}

}  // namespace topograph::cli

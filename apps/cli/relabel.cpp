#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "document_columns.hpp"
#include "fitted_model.hpp"
#include "label_file.hpp"
#include "option_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topic_aspects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph::cli {
namespace {

constexpr std::array kShortcuts = {
    Shortcut{"--representation", "represent.main"},
    Shortcut{"--aspects", "represent.aspects"},
    Shortcut{"--ngram-range", "words.ngram_range"},
    Shortcut{"--stop-words", "words.stop_words"},
    Shortcut{"--min-df", "words.min_df"},
    Shortcut{"--max-df", "words.max_df"},
    Shortcut{"--top-n-words", "topics.top_n_words"},
};

struct RelabelArgs {
  ChangeTarget target = {};
  std::vector<std::string> labels = {};
  std::string file = {};
  std::string embedding_model = {};
  int generate = 0;
  std::string aspect = {};
  bool with_number = false;
  std::string separator = "_";
  bool is_reset = false;
};

/// The options that words and labels depend on.
struct WordOptions {
  CountOptions& words;
  ClassTfidfOptions& ctfidf;
  TopicOptions& topics;
  RepresentOptions& represent;
  MmrOptions& mmr;
  KeybertOptions& keybert;
  PosOptions& pos;

  explicit WordOptions(FitOptions& all)
      : words(all.words),
        ctfidf(all.ctfidf),
        topics(all.topics),
        represent(all.represent),
        mmr(all.mmr),
        keybert(all.keybert),
        pos(all.pos) {}

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("words", s.words);
    v("ctfidf", s.ctfidf);
    v("topics", s.topics);
    v("represent", s.represent);
    v("mmr", s.mmr);
    v("keybert", s.keybert);
    v("pos", s.pos);
  }
};

std::string generated_label(const Topic& topic, const RelabelArgs& args) {
  // Topics without words, like -1 of blank documents alone, are called as they are by themselves.
  const std::vector<TopicWord> none;
  const auto* aspect = args.aspect.empty() ? nullptr : find_aspect(topic, args.aspect);
  const auto& words = args.aspect.empty() ? topic.words : aspect ? aspect->words : none;
  if (words.empty()) return "";
  std::string label = args.with_number ? std::to_string(topic.id) : "";
  for (std::size_t i = 0; i < std::min(words.size(), idx(args.generate)); ++i) {
    label += (label.empty() ? "" : args.separator) + words[i].term;
  }
  return label;
}

Result<void> set_labels(TopicModel& model, const RelabelArgs& args, RunContext& run) {
  if (!args.aspect.empty()) TG_TRY(need_aspect(model.topics(), args.aspect));
  std::vector<GivenLabel> labels;
  for (const Topic& topic : model.topics().topics) {
    if (args.generate > 0) labels.emplace_back(topic.id, generated_label(topic, args));
    if (args.is_reset) labels.emplace_back(topic.id, "");
  }
  if (!args.file.empty()) {
    TG_TRY(const auto more, read_label_file(args.file, run));
    labels.insert(labels.end(), more.begin(), more.end());
  }
  for (const std::string& given : args.labels) {
    const auto equals = given.find('=');
    if (equals == std::string::npos) {
      return option_error("--label", "expected TOPIC=LABEL, found '" + given + "'");
    }
    TG_TRY(auto entry, parse_label(given.substr(0, equals), given.substr(equals + 1), "--label"));
    labels.push_back(std::move(entry));
  }
  for (auto& [topic, label] : labels) TG_TRY(model.set_label(topic, std::move(label)));
  return {};
}

ColumnTable old_and_new(const TopicTable& before, const TopicModel& model) {
  std::vector<std::int32_t> ids;
  TextColumn old_labels;
  TextColumn labels;
  TextColumn old_words;
  TextColumn words;
  for (const Topic& topic : model.topics().topics) {
    const Topic* old = before.find(topic.id);
    ids.push_back(topic.id);
    old_labels.push_back(old == nullptr ? "" : old->label);
    labels.push_back(topic.label);
    old_words.push_back(old == nullptr ? "" : joined_words(old->words));
    words.push_back(joined_words(topic.words));
  }
  ColumnTable table{{{"topic", std::move(ids), {}},
                     {"old_label", std::move(old_labels), {}},
                     {"label", std::move(labels), {}},
                     {"old_words", std::move(old_words), {}},
                     {"words", std::move(words), {}}}};
  for (Column& column : aspect_columns(model.topics())) {
    insert_column(table, table.columns.size(), std::move(column));
  }
  return table;
}

bool concerns(const std::vector<OptionSetting>& settings,
              std::initializer_list<std::string_view> groups) {
  return std::ranges::any_of(settings, [&](const OptionSetting& setting) {
    return std::ranges::any_of(groups, [&](std::string_view group) {
      return std::string_view(setting.path).starts_with(group);
    });
  });
}

Result<void> run_relabel(const RelabelArgs& args, const std::vector<OptionSetting>& settings,
                         const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings run_settings, session.run_settings(display.get()));
  RunContext run(run_settings);
  TG_TRY(FittedModel fitted, open_fitted(args.target.model, run, TextNeed::optional));
  TopicModel& model = fitted.model;
  const TopicTable before = model.topics();
  FitOptions options = model.options();
  WordOptions tree(options);
  TG_TRY(apply_settings(tree, settings));
  TG_TRY(validate_options(tree));
  const bool is_recount = concerns(settings, {"words.", "ctfidf.", "topics."});
  const bool had_chain = !options.represent.main.empty() || !options.represent.aspects.empty();
  if (is_recount) {
    TG_TRY(model.recount(options.words, options.ctfidf, options.topics, fitted.texts, run));
  }
  if (concerns(settings, {"represent.", "mmr.", "keybert.", "pos."}) || (is_recount && had_chain)) {
    std::unique_ptr<Embedder> embedder;
    if (embeds_words(options.represent)) {
      TG_TRY(embedder, embedder_of(model, args.embedding_model, kGiveEncoder, run));
    }
    TG_TRY(model.represent(options.represent, {options.mmr, options.keybert, options.pos},
                           fitted.texts, embedder.get(), run));
  }
  TG_TRY(set_labels(model, args, run));
  TG_TRY(write_changed(fitted, args.target, run));
  print_table(std::cout, old_and_new(before, model), session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_relabel(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand(
      "relabel", "Other words or labels for the topics; prints the old ones beside the new");
  auto args = std::make_shared<RelabelArgs>();
  add_change_flags(*command, args->target, session);
  command->add_option("--label", args->labels, "Label of a topic, e.g. --label \"3=space flight\"")
      ->type_name("TOPIC=LABEL")
      ->allow_extra_args(false)
      ->group("Labels");
  command
      ->add_option(
          "--labels", args->file,
          "Labels: a table with the columns `topic` and `label`, or .json: {\"0\": \"space\", ...}")
      ->type_name("FILE")
      ->group("Labels");
  command->add_option("--generate", args->generate, "Make labels of the first N words")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->group("Labels");
  command->add_option("--aspect", args->aspect, "With --generate: of the words of this aspect")
      ->type_name("NAME")
      ->needs("--generate")
      ->group("Labels");
  command->add_flag("--with-number", args->with_number, "Generated labels begin with the topic")
      ->group("Labels");
  command->add_option("--separator", args->separator, "Between the words of generated labels")
      ->capture_default_str()
      ->group("Labels");
  command->add_flag("--reset", args->is_reset, "Labels of the words again")->group("Labels");
  command
      ->add_option("--model", args->embedding_model, "Embedding model to use instead of the fit's")
      ->type_name("NAME");
  FitOptions defaults;
  auto flags =
      std::make_shared<OptionFlags>(*command, list_options(WordOptions(defaults)), kShortcuts);
  command->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      TG_TRY(const auto settings, flags->settings());
      return run_relabel(*args, settings, session);
    };
  });
}

}  // namespace topograph::cli

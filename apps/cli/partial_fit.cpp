#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <iostream>
#include <map>
#include <memory>
#include <utility>

#include "document_columns.hpp"
#include "fitted_model.hpp"
#include "grow_table.hpp"
#include "input_flags.hpp"
#include "option_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {
namespace {

struct PartialFitArgs {
  ChangeTarget target = {};
  std::vector<std::string> inputs = {};
  ReadOptions read = {};
  std::string embeddings = {};
  std::string embedding_model = {};
  OnlineOptions options = {};
};

struct OnlineGroup {
  OnlineOptions& online;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("online", s.online);
  }
};

constexpr std::array kShortcuts = {
    Shortcut{"--decay", "online.decay"},
    Shortcut{"--far", "online.far"},
    Shortcut{"--min-topic-size", "online.min_topic_size"},
    Shortcut{"--max-terms", "online.max_terms"},
    Shortcut{"--min-count", "online.min_count"},
};

/// The topics of the new documents alone, as `document_columns` wants them.
DocumentTopics topics_of_batch(const DocumentTopics& all, std::size_t n) {
  const std::size_t first = all.topics.size() - n;
  DocumentTopics batch;
  batch.topics.assign(all.topics.end() - static_cast<std::ptrdiff_t>(n), all.topics.end());
  batch.probabilities.assign(n, 0.0F);
  batch.positions = Matrix<float>(n, 2);
  for (std::size_t i = 0; i < n; ++i) {
    batch.probabilities[i] = all.probabilities[first + i];
    batch.is_placed.push_back(all.is_placed[first + i]);
    batch.reasons.push_back(all.reasons[first + i]);
  }
  return batch;
}

void print_summary(const PartialFit& done, const RunContext& run) {
  const auto line = [](const char* name, const std::string& value) {
    fmt::print(stderr, "  {:<14}{}\n", name, value);
  };
  fmt::print(stderr, "\n");
  line("documents", fmt::format("{} more", done.n_documents));
  if (done.n_empty > 0) line("empty", fmt::format("{} (topic -1)", done.n_empty));
  if (done.n_known > 0) line("identical", fmt::format("{} to earlier ones", done.n_known));
  line("joined", fmt::format("{} new texts in topics there were", done.n_joined));
  line("new topics", std::to_string(done.n_opened));
  line("waiting", fmt::format("{} documents far from every topic", done.n_waiting));
  line("terms", fmt::format("{} new, {} dropped", done.n_new_terms, done.n_dropped_terms));
  for (const std::string& warning : run.warnings()) line("warning", warning);
}

ColumnTable topic_table(const TopicModel& model, std::size_t n_new) {
  std::map<std::int32_t, std::int64_t> added;
  const auto& topics = model.documents().topics;
  for (std::size_t i = topics.size() - n_new; i < topics.size(); ++i) ++added[topics[i]];
  std::vector<std::int32_t> ids;
  std::vector<std::int64_t> counts;
  std::vector<std::int64_t> fresh;
  TextColumn labels;
  TextColumn words;
  for (const Topic& topic : model.topics().topics) {
    ids.push_back(topic.id);
    counts.push_back(topic.count);
    fresh.push_back(added[topic.id]);
    labels.push_back(topic.label);
    words.push_back(joined_words(topic.words));
  }
  return {{{"topic", std::move(ids), {}},
           {"count", std::move(counts), {}},
           {"new", std::move(fresh), {}},
           {"label", std::move(labels), {}},
           {"words", std::move(words), {}}}};
}

Result<void> run_partial_fit(const PartialFitArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(validate_options(args.options, "online"));
  TG_TRY(FittedModel fitted, open_fitted(args.target.model, run));
  TG_TRY(const DocumentTable batch, read_documents(args.inputs, args.read, run));
  std::unique_ptr<Embedder> embedder;
  Matrix<float> ready;
  if (args.embeddings.empty()) {
    TG_TRY(embedder, embedder_of(fitted.model, args.embedding_model,
                                 "give the documents' vectors with --embeddings, or --model with "
                                 "the encoder that made the fit's",
                                 run));
  } else {
    TG_TRY(ready, read_npy(args.embeddings, batch.size(), run));
  }
  TG_TRY(const PartialFit done, fitted.model.partial_fit(fitted.texts, batch.text, embedder.get(),
                                                         ready.view(), args.options, run));
  grow_table(fitted.documents,
             document_columns(batch, topics_of_batch(fitted.model.documents(), batch.size())),
             batch.id_column.has_value());
  TG_TRY(write_changed(fitted, args.target, run));
  print_summary(done, run);
  print_table(std::cout, topic_table(fitted.model, batch.size()), session.table_format(),
              terminal_width());
  return {};
}

}  // namespace

void add_partial_fit(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand(
      "partial-fit", "Add documents to a model: they join its topics or open new ones");
  auto args = std::make_shared<PartialFitArgs>();
  add_change_flags(*command, args->target, session);
  add_input_flags(*command, args->inputs, args->read, InputColumns::text_and_id);
  command
      ->add_option("--embeddings", args->embeddings,
                   "Ready vectors (n, d) of the new documents: .npy")
      ->type_name("FILE");
  command
      ->add_option("--model", args->embedding_model, "Embedding model to use instead of the fit's")
      ->type_name("NAME");
  OnlineGroup defaults{args->options};
  auto flags = std::make_shared<OptionFlags>(*command, list_options(defaults), kShortcuts);
  command->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      OnlineGroup options{args->options};
      TG_TRY(const auto settings, flags->settings());
      TG_TRY(apply_settings(options, settings));
      return run_partial_fit(*args, session);
    };
  });
}

}  // namespace topograph::cli

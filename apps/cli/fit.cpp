#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "document_columns.hpp"
#include "fit_summary.hpp"
#include "input_flags.hpp"
#include "kept_blocks.hpp"
#include "model_report.hpp"
#include "option_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "target_column.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/embed/tfidf.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/topic_model.hpp"
#include "topograph/report/report.hpp"
#include "topograph/represent/represent_topics.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph::cli {
namespace {

constexpr std::array kShortcuts = {
    Shortcut{"--model", "embed.model"},
    Shortcut{"--endpoint", "embed.endpoint.url"},
    Shortcut{"--max-length", "embed.max_length"},
    Shortcut{"--prompt", "embed.prompt"},
    Shortcut{"--prompt-name", "embed.prompt_name"},
    Shortcut{"--precision", "embed.precision"},
    Shortcut{"--duplicates", "documents.duplicates"},
    Shortcut{"--neighbors", "neighbors.n_neighbors"},
    Shortcut{"--metric", "neighbors.metric"},
    Shortcut{"--zeroshot-topics", "zeroshot.topics"},
    Shortcut{"--zeroshot-min-similarity", "zeroshot.min_similarity"},
    Shortcut{"--seed-topics", "guided.topics"},
    Shortcut{"--seed-words", "ctfidf.seed_words"},
    Shortcut{"--cluster", "cluster.method"},
    Shortcut{"--clusters", "cluster.n_clusters"},
    Shortcut{"--cluster-input", "cluster.input"},
    Shortcut{"--covariance", "gmm.covariance_type"},
    Shortcut{"--linkage", "agglomerative.linkage"},
    Shortcut{"--eps", "dbscan.eps"},
    Shortcut{"--resolution", "communities.resolution"},
    Shortcut{"--min-size", "communities.min_size"},
    Shortcut{"--min-strength", "communities.min_strength"},
    Shortcut{"--min-cluster-size", "hdbscan.min_cluster_size"},
    Shortcut{"--min-samples", "hdbscan.min_samples"},
    Shortcut{"--probabilities", "store.memberships"},
    Shortcut{"--reduce", "reduce.method"},
    Shortcut{"--components", "reduce.n_components"},
    Shortcut{"--map", "map.method"},
    Shortcut{"--ngram-range", "words.ngram_range"},
    Shortcut{"--stop-words", "words.stop_words"},
    Shortcut{"--min-df", "words.min_df"},
    Shortcut{"--max-df", "words.max_df"},
    Shortcut{"--top-n-words", "topics.top_n_words"},
    Shortcut{"--keep-embeddings", "store.keep_embeddings"},
    Shortcut{"--report-title", "report.title"},
};

/// What makes a fit BERTopic's, as far as options decide; settings of the user come later.
std::vector<OptionSetting> settings_of_bertopic() {
  constexpr std::array<std::pair<const char*, const char*>, 7> kValues = {{
      {"documents.duplicates", "keep"},
      {"cluster.method", "hdbscan"},
      {"hdbscan.compat", "true"},
      {"words.stop_words", "none"},
      {"words.token_rule", "sklearn"},
      {"words.df_of", "topics"},
      {"topics.sampling", "bertopic"},
  }};
  std::vector<OptionSetting> settings;
  for (const auto& [path, value] : kValues) settings.push_back({path, value, "--compat"});
  return settings;
}

struct FitArgs {
  std::vector<std::string> inputs = {};
  std::string output = {};
  std::string embeddings = {};
  std::string supervise = {};
  std::string compat = {};
  TargetType target_type = TargetType::labels;
  ReadOptions read = {};
  FitOptions fit = {};
  ReportOptions report = {};
  bool no_report = false;
  bool has_encoder = false;  ///< The encoder was named, not left to its default.
  StoreFlags store = {};
};

bool is_steered(const FitOptions& options) {
  return !options.zeroshot.topics.empty() || !options.guided.topics.empty();
}

std::vector<PlannedStage> plan_of(const FitArgs& args) {
  std::vector<PlannedStage> plan = {{"read", 0.02}, {"prepare", 0.01}};
  if (args.embeddings.empty())
    plan.push_back({"embed", args.fit.embed.model == "static" ? 0.1 : 5.0});
  if (is_steered(args.fit)) plan.push_back({"steer", 0.01});
  if (needs_graph(args.fit)) plan.push_back({"neighbors", 0.2});
  const ClusterOptions& cluster = args.fit.cluster;
  const bool is_hdbscan = cluster.method == ClusterMethod::hdbscan;
  if (cluster.method == ClusterMethod::communities) {
    plan.push_back({"communities", 0.1});
  } else {
    if (has_reduction(args.fit)) plan.push_back({"reduce", 0.4});
    plan.push_back({is_hdbscan ? "hdbscan" : "cluster", 0.1});
  }
  plan.push_back({"topics", 0.15});
  plan.push_back({"map", 0.3});
  plan.push_back({"write", 0.1});
  return plan;
}

std::string input_json(const FitArgs& args, const DocumentColumns& columns) {
  nlohmann::ordered_json json;
  json["files"] = args.inputs;
  json["text"] = columns.text_name;
  json["title"] = columns.title_name;
  json["label"] = columns.label_name;
  json["time"] = columns.time_name;
  json["class"] = columns.class_name;
  json["embeddings"] = args.embeddings;
  json["supervise"] = args.supervise;
  return json.dump();
}

Result<void> write_model(const FitArgs& args, const TopicModel& model,
                         const DocumentTable& documents, AtomicDirectory& folder, RunContext& run) {
  std::string input;
  {
    const Stage stage(run, "write");
    const DocumentColumns columns = document_columns(documents, model.documents());
    input = input_json(args, columns);
    TG_TRY(write_parquet(folder.path() / "documents.parquet", columns.table));
    if (!args.no_report) {
      ReportOptions options = args.report;
      if (options.title.empty()) options.title = folder.target().filename().string();
      TG_TRY(const std::string page, model_report(model, columns, input, options, run));
      TG_TRY(write_file(folder.path() / "report.html", page));
    }
  }
  // After the stage, so that the manifest has its time too.
  return model.save(folder.path(), input, run);
}

/// A number for every different value of the label column; none for blank ones and -1.
std::vector<std::int32_t> given_labels(const FitArgs& args, const DocumentTable& documents) {
  std::vector<std::int32_t> labels;
  if (args.fit.cluster.method != ClusterMethod::given || !documents.label_column) return labels;
  const Column& column = documents.columns.columns[*documents.label_column];
  std::map<std::string, std::int32_t> numbers;
  for (std::size_t row = 0; row < column.size(); ++row) {
    const std::string value = cell_text(column, row);
    if (value.empty() || value == "-1") {
      labels.push_back(-1);
      continue;
    }
    const auto next = static_cast<std::int32_t>(numbers.size());
    labels.push_back(numbers.try_emplace(value, next).first->second);
  }
  return labels;
}

/// Topics made of labels are called like them, unless the labels are numbers.
Result<void> name_given(const std::vector<std::int32_t>& labels, const DocumentTable& documents,
                        TopicModel& model) {
  if (labels.empty()) return {};
  const Column& column = documents.columns.columns[*documents.label_column];
  std::map<std::int32_t, std::map<std::int32_t, std::size_t>> votes;
  std::map<std::int32_t, std::string> text_of_label;
  bool are_numbers = true;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] < 0) continue;
    const auto [entry, is_new] = text_of_label.try_emplace(labels[row]);
    if (is_new) {
      entry->second = cell_text(column, row);
      are_numbers =
          are_numbers && entry->second.find_first_not_of("0123456789.") == std::string::npos;
    }
    ++votes[model.documents().topics[row]][labels[row]];
  }
  if (are_numbers) return {};
  for (const auto& [topic, of_topic] : votes) {
    if (topic < 0) continue;
    const auto most =
        std::ranges::max_element(of_topic, {}, [](const auto& vote) { return vote.second; });
    TG_TRY(model.set_label(topic, text_of_label[most->first]));
  }
  return {};
}

/// With ready vectors the names and seeds need the encoder that made them.
Result<SteeringVectors> embed_names(const FitArgs& args, RunContext& run) {
  if (args.embeddings.empty() || !is_steered(args.fit)) return SteeringVectors{};
  if (!args.has_encoder || is_tfidf(args.fit.embed)) {
    return option_error("--model",
                        "names and seeds need the encoder that made the vectors of --embeddings",
                        "name it with --model");
  }
  TG_TRY(const auto encoder, open_embedder(args.fit.embed, run));
  return steering_vectors(args.fit, *encoder, run);
}

Result<TargetColumn> read_target(const FitArgs& args, const DocumentTable& documents) {
  if (args.supervise.empty()) return TargetColumn{};
  const auto found = documents.columns.find(args.supervise);
  if (found) return target_column(documents.columns.columns[*found], args.target_type);
  std::string names;
  for (const Column& column : documents.columns.columns) {
    names += (names.empty() ? "" : ", ") + column.name;
  }
  return input_error(ErrorCode::not_found, "--supervise",
                     fmt::format("there is no column {}, only {}", args.supervise, names));
}

/// What is wrong with the rules for words must be known before the documents are embedded.
Result<void> check_words(const FitOptions& options, RunContext& run) {
  TG_TRY(plan_counting({}, options.words, run));
  TG_TRY(parse_chain(options.represent.main, "represent.main"));
  return {};
}

Result<void> run_fit(const FitArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  run.set_plan(plan_of(args));
  TG_TRY(validate_options(args.fit));
  TG_TRY(check_words(args.fit, run));
  // Created first: an unwritable place must be known before the minutes of work, not after.
  TG_TRY(auto folder, AtomicDirectory::create(args.output, "model.json"));

  std::unique_ptr<Embedder> embedder;
  if (args.embeddings.empty() && !is_tfidf(args.fit.embed)) {
    TG_TRY(embedder, open_embedder(args.fit.embed, run));
  }
  if (!embedder)
    TG_TRY(check_no_resume(args.store, args.embeddings.empty() ? "TF-IDF" : "--embeddings"));
  TG_TRY(const DocumentTable documents, read_documents(args.inputs, args.read, run));
  TG_TRY(const TargetColumn target, read_target(args, documents));
  std::unique_ptr<NpyRows> ready;
  if (!args.embeddings.empty()) {
    TG_TRY(ready, NpyRows::open(args.embeddings, documents.size()));
  }
  TG_TRY(const SteeringVectors steering, embed_names(args, run));
  std::optional<KeptBlocks> kept;
  if (embedder) {
    TG_TRY(auto opened, KeptBlocks::open(args.output, args.store, KeptAs::files, *embedder, run));
    kept.emplace(std::move(opened));
  }
  const auto fit = [&]() -> Result<TopicModel> {
    const auto labels = given_labels(args, documents);
    TG_TRY(auto model, ready ? TopicModel::fit(documents.text, *ready, args.fit, run, labels,
                                               target.view(), steering)
                             : TopicModel::fit(documents.text, kept ? &kept->embedder() : nullptr,
                                               {}, args.fit, run, labels, target.view()));
    TG_TRY(name_given(labels, documents, model));
    TG_TRY(write_model(args, model, documents, folder, run));
    if (run.stop_requested()) return cancelled();
    TG_TRY(folder.commit());
    return model;
  };
  const auto model = fit();
  if (!model) {
    Error error = folder.in_target(model.error());
    return std::unexpected(kept ? kept->explain(std::move(error)) : std::move(error));
  }
  if (kept) kept->finish();
  print_fit_summary(*model, documents, run,
                    {.output = args.output,
                     .has_report = !args.no_report,
                     .reused = kept ? kept->reuse_text() : std::string()});
  return {};
}

/// Both option structs in one tree, so that one --set reaches either.
struct AllOptions {
  FitOptions& fit;
  ReportOptions& report;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    FitOptions::visit(s.fit, v);
    v("report", s.report);
  }
};

}  // namespace

void add_fit(CLI::App& root, Session& session) {
  CLI::App* command =
      root.add_subcommand("fit", "Map a collection: embed, group, name the groups, draw the map");
  auto args = std::make_shared<FitArgs>();
  add_input_flags(*command, args->inputs, args->read, InputColumns::all);
  command->add_option("-o,--output", args->output, "Folder of the model to write")
      ->required()
      ->type_name("MODEL");
  command
      ->add_option("--embeddings", args->embeddings,
                   "Ready vectors (n, d): .npy, float32 or float16")
      ->type_name("FILE");
  auto* supervise =
      command
          ->add_option("--supervise", args->supervise,
                       "Column with classes or numbers that shape topics and map; empty: unknown")
          ->type_name("COLUMN")
          ->group("Target");
  add_target_type(*command, args->target_type, "Target")->needs(supervise);
  command->add_flag("--no-report", args->no_report, "Do not write report.html");
  add_run_options(*command, session);
  add_store_flags(*command, args->store);
  AllOptions defaults{args->fit, args->report};
  auto flags = std::make_shared<OptionFlags>(*command, list_options(defaults), kShortcuts);
  command
      ->add_option("--compat", args->compat,
                   "bertopic: its composition and rules instead of the defaults above: UMAP and "
                   "HDBSCAN, every copy a point, words of scikit-learn's pattern without stop "
                   "words left out, min_df of topics, its sample of typical documents; other "
                   "options still count")
      ->check(CLI::IsMember({"bertopic"}))
      ->group("Analysis");
  command->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      AllOptions options{args->fit, args->report};
      if (!args->compat.empty()) TG_TRY(apply_settings(options, settings_of_bertopic()));
      TG_TRY(const auto settings, flags->settings());
      TG_TRY(apply_settings(options, settings));
      args->has_encoder = std::ranges::any_of(settings, [](const OptionSetting& setting) {
        return setting.path == "embed.model" || setting.path == "embed.endpoint.url";
      });
      return run_fit(*args, session);
    };
  });
}

}  // namespace topograph::cli

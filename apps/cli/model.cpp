#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "option_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/embed/distill.hpp"
#include "topograph/embed/model_store.hpp"
#include "topograph/embed/pull_model.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/io/read_documents.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph::cli {
namespace {

constexpr std::array kShortcuts = {Shortcut{"--dimension", "distill.dimension"},
                                   Shortcut{"--sif-coefficient", "distill.sif_coefficient"},
                                   Shortcut{"--dtype", "distill.dtype"},
                                   Shortcut{"--epochs", "distill.learn.epochs"},
                                   Shortcut{"--learning-rate", "distill.learn.learning_rate"}};

constexpr std::array kPullShortcuts = {Shortcut{"--revision", "pull.revision"},
                                       Shortcut{"--endpoint", "pull.endpoint"}};

struct ModelArgs {
  std::string name = {};
  std::string output = {};
  std::vector<std::string> corpus = {};
  std::vector<std::string> corpus_embeddings = {};
  ReadOptions read = {};
  DistillOptions distill = {};
  PullOptions pull = {};
};

struct DistillTree {
  DistillOptions& distill;
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("distill", s.distill);
  }
};

struct PullTree {
  PullOptions& pull;
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("pull", s.pull);
  }
};

std::string_view kind_name(ModelKind kind) {
  return kind == ModelKind::encoder ? "encoder" : "static";
}

Result<void> run_list(const Session& session) {
  TextColumn names;
  TextColumn kinds;
  std::vector<std::int64_t> dimensions;
  TextColumn folders;
  for (const ModelInfo& model : list_models()) {
    names.push_back(model.name);
    kinds.push_back(kind_name(model.kind));
    dimensions.push_back(static_cast<std::int64_t>(model.dimension));
    folders.push_back(model.folder.string());
  }
  print_table(std::cout,
              {{{"name", std::move(names), {}},
                {"kind", std::move(kinds), {}},
                {"dimension", std::move(dimensions), {}},
                {"folder", std::move(folders), {}}}},
              session.table_format(), terminal_width());
  return {};
}

Result<void> run_model_info(const ModelArgs& args, const Session& session) {
  TG_TRY(const auto folder, find_model(args.name));
  TG_TRY(const ModelInfo info, describe_model(folder));
  TextColumn names;
  TextColumn values;
  const auto add = [&](std::string_view name, const std::string& value) {
    names.push_back(name);
    values.push_back(value);
  };
  add("name", info.name);
  add("folder", info.folder.string());
  add("kind", std::string(kind_name(info.kind)));
  add("architecture", info.architecture);
  add("dimension", std::to_string(info.dimension));
  add("max_length", std::to_string(info.max_length));
  add("vocabulary", std::to_string(info.vocabulary_size));
  add("weight_bytes", std::to_string(info.weight_bytes));
  add("pooling", info.pooling);
  add("normalized", info.is_normalized ? "true" : "false");
  for (const auto& [name, text] : info.prompts) add("prompt " + name, text);
  if (!info.default_prompt.empty()) add("default_prompt", info.default_prompt);
  print_table(std::cout, {{{"property", std::move(names), {}}, {"value", std::move(values), {}}}},
              session.table_format(), terminal_width());
  return {};
}

/// The folder goes to stdout, for scripts; the rest to stderr.
Result<void> run_pull(const ModelArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  run.set_plan({{"pull", 1}});
  TG_TRY(const PullReport report, pull_model(args.name, args.pull, run));
  fmt::print(
      stderr, "  model         {} ({})\n  files         {}, {} bytes ({} over the network)\n",
      report.name, report.commit.substr(0, 12), report.n_files, report.n_bytes, report.n_fetched);
  if (const auto info = describe_model(report.folder)) {
    fmt::print(stderr, "  kind          {}, {} dimensions\n", kind_name(info->kind),
               info->dimension);
  } else {
    run.warn("topograph cannot use this model: " + to_string(info.error()));
  }
  std::cout << report.folder.string() << '\n';
  return {};
}

/// The texts of all files and, one .npy a file in the same order, their vectors.
struct CorpusFiles {
  TextColumn texts = {};
  Matrix<float> vectors = {};
};

Result<void> check_embedding_files(const ModelArgs& args) {
  if (args.corpus_embeddings.empty() || args.corpus_embeddings.size() == args.corpus.size()) {
    return {};
  }
  return option_error("corpus-embeddings",
                      fmt::format("expected one .npy for each of the {} corpus files, found {}",
                                  args.corpus.size(), args.corpus_embeddings.size()));
}

Result<CorpusFiles> read_corpus(const ModelArgs& args, RunContext& run) {
  TG_TRY(check_embedding_files(args));
  CorpusFiles corpus;
  std::vector<Matrix<float>> parts;
  for (std::size_t f = 0; f < args.corpus.size(); ++f) {
    TG_TRY(const DocumentTable documents,
           read_documents(std::span(&args.corpus[f], 1), args.read, run));
    for (std::size_t i = 0; i < documents.size(); ++i) corpus.texts.push_back(documents.text[i]);
    if (args.corpus_embeddings.empty()) continue;
    TG_TRY(auto part, read_npy(args.corpus_embeddings[f], documents.size(), run));
    if (f > 0 && part.cols() != parts.front().cols()) {
      return input_error(ErrorCode::invalid_argument, args.corpus_embeddings[f],
                         fmt::format("expected {} columns as in {}, found {}", parts.front().cols(),
                                     args.corpus_embeddings.front(), part.cols()));
    }
    parts.push_back(std::move(part));
  }
  if (parts.empty()) return corpus;
  corpus.vectors = Matrix<float>(corpus.texts.size(), parts.front().cols());
  std::size_t row = 0;
  for (const Matrix<float>& part : parts) {
    std::copy_n(part.data(), part.size(), corpus.vectors.row(row).data());
    row += part.rows();
  }
  return corpus;
}

Result<void> run_distill(const ModelArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(validate_options(args.distill));
  TG_TRY(const auto folder, find_model(args.name));
  TG_TRY(CorpusFiles corpus, read_corpus(args, run));
  TG_TRY(const DistillReport report,
         distill_static(folder, {std::move(corpus.texts), std::as_const(corpus.vectors).view()},
                        args.output, args.distill, run));
  fmt::print(
      stderr,
      "  tokens        {}\n  dimension     {} ({:.1f} % of the variance)\n  bytes         {}\n",
      report.n_tokens, report.dimension, 100 * report.explained_variance, report.bytes);
  if (report.n_texts > 0) {
    fmt::print(stderr, "  corpus        {} texts, {} tokens\n  cosine        {:.4f}\n",
               report.n_texts, report.n_corpus_tokens, report.cosine);
  }
  return {};
}

}  // namespace

void add_model(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("model", "Embedding models: list, info, pull, distill");
  command->require_subcommand(1);
  auto args = std::make_shared<ModelArgs>();

  CLI::App* list = command->add_subcommand("list", "Models found on this machine");
  add_format_option(*list, session);
  list->callback([&session] { session.work = [&session] { return run_list(session); }; });

  CLI::App* info = command->add_subcommand("info", "What a model folder holds");
  info->add_option("MODEL", args->name, "Name or folder")->required();
  add_format_option(*info, session);
  info->callback([args, &session] {
    session.work = [args, &session] { return run_model_info(*args, session); };
  });

  CLI::App* pull = command->add_subcommand("pull", "Fetch a model from the Hugging Face hub");
  pull->add_option("NAME", args->name, "all-MiniLM-L6-v2, owner/name or owner/name@revision")
      ->required();
  add_run_options(*pull, session);
  PullTree pull_tree{args->pull};
  auto pull_flags = std::make_shared<OptionFlags>(*pull, list_options(pull_tree), kPullShortcuts);
  pull->footer(
      pull->get_footer() +
      "\n\nEnvironment: HF_TOKEN (else huggingface_hub's token file) for gated models, never "
      "shown; "
      "HF_ENDPOINT a\nmirror; HF_HUB_CACHE or HF_HOME the cache, shared with Python; "
      "HF_HUB_OFFLINE=1 sends nothing. A broken\ntransfer goes on where it stopped; size and hash "
      "of every file are checked.");
  pull->callback([args, pull_flags, &session] {
    session.work = [args, pull_flags, &session]() -> Result<void> {
      PullTree options{args->pull};
      TG_TRY(const auto given, pull_flags->settings());
      TG_TRY(apply_settings(options, given));
      return run_pull(*args, session);
    };
  });

  CLI::App* distill = command->add_subcommand("distill", "Make a static model from an encoder");
  distill->add_option("MODEL", args->name, "Name or folder of the encoder")->required();
  distill->add_option("-o,--output", args->output, "Folder to write")
      ->required()
      ->type_name("FOLDER");
  distill
      ->add_option("--corpus", args->corpus,
                   "Texts to learn from: csv, tsv, jsonl, parquet, feather, txt; .gz and .zst")
      ->type_name("FILES");
  distill
      ->add_option("--corpus-embeddings", args->corpus_embeddings,
                   "The encoder's vectors of each corpus file (default: computed)")
      ->type_name("X.npy");
  distill
      ->add_option_function<std::string>(
          "--text", [args](const std::string& name) { args->read.text = name; },
          "Column with the texts (default: text, else the only string column)")
      ->type_name("COLUMN");
  add_run_options(*distill, session);
  DistillTree tree{args->distill};
  auto flags = std::make_shared<OptionFlags>(*distill, list_options(tree), kShortcuts);
  distill->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      DistillTree options{args->distill};
      TG_TRY(const auto settings, flags->settings());
      TG_TRY(apply_settings(options, settings));
      return run_distill(*args, session);
    };
  });
}

}  // namespace topograph::cli

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "fit_summary.hpp"
#include "input_flags.hpp"
#include "option_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/embed/tfidf.hpp"
#include "topograph/io/npy.hpp"

namespace topograph::cli {
namespace {

constexpr std::array kShortcuts = {Shortcut{"--model", "embed.model"},
                                   Shortcut{"--endpoint", "embed.endpoint.url"},
                                   Shortcut{"--max-length", "embed.max_length"},
                                   Shortcut{"--batch-tokens", "embed.batch_tokens"},
                                   Shortcut{"--prompt", "embed.prompt"},
                                   Shortcut{"--prompt-name", "embed.prompt_name"},
                                   Shortcut{"--truncate-dim", "embed.truncate_dim"},
                                   Shortcut{"--pooling", "embed.pooling"}};

struct EmbedArgs {
  std::vector<std::string> inputs = {};
  std::string output = {};
  ReadOptions read = {};
  EmbedOptions embed = {};
};

struct EmbedTree {
  EmbedOptions& embed;
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("embed", s.embed);
  }
};

void print_summary(const Matrix<float>& vectors, const EmbedReport& report, const RunContext& run) {
  fmt::print(stderr, "\n  vectors       {} x {}\n  tokens        {}\n  truncated     {}\n",
             vectors.rows(), vectors.cols(), report.n_tokens, report.n_truncated);
  print_stages(run);
}

/// TF-IDF is fitted on all the documents before any of them has a vector.
Result<void> run_tfidf(const EmbedArgs& args, RunContext& run) {
  TG_TRY(const DocumentTable documents, read_documents(args.inputs, args.read, run));
  TfidfModel::Fit fitted;
  {
    const Stage stage(run, "embed", documents.size());
    TG_TRY(fitted, TfidfModel::fit(documents.text, {}, args.embed, run));
  }
  TG_TRY(write_npy(args.output, fitted.vectors.view()));
  print_summary(fitted.vectors, fitted.report, run);
  return {};
}

Result<void> run_embed(const EmbedArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  run.set_plan({{"read", 0.02}, {"embed", 1}});
  {
    // An unwritable place must be known before the minutes of work, not after.
    TG_TRY(const auto probe, AtomicFile::create(args.output));
  }
  if (is_tfidf(args.embed)) return run_tfidf(args, run);
  TG_TRY(const auto embedder, open_embedder(args.embed, run));
  TG_TRY(const DocumentTable documents, read_documents(args.inputs, args.read, run));
  Matrix<float> vectors(documents.size(), embedder->dimension());
  EmbedReport report;
  {
    const Stage stage(run, "embed", documents.size());
    TG_TRY(report, embedder->embed(documents.text, vectors.view(), run));
  }
  TG_TRY(write_npy(args.output, vectors.view()));
  print_summary(vectors, report, run);
  return {};
}

}  // namespace

void add_embed(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("embed", "Only the vectors of the documents, as .npy");
  auto args = std::make_shared<EmbedArgs>();
  add_input_flags(*command, args->inputs, args->read, InputColumns::text);
  command->add_option("-o,--output", args->output, "File to write: .npy, float32 (n, d)")
      ->required()
      ->type_name("X.npy");
  add_run_options(*command, session);
  EmbedTree tree{args->embed};
  auto flags = std::make_shared<OptionFlags>(*command, list_options(tree), kShortcuts);
  command->callback([args, flags, &session] {
    session.work = [args, flags, &session]() -> Result<void> {
      EmbedTree options{args->embed};
      TG_TRY(const auto settings, flags->settings());
      TG_TRY(apply_settings(options, settings));
      return run_embed(*args, session);
    };
  });
}

}  // namespace topograph::cli

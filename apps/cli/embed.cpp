#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "fit_summary.hpp"
#include "growing_vectors.hpp"
#include "input_flags.hpp"
#include "kept_blocks.hpp"
#include "option_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/side_task.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/embed/tfidf.hpp"
#include "topograph/io/document_reader.hpp"
#include "topograph/io/npy.hpp"

namespace topograph::cli {
namespace {

constexpr std::array kShortcuts = {Shortcut{"--model", "embed.model"},
                                   Shortcut{"--endpoint", "embed.endpoint.url"},
                                   Shortcut{"--max-length", "embed.max_length"},
                                   Shortcut{"--batch-tokens", "embed.batch_tokens"},
                                   Shortcut{"--precision", "embed.precision"},
                                   Shortcut{"--prompt", "embed.prompt"},
                                   Shortcut{"--prompt-name", "embed.prompt_name"},
                                   Shortcut{"--truncate-dim", "embed.truncate_dim"},
                                   Shortcut{"--pooling", "embed.pooling"}};

struct EmbedArgs {
  std::vector<std::string> inputs = {};
  std::string output = {};
  ReadOptions read = {};
  EmbedOptions embed = {};
  NpyType dtype = NpyType::f32;
  StoreFlags store = {};
};

struct EmbedTree {
  EmbedOptions& embed;
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("embed", s.embed);
  }
};

void print_vectors(const EmbedReport& report, std::size_t dimension) {
  fmt::print(stderr, "\n  vectors       {} x {}\n  tokens        {}\n  truncated     {}\n",
             report.n_texts, dimension, report.n_tokens, report.n_truncated);
  if (report.precision) fmt::print(stderr, "  precision     {}\n", enum_name(*report.precision));
}

/// TF-IDF is fitted on all the documents before any of them has a vector.
Result<void> run_tfidf(const EmbedArgs& args, RunContext& run) {
  TG_TRY(check_no_resume(args.store, "TF-IDF"));
  TG_TRY(const DocumentTable documents, read_documents(args.inputs, args.read, run));
  TfidfModel::Fit fitted;
  {
    const Stage stage(run, "embed", documents.size());
    TG_TRY(fitted, TfidfModel::fit(documents.text, {}, args.embed, run));
  }
  TG_TRY(auto file, AtomicFile::create(args.output));
  TG_TRY(auto writer, NpyWriter::begin(std::move(file), fitted.vectors.cols(), args.dtype));
  TG_TRY(writer.append(fitted.vectors.view()));
  TG_TRY(writer.commit());
  EmbedReport report = fitted.report;
  report.n_texts = narrow<std::int64_t>(documents.size());
  print_vectors(report, fitted.vectors.cols());
  print_stages(run);
  return {};
}

/// Texts that are embedded at once, and what the journal calls them.
struct TextBlock {
  TextColumn texts = {};
  std::string key = {};
};

/// Reads, embeds and writes block after block: memory does not grow with the input. With more than
/// one thread the next block is read and the last one is written while one is embedded.
Result<EmbedReport> embed_stream(DocumentReader& reader, const Embedder& embedder,
                                 GrowingVectors& vectors, RunContext& run) {
  const TextBlockLimits limits;
  Stage stage(run, "embed");
  stage.count_inner_stages();
  std::array buffers{Matrix<float>(limits.rows, embedder.dimension()),
                     Matrix<float>(limits.rows, embedder.dimension())};
  TextBlock next;
  EmbedReport report;
  // Declared last: on every way out both end before what they use.
  SideTask writing(run);
  SideTask reading(run);
  const auto read_next = [&]() -> Result<void> {
    TG_TRY(next.texts, reader.next(limits));
    next.key = vectors.key(next.texts);
    return {};
  };
  reading.start(read_next);
  for (std::size_t turn = 0;; ++turn) {
    TG_TRY(reading.wait());
    const TextBlock block = std::exchange(next, TextBlock());
    if (block.texts.empty()) break;
    if (const auto share = reader.share_read()) {
      // Read so far over the share of the bytes that they were: how many texts there may be.
      const auto n_read = static_cast<double>(idx(report.n_texts) + block.texts.size());
      stage.set_total(static_cast<std::uint64_t>(n_read / *share));
    }
    reading.start(read_next);
    const auto rows = buffers[turn % buffers.size()].view().rows(0, block.texts.size());
    // Once a block is not there none behind it is: nothing is being written when one is taken.
    if (const auto finished = vectors.take(block.key, rows.rows())) {
      Stage(run, "embed", rows.rows()).advance(rows.rows());
      report += *finished;
      continue;
    }
    TG_TRY(const EmbedReport part, embedder.embed(block.texts, rows, run));
    report += part;
    TG_TRY(writing.wait());
    writing.start(
        [&vectors, key = block.key, rows, part] { return vectors.append(key, rows, part); });
  }
  TG_TRY(writing.wait());
  return report;
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
  std::optional<DocumentReader> reader;
  {
    const Stage stage(run, "read");
    TG_TRY(auto opened, DocumentReader::open(args.inputs, args.read, run));
    reader.emplace(std::move(opened));
  }
  TG_TRY(auto kept, KeptBlocks::open(args.output, args.store, KeptAs::journal, *embedder, run));
  TG_TRY(auto vectors, GrowingVectors::open(args.output, kept, *embedder, args.dtype));
  const auto embed = [&]() -> Result<EmbedReport> {
    TG_TRY(const EmbedReport report, embed_stream(*reader, kept.embedder(), vectors, run));
    TG_TRY(vectors.commit());
    return report;
  };
  const auto report = embed();
  if (!report) return std::unexpected(kept.explain(report.error()));
  kept.finish();
  print_vectors(*report, embedder->dimension());
  const auto reused = kept.is_cache() ? kept.reuse_text() : KeptBlocks::reuse_text(vectors.use());
  if (!reused.empty()) {
    fmt::print(stderr, "  reused        {}\n", reused);
  }
  if (reader->n_invalid_utf8() > 0) {
    fmt::print(stderr, "  invalid UTF-8 {} documents, bytes replaced by U+FFFD\n",
               reader->n_invalid_utf8());
  }
  print_stages(run);
  return {};
}

}  // namespace

void add_embed(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("embed", "Only the vectors of the documents, as .npy");
  auto args = std::make_shared<EmbedArgs>();
  add_input_flags(*command, args->inputs, args->read, InputColumns::text);
  command
      ->add_option("-o,--output", args->output,
                   "File to write: .npy (n, d), a row for every document, blank ones too")
      ->required()
      ->type_name("X.npy");
  command
      ->add_option_function<std::string>(
          "--dtype",
          [args](const std::string& name) {
            args->dtype = name == "f16" ? NpyType::f16 : NpyType::f32;
          },
          "Numbers of the file: f32, or f16 for half the size")
      ->check(CLI::IsMember({"f32", "f16"}))
      ->default_str("f32");
  add_run_options(*command, session);
  add_store_flags(*command, args->store);
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

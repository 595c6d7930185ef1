#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "document_columns.hpp"
#include "fit_summary.hpp"
#include "fitted_model.hpp"
#include "input_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {
namespace {

struct TransformArgs {
  std::string model = {};
  std::vector<std::string> inputs = {};
  std::string output = {};
  std::string embeddings = {};
  std::string embedding_model = {};
  ReadOptions read = {};
};

Result<void> run_transform(const TransformArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  TG_TRY(const TopicModel model, TopicModel::load(args.model));
  std::unique_ptr<Embedder> embedder;
  if (args.embeddings.empty()) {
    TG_TRY(embedder, embedder_of(model, args.embedding_model,
                                 "give the documents' vectors with --embeddings, or --model with "
                                 "the encoder that made the fit's",
                                 run));
  }
  TG_TRY(const DocumentTable documents, read_documents(args.inputs, args.read, run));
  Matrix<float> ready;
  if (!args.embeddings.empty()) {
    TG_TRY(ready, read_npy(args.embeddings, documents.size(), run));
  }
  TG_TRY(const DocumentTopics found,
         model.transform(documents.text, embedder.get(), ready.view(), run));
  ColumnTable table = document_columns(documents, found).table;
  insert_column(table, 3, name_column(model, found));
  if (!args.output.empty()) return write_table(args.output, table);
  print_table(std::cout, table, session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_transform(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand("transform", "Topic and probability for new documents");
  auto args = std::make_shared<TransformArgs>();
  command->add_option("MODEL", args->model, "Folder that `fit` wrote")->required();
  add_input_flags(*command, args->inputs, args->read, InputColumns::text_and_id);
  command
      ->add_option("-o,--output", args->output,
                   "File to write: .parquet, .csv, .tsv, .jsonl (default: stdout)")
      ->type_name("OUT");
  command
      ->add_option("--embeddings", args->embeddings,
                   "Ready vectors (n, d) of these documents: .npy")
      ->type_name("FILE");
  command
      ->add_option("--model", args->embedding_model, "Embedding model to use instead of the fit's")
      ->type_name("NAME");
  add_run_options(*command, session);
  add_format_option(*command, session);
  command->callback([args, &session] {
    session.work = [args, &session] { return run_transform(*args, session); };
  });
}

}  // namespace topograph::cli

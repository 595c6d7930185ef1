// Models of BERTopic and of topograph, one into the other.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "document_columns.hpp"
#include "fitted_model.hpp"
#include "input_flags.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/io/npy.hpp"
#include "topograph/io/table_file.hpp"
#include "topograph/model/bertopic_folder.hpp"

namespace topograph::cli {
namespace fs = std::filesystem;
namespace {

struct ConvertArgs {
  std::string source = {};
  std::string output = {};
  std::vector<std::string> documents = {};
  ReadOptions read = {};
  bool no_ctfidf = false;
  std::string embedding_model = {};
  std::string embeddings = {};
};

void say_parts(const TopicModel& model) {
  fmt::print(stderr, "  {} topics, {} documents, vectors of {} dimensions, {}\n",
             model.facts().n_topics, model.facts().n_documents, model.dimension(),
             model.has_counts()
                 ? fmt::format("{} terms", model.description().counts.vocabulary.size())
                 : std::string("no term counts"));
}

/// What the manifest says about the input, with the names of the documents' columns.
std::string named_input(const TopicModel& model, const DocumentColumns& columns) {
  auto json = nlohmann::ordered_json::parse(model.input_json());
  json["text"] = columns.text_name;
  json["title"] = columns.title_name;
  json["label"] = columns.label_name;
  json["time"] = columns.time_name;
  json["class"] = columns.class_name;
  return json.dump();
}

Result<void> from_bertopic(const ConvertArgs& args, RunContext& run) {
  if (!args.embedding_model.empty()) {
    return option_error("--embedding-model", "it is what BERTopic loads; this model comes from it",
                        "name the encoder where it is used: transform --model");
  }
  DocumentTable documents;
  if (!args.documents.empty()) {
    TG_TRY(documents, read_documents(args.documents, args.read, run));
  }
  Matrix<float> vectors;
  if (!args.embeddings.empty()) {
    TG_TRY(vectors, read_npy(args.embeddings, {}, run));
  }
  TG_TRY(const TopicModel model,
         read_bertopic(args.source, documents.text,
                       {.ctfidf = !args.no_ctfidf, .embeddings = vectors.view()}, run));
  TG_TRY(auto folder, AtomicDirectory::create(args.output, "model.json"));
  const DocumentColumns columns = args.documents.empty()
                                      ? bare_columns(model.documents())
                                      : document_columns(documents, model.documents());
  TG_TRY(write_parquet(folder.path() / "documents.parquet", columns.table));
  TG_TRY(model.save(folder.path(), named_input(model, columns), run));
  if (run.stop_requested()) return cancelled();
  TG_TRY(folder.commit());
  say_parts(model);
  return {};
}

Result<void> to_bertopic(const ConvertArgs& args, RunContext& run) {
  if (!args.documents.empty()) {
    return option_error("--documents", "BERTopic's folder holds no documents");
  }
  if (!args.embeddings.empty()) {
    return option_error("--embeddings", "BERTopic's folder holds no vectors of documents");
  }
  TG_TRY(const TopicModel model, TopicModel::load(args.source));
  TG_TRY(auto folder, AtomicDirectory::create(args.output, kBertopicMarker));
  TG_TRY(const auto differences,
         write_bertopic(model, folder.path(),
                        {.ctfidf = !args.no_ctfidf, .embedding_model = args.embedding_model}));
  if (run.stop_requested()) return cancelled();
  TG_TRY(folder.commit());
  say_parts(model);
  for (const std::string& difference : differences) fmt::print(stderr, "  note: {}\n", difference);
  return {};
}

Result<void> run_convert(const ConvertArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  if (fs::path(args.source).lexically_normal() == fs::path(args.output).lexically_normal()) {
    return option_error("DST", "expected another folder than SRC");
  }
  if (is_bertopic_folder(args.source)) return from_bertopic(args, run);
  return to_bertopic(args, run);
}

}  // namespace

void add_convert(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand(
      "convert", "A model of BERTopic into one of topograph, or the other way round");
  auto args = std::make_shared<ConvertArgs>();
  command
      ->add_option("SRC", args->source,
                   "Folder that `fit` wrote, or BERTopic's save(serialization=\"safetensors\")")
      ->required();
  command->add_option("DST", args->output, "Folder to write, of the other kind")->required();
  command->add_flag("--no-ctfidf", args->no_ctfidf, "Leave terms and their weights out");
  command
      ->add_option("--embedding-model", args->embedding_model,
                   "Encoder that BERTopic shall load, by its name on the hub (default: the fit's)")
      ->type_name("NAME");
  command
      ->add_option("--documents", args->documents,
                   "Documents of BERTopic's fit, in its order; without them the model knows only "
                   "their topics")
      ->type_name("FILE...");
  command
      ->add_option(
          "--embeddings", args->embeddings,
          "Vectors of those documents as .npy: the model gets a map, and commands that look "
          "at documents' vectors work")
      ->type_name("FILE");
  add_column_flags(*command, args->read, InputColumns::all);
  add_run_options(*command, session);
  command->callback([args, &session] {
    session.work = [args, &session] { return run_convert(*args, session); };
  });
}

}  // namespace topograph::cli

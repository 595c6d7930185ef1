// Separately fitted models become one.
#include "topograph/model/merge_models.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <numeric>
#include <set>
#include <utility>

#include "fitted_model.hpp"
#include "progress_display.hpp"
#include "session.hpp"
#include "stacked_tables.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kPartColumn = "model";

struct MergeModelsArgs {
  std::vector<std::string> models = {};
  ChangeTarget target = {};
  MergeModelsOptions options = {};
};

/// Columns with a meaning (text, time …) are called as in the first model.
void rename_roles(DocumentColumns& documents, const DocumentColumns& first) {
  const std::pair<std::string*, const std::string*> roles[] = {
      {&documents.text_name, &first.text_name},
      {&documents.title_name, &first.title_name},
      {&documents.label_name, &first.label_name},
      {&documents.time_name, &first.time_name},
      {&documents.class_name, &first.class_name}};
  for (const auto& [name, wanted] : roles) {
    if (name->empty() || wanted->empty() || *name == *wanted) continue;
    std::string freed = "input_" + *wanted;
    while (documents.table.find(freed)) freed = "input_" + freed;
    if (const auto taken = documents.table.find(*wanted)) {
      documents.table.columns[*taken].name = freed;
    }
    documents.table.columns[*documents.table.find(*name)].name = *wanted;
    *name = *wanted;
  }
}

/// Documents of all models, with the name of each one's model.
ColumnTable all_documents(std::vector<FittedModel>& fitted, const std::vector<std::string>& names) {
  std::vector<const ColumnTable*> tables;
  TextColumn parts;
  for (std::size_t i = 0; i < fitted.size(); ++i) {
    rename_roles(fitted[i].documents, fitted.front().documents);
    tables.push_back(&fitted[i].documents.table);
    for (std::size_t row = 0; row < tables.back()->n_rows(); ++row) parts.push_back(names[i]);
  }
  ColumnTable all = stacked_tables(tables);
  std::string name = kPartColumn;
  while (all.find(name)) name = "merged_" + name;
  all.columns.push_back({std::move(name), std::move(parts), {}});
  std::vector<std::int64_t> rows(all.n_rows());
  std::iota(rows.begin(), rows.end(), 0);
  all.columns[*all.find("row")] = {"row", std::move(rows), {}};
  return all;
}

/// Folder names, told apart where they are the same.
std::vector<std::string> part_names(const std::vector<std::string>& folders) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const std::string& folder : folders) {
    const std::string base = fs::absolute(folder / fs::path()).parent_path().filename().string();
    std::string name = base;
    for (int n = 2; !seen.insert(name).second; ++n) name = fmt::format("{} ({})", base, n);
    names.push_back(std::move(name));
  }
  return names;
}

ColumnTable joined_topics(const MergedModel& merged, const std::vector<FittedModel>& parts,
                          const std::vector<std::string>& names) {
  TextColumn models;
  TextColumn outcomes;
  TextColumn labels;
  std::vector<std::int32_t> topics;
  std::vector<std::int32_t> ids;
  std::vector<std::int64_t> counts;
  std::vector<double> similarities;
  std::vector<std::uint8_t> has_similarity;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t t = 0; t < merged.topics[i].size(); ++t) {
      const JoinedTopic& joined = merged.topics[i][t];
      const Topic* topic = parts[i].model.topics().find(narrow<std::int32_t>(t));
      models.push_back(names[i]);
      topics.push_back(narrow<std::int32_t>(t));
      counts.push_back(topic == nullptr ? 0 : topic->count);
      outcomes.push_back(i == 0 ? "first" : (joined.is_new ? "new" : "joined"));
      ids.push_back(joined.id);
      similarities.push_back(joined.similarity);
      has_similarity.push_back(i == 0 ? 0 : 1);
      labels.push_back(merged.model.topics().find(joined.id)->label);
    }
  }
  return {{{"model", std::move(models), {}},
           {"topic", std::move(topics), {}},
           {"count", std::move(counts), {}},
           {"outcome", std::move(outcomes), {}},
           {"merged", std::move(ids), {}},
           {"similarity", std::move(similarities), std::move(has_similarity)},
           {"label", std::move(labels), {}}}};
}

Result<void> run_merge_models(const MergeModelsArgs& args, const Session& session) {
  const auto display = make_progress_display(session.globals.progress);
  TG_TRY(const RunSettings settings, session.run_settings(display.get()));
  RunContext run(settings);
  std::vector<FittedModel> fitted;
  for (const std::string& folder : args.models) {
    TG_TRY(FittedModel opened, open_fitted(folder, run, TextNeed::optional));
    fitted.push_back(std::move(opened));
  }
  const std::vector<std::string> names = part_names(args.models);
  std::vector<ModelPart> parts;
  for (std::size_t i = 0; i < fitted.size(); ++i) {
    parts.push_back({names[i], &fitted[i].model, &fitted[i].texts});
  }
  TG_TRY(const auto encoder, word_encoder(fitted.front().model, args.target.encoder, run));
  TG_TRY(MergedModel merged, merge_models(parts, args.options, run, encoder.get()));
  const ColumnTable table = joined_topics(merged, fitted, names);
  FittedModel written{.folder = {}, .model = std::move(merged.model)};
  written.documents = fitted.front().documents;
  written.documents.table = all_documents(fitted, names);
  if (written.model.knows_texts()) {
    for (const FittedModel& part : fitted) {
      for (std::size_t i = 0; i < part.texts.size(); ++i) written.texts.push_back(part.texts[i]);
    }
  }
  TG_TRY(write_changed(written, args.target, run));
  print_table(std::cout, table, session.table_format(), terminal_width());
  return {};
}

}  // namespace

void add_merge_models(CLI::App& root, Session& session) {
  CLI::App* command = root.add_subcommand(
      "merge-models", "One model of several: similar topics join, documents and counts add up");
  auto args = std::make_shared<MergeModelsArgs>();
  command
      ->add_option("MODEL", args->models,
                   "Folders that `fit` wrote, two or more; topics of the first keep their ids")
      ->required()
      ->type_name("MODEL...");
  command->add_option("-o,--output", args->target.output, "Folder to write")
      ->required()
      ->type_name("NEW");
  command
      ->add_option("--min-similarity", args->options.min_similarity,
                   "Topics whose vectors are less similar (cosine) stay apart")
      ->check(CLI::Range(-1.0, 1.0))
      ->capture_default_str();
  add_word_encoder_flag(*command, args->target);
  command->add_flag("--no-report", args->target.no_report, "Do not write report.html");
  add_run_options(*command, session);
  add_format_option(*command, session);
  command->callback([args, &session] {
    session.work = [args, &session] { return run_merge_models(*args, session); };
  });
}

}  // namespace topograph::cli

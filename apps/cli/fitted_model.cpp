#include "fitted_model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "model_report.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/io/table_file.hpp"

namespace topograph::cli {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDocuments = "documents.parquet";
constexpr const char* kReport = "report.html";

std::string named_in(const TopicModel& model, const char* key) {
  const auto input = nlohmann::json::parse(model.input_json(), nullptr, false);
  return input.is_object() ? input.value(key, std::string()) : std::string();
}

std::string column_names(const ColumnTable& table) {
  std::vector<std::string> names;
  for (const Column& column : table.columns) names.push_back(column.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Files in a model folder that are no part of the model go along.
Result<void> keep_other_files(const fs::path& from, const fs::path& to) {
  const std::set<std::string> known = {
      "model.json", "arrays.safetensors", "topics.json", kDocuments, kReport, "tfidf.safetensors"};
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(from, problem)) {
    if (known.contains(entry.path().filename().string())) continue;
    fs::copy(entry.path(), to / entry.path().filename(),
             fs::copy_options::recursive | fs::copy_options::copy_symlinks, problem);
    if (problem) break;
  }
  if (problem)
    return output_error(to.string(), "cannot copy the other files: " + problem.message());
  return {};
}

/// topic_3 or topic_3_probability or noise_probability, as a fit writes them (and not an input's).
bool is_membership(const Column& column) {
  std::string_view name = column.name;
  const bool is_share = name.ends_with("_probability");
  if (is_share) name.remove_suffix(std::string_view("_probability").size());
  const bool is_named = (is_share && name == "noise") ||
                        (name.starts_with("topic_") && name.size() > 6 &&
                         name.find_first_not_of("0123456789", 6) == std::string_view::npos);
  return is_named && (is_share ? std::holds_alternative<std::vector<float>>(column.values)
                               : std::holds_alternative<std::vector<std::int32_t>>(column.values));
}

/// The topic columns of the documents, as the model has them now.
void update_columns(const TopicModel& model, ColumnTable& table) {
  // They stand right behind the reason; what comes later is the input's, whatever its name.
  const auto first =
      table.columns.begin() + narrow<std::ptrdiff_t>(table.find("reason").value_or(0)) + 1;
  table.columns.erase(first, std::find_if_not(first, table.columns.end(), is_membership));
  const ColumnTable fresh = topic_columns(model.documents());
  std::size_t at = 0;
  for (const Column& column : fresh.columns) {
    if (const auto found = table.find(column.name)) {
      table.columns[*found] = column;
      at = *found + 1;
    } else {
      table.columns.insert(table.columns.begin() + narrow<std::ptrdiff_t>(at++), column);
    }
  }
}

/// Everything of the changed model into `place`, which becomes `destination`.
Result<void> fill_folder(FittedModel& fitted, const ChangeTarget& target,
                         const fs::path& destination, const fs::path& place, RunContext& run) {
  update_columns(fitted.model, fitted.documents.table);
  TG_TRY(write_parquet(place / kDocuments, fitted.documents.table));
  if (!target.no_report && fitted.model.has_map() && !fitted.texts.empty()) {
    ReportOptions options;
    options.title = fs::absolute(destination).lexically_normal().filename().string();
    TG_TRY(const std::string page,
           model_report(fitted.model, fitted.documents, fitted.model.input_json(), options, run));
    TG_TRY(write_file(place / kReport, page));
  }
  TG_TRY(fitted.model.save(place, fitted.model.input_json(), run));
  if (!target.is_in_place) return {};
  return keep_other_files(fitted.folder, place);
}

}  // namespace

Result<FittedModel> open_fitted(const std::string& folder, RunContext& run, TextNeed texts) {
  TG_TRY(TopicModel model, TopicModel::load(folder));
  FittedModel fitted{.folder = folder, .model = std::move(model)};
  const auto path = fitted.folder / kDocuments;
  DocumentColumns& documents = fitted.documents;
  TG_TRY(documents.table, read_parquet(path, run));
  const auto named = [&](const char* key) -> Result<std::string> {
    std::string name = named_in(fitted.model, key);
    if (name.empty() || documents.table.find(name)) return name;
    return model_error(ErrorCode::schema, path.string(),
                       fmt::format("expected a column called '{}'", name),
                       "the model folder is damaged; fit it again");
  };
  TG_TRY(documents.text_name, named("text"));
  TG_TRY(documents.title_name, named("title"));
  TG_TRY(documents.label_name, named("label"));
  TG_TRY(documents.time_name, named("time"));
  TG_TRY(documents.class_name, named("class"));
  if (documents.text_name.empty() && !fitted.model.knows_texts() &&
      fitted.model.facts().n_documents > 0) {
    if (texts == TextNeed::optional) return fitted;
    return model_error(ErrorCode::unsupported, folder,
                       "this needs the documents, and the model has none: it was converted",
                       "convert it again with --documents");
  }
  if (documents.text_name.empty()) {
    return model_error(ErrorCode::schema, path.string(),
                       "the manifest does not name the text column");
  }
  fitted.texts = text_of(documents.table.columns[*documents.table.find(documents.text_name)]);
  if (fitted.texts.size() != fitted.model.documents().topics.size()) {
    return model_error(ErrorCode::schema, path.string(),
                       fmt::format("expected {} documents as in the model, found {}",
                                   fitted.model.documents().topics.size(), fitted.texts.size()),
                       "the model folder is damaged; fit it again");
  }
  return fitted;
}

Result<void> need_map(const TopicModel& model) {
  if (model.has_map() || model.documents().topics.empty()) return {};
  return model_error(ErrorCode::unsupported, "model", "it has no map: it was converted",
                     "`fit --cluster given --label` lays out documents whose topics are known");
}

Result<void> need_topic(const TopicModel& model, std::int32_t topic, const char* where) {
  const auto& all = model.topics().topics;
  if (model.topics().find(topic) != nullptr) return {};
  if (all.empty()) return option_error(where, "this model has no topics");
  return option_error(
      where,
      fmt::format("there is no topic {}, expected {} to {}", topic, all.front().id, all.back().id),
      "`topograph topics MODEL` lists them");
}

Result<const Column*> wanted_column(const FittedModel& fitted, const std::string& name,
                                    const char* key, const char* flag) {
  const std::string wanted = name.empty() ? named_in(fitted.model, key) : name;
  if (wanted.empty()) {
    return option_error(flag, fmt::format("the fit named no {} column", key),
                        "the model's columns are " + column_names(fitted.documents.table));
  }
  const auto found = fitted.documents.table.find(wanted);
  if (found) return &fitted.documents.table.columns[*found];
  return option_error(flag, fmt::format("the model has no column `{}`", wanted),
                      "its columns are " + column_names(fitted.documents.table));
}

Result<std::unique_ptr<Embedder>> embedder_of(const TopicModel& model, const std::string& name,
                                              const char* hint, RunContext& run) {
  EmbedOptions embed = model.options().embed;
  if (!name.empty()) embed.model = name;
  if (name.empty() && !named_in(model, "embeddings").empty()) {
    return option_error(
        "--model", "this model was fitted on ready vectors, so its encoder is not known", hint);
  }
  if (name.empty() && model.own_embedder() != nullptr) return std::unique_ptr<Embedder>();
  return open_embedder(embed, run);
}

Result<std::unique_ptr<Embedder>> word_encoder(const TopicModel& model, const std::string& name,
                                               RunContext& run) {
  if (!embeds_words(model.options().represent)) return std::unique_ptr<Embedder>();
  const bool is_unknown = name.empty() && !named_in(model, "embeddings").empty();
  if (is_unknown) return std::unique_ptr<Embedder>();
  auto opened = embedder_of(model, name, kGiveEncoder, run);
  if (opened || !name.empty() || run.stop_requested()) return opened;
  run.warn("the encoder of the words is not there: " + to_string(opened.error()));
  return std::unique_ptr<Embedder>();
}

void add_word_encoder_flag(CLI::App& command, ChangeTarget& target) {
  command
      .add_option("--model", target.encoder,
                  "Embedding model for words made by keybert or mmr, instead of the fit's")
      ->type_name("NAME");
}

void add_change_flags(CLI::App& command, ChangeTarget& target, Session& session) {
  command.add_option("MODEL", target.model, "Folder that `fit` wrote")->required();
  auto* where = command.add_option_group("Output", "Where the changed model goes");
  where->add_option("-o,--output", target.output, "Folder to write")->type_name("NEW");
  where->add_flag("-i,--in-place", target.is_in_place, "Change MODEL itself");
  where->require_option(1);
  command.add_flag("--no-report", target.no_report, "Do not write report.html");
  add_run_options(command, session);
  add_format_option(command, session);
}

Result<void> write_changed(FittedModel& fitted, const ChangeTarget& target, RunContext& run) {
  const fs::path destination = target.is_in_place ? fitted.folder : fs::path(target.output);
  TG_TRY(auto folder, AtomicDirectory::create(destination, "model.json"));
  const auto written = fill_folder(fitted, target, destination, folder.path(), run);
  if (!written) return std::unexpected(folder.in_target(written.error()));
  if (run.stop_requested()) return cancelled();
  return folder.commit();
}

ColumnTable changed_topics(const TopicModel& model, std::span<const std::int32_t> before) {
  std::map<std::int32_t, std::set<std::int32_t>> from;
  const auto now = model.point_labels();
  for (std::size_t p = 0; p < now.size(); ++p) from[now[p]].insert(before[p]);
  std::vector<std::int32_t> ids;
  std::vector<std::int64_t> counts;
  TextColumn origins;
  TextColumn labels;
  TextColumn words;
  for (const Topic& topic : model.topics().topics) {
    ids.push_back(topic.id);
    counts.push_back(topic.count);
    origins.push_back(fmt::format("{}", fmt::join(from[topic.id], " ")));
    labels.push_back(topic.label);
    words.push_back(joined_words(topic.words));
  }
  return {{{"topic", std::move(ids), {}},
           {"count", std::move(counts), {}},
           {"was", std::move(origins), {}},
           {"label", std::move(labels), {}},
           {"words", std::move(words), {}}}};
}

}  // namespace topograph::cli

#include "model_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "fitted_model.hpp"
#include "topic_coherence.hpp"
#include "topograph/core/version.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/report/columns.hpp"
#include "topograph/report/topic_vectors.hpp"

namespace topograph::cli {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

std::optional<TextColumn> named_text(const DocumentColumns& documents, const std::string& name) {
  const auto found = documents.table.find(name);
  if (name.empty() || !found) return std::nullopt;
  return text_of(documents.table.columns[*found]);
}

/// Columns that the page shows in its own way, and identifiers that only count the rows.
std::vector<std::string> columns_left_out(const DocumentColumns& documents) {
  std::vector<std::string> names = {"row", "topic", "probability", "x", "y", "noise_probability"};
  names.push_back(documents.text_name);
  names.push_back(documents.title_name);
  for (const Column& column : documents.table.columns) {
    if (column.name.starts_with("topic_")) names.push_back(column.name);
  }
  const auto row = documents.table.find("row");
  const auto id = documents.table.find("id");
  if (row && id && documents.table.columns[*row].values == documents.table.columns[*id].values) {
    names.emplace_back("id");
  }
  return names;
}

/// With commas between thousands, as the page writes numbers.
template <class Count>
std::string grouped(Count count) {
  std::string digits = std::to_string(count);
  for (std::size_t end = digits.size(); end > 3; end -= 3) digits.insert(end - 3, 1, ',');
  return digits;
}

Facts footer(const TopicModel& model) {
  const FitFacts& facts = model.facts();
  return {{"documents", grouped(facts.n_documents)},
          {"topics", grouped(facts.n_topics)},
          {"without a topic", grouped(facts.n_outliers)},
          {"empty", grouped(facts.n_empty)},
          {"identical, folded", grouped(facts.n_duplicates)},
          {"model", model.options().embed.model},
          {"clusters", std::string(enum_name(model.options().cluster.method))},
          {"made by", fmt::format("topograph {}", version())}};
}

Facts provenance(const TopicModel& model, std::string_view input_json) {
  const FitFacts& facts = model.facts();
  Facts out = {{"neighbours", facts.neighbors},
               {"dimensions", std::to_string(model.dimension())},
               {"seed", std::to_string(facts.seed)}};
  if (facts.neighbor_recall > 0) {
    out.emplace_back("neighbour recall", fmt::format("{:.3f}", facts.neighbor_recall));
  }
  if (facts.quality != 0) out.emplace_back("modularity", fmt::format("{:.3f}", facts.quality));
  if (!facts.precision.empty()) out.emplace_back("precision", facts.precision);
  out.emplace_back("input", input_json);
  FitOptions options = model.options();
  options.embed = storable_options(std::move(options.embed));
  for (const OptionField& option : list_options(options)) {
    out.emplace_back(option.path, option.value);
  }
  return out;
}

std::vector<double> or_nan(const std::vector<std::optional<double>>& values) {
  std::vector<double> out;
  for (const auto& value : values) out.push_back(value.value_or(std::nan("")));
  return out;
}

}  // namespace

Result<std::string> model_report(const TopicModel& model, const DocumentColumns& documents,
                                 std::string_view input_json, const ReportOptions& options,
                                 RunContext& run) {
  TG_TRY(need_map(model));
  const DocumentTopics& topics = model.documents();
  const auto texts = named_text(documents, documents.text_name);
  const auto titles = named_text(documents, documents.title_name);
  if (!texts || topics.topics.size() != texts->size()) {
    return model_error(ErrorCode::schema, "documents.parquet",
                       fmt::format("expected {} documents as in the model, found {}",
                                   topics.topics.size(), texts ? texts->size() : 0),
                       "the model folder is damaged; fit it again");
  }
  const auto most = static_cast<std::size_t>(options.max_texts);
  if (texts->size() > most) {
    run.log(LogLevel::info,
            fmt::format("the report carries the texts of an even sample of {} documents, and the "
                        "places of all {} (--set report.max_texts)",
                        grouped(most), grouped(texts->size())));
  }
  ReportInput input;
  input.layout = topics.positions.view();
  input.topics = topics.topics;
  input.probabilities = topics.probabilities;
  input.texts = &*texts;
  input.titles = titles ? &*titles : nullptr;
  input.is_placed = topics.is_placed;
  input.table = &model.topics();
  for (const TopicLayer& layer : model.layers()) {
    input.layers.push_back({layer.labels, layer.names});
  }
  input.columns = report_columns(documents.table, {.label = documents.label_name,
                                                   .class_name = documents.class_name,
                                                   .time = documents.time_name,
                                                   .id = "id",
                                                   .left_out = columns_left_out(documents)});
  const auto n_topics = static_cast<std::size_t>(std::ranges::count_if(
      model.topics().topics, [](const Topic& topic) { return topic.id >= 0; }));
  Matrix<float> directions;
  if (model.point_embeddings().rows() > 0) {
    directions = topic_vectors(model.point_embeddings(), model.point_labels(), n_topics);
    input.topic_vectors = directions.view();
  }
  if (topics.memberships.k() > 0) {
    input.member_topics = topics.memberships.clusters.view();
    input.member_values = topics.memberships.values.view();
  }
  if (const auto persistence = model.topic_persistence(); persistence.size() == n_topics) {
    input.measures.push_back(
        {"persistence",
         "How long the topic outlives the changes of density around it, 0 to 1",
         {persistence.begin(), persistence.end()}});
  }
  TG_TRY(const TopicCoherence coherence, topic_coherence(model, *texts, run));
  input.measures.push_back({"NPMI",
                            "Coherence: how often the topic's words meet in a document beyond "
                            "chance, -1 never, 0 by chance, 1 always",
                            or_nan(coherence.npmi)});
  input.measures.push_back({"C_v",
                            "Coherence: how alike the company is that the topic's words keep "
                            "within 110 words of text, up to 1",
                            or_nan(coherence.cv)});
  input.facts = footer(model);
  input.provenance = provenance(model, input_json);
  return render_report(input, options, run);
}

}  // namespace topograph::cli

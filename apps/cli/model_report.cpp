#include "model_report.hpp"

#include <fmt/format.h>

#include "topograph/core/version.hpp"

namespace topograph::cli {

Result<std::string> model_report(const TopicModel& model, const TextColumn& texts,
                                 const TextColumn* titles, const ReportOptions& options,
                                 RunContext& run) {
  const DocumentTopics& documents = model.documents();
  if (documents.topics.size() != texts.size()) {
    return model_error(ErrorCode::schema, "documents.parquet",
                       fmt::format("expected {} documents as in the model, found {}",
                                   documents.topics.size(), texts.size()),
                       "the model folder is damaged; fit it again");
  }
  ReportInput input;
  input.layout = documents.positions.view();
  input.topics = documents.topics;
  input.probabilities = documents.probabilities;
  input.texts = &texts;
  input.titles = titles;
  input.is_placed = documents.is_placed;
  input.table = &model.topics();
  for (const TopicLayer& layer : model.layers())
    input.layers.push_back({layer.labels, layer.names});
  const FitFacts& facts = model.facts();
  input.facts = {{"documents", std::to_string(facts.n_documents)},
                 {"topics", std::to_string(facts.n_topics)},
                 {"without a topic", std::to_string(facts.n_outliers)},
                 {"empty", std::to_string(facts.n_empty)},
                 {"identical, folded", std::to_string(facts.n_duplicates)},
                 {"model", model.options().embed.model},
                 {"clusters", std::string(enum_name(model.options().cluster.method))},
                 {"made by", fmt::format("topograph {}", version())}};
  return render_report(input, options, run);
}

}  // namespace topograph::cli

#include "plot_kinds.hpp"

namespace topograph::cli {
namespace {

Result<Scene> plot_documents(PlotSource& source, const PlotOptions& options, RunContext& run) {
  constexpr std::size_t most_labels = 300;  // more than any figure has room for
  TG_TRY(const FigureTopics topics,
         choose_topics(source.model().topics(), source.places(), options.figure, 0, false));
  FigureOptions figure = options.figure;
  DocumentMapOptions map = options.documents;
  if (topics.topics.size() > most_labels) map.labels = MapLabels::none;
  const DocumentTopics& documents = source.model().documents();
  return document_map({documents.positions.view(), documents.topics, documents.is_placed}, topics,
                      map, figure, run);
}

Result<Scene> plot_barchart(PlotSource& source, const PlotOptions& options) {
  TG_TRY(const FigureTopics topics,
         choose_topics(source.model().topics(), source.places(), options.figure, 12));
  return topic_bars(topics, options.barchart, options.figure);
}

}  // namespace

Result<Scene> plot_scene(PlotKind kind, PlotSource& source, const PlotOptions& options,
                         RunContext& run) {
  switch (kind) {
    case PlotKind::documents: return plot_documents(source, options, run);
    case PlotKind::barchart: break;
  }
  return plot_barchart(source, options);
}

}  // namespace topograph::cli

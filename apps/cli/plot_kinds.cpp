#include "plot_kinds.hpp"

#include <algorithm>

#include "topograph/core/narrow.hpp"
#include "topograph/reduce/pca.hpp"

namespace topograph::cli {
namespace {

Result<Scene> plot_documents(const PlotRequest& request, const PlotSource& source,
                             RunContext& run) {
  TG_TRY(need_map(source.model()));
  TG_TRY(const FigureTopics topics, topics_of(request, source, 0, false));
  const DocumentTopics& documents = source.model().documents();
  return document_map({documents.positions.view(), documents.topics, documents.is_placed}, topics,
                      request.options.documents, request.options.figure, run);
}

Matrix<float> vectors_of(const FigureTopics& topics, const TopicModel& model) {
  const MatrixView<const float> all = model.topic_vectors();
  Matrix<float> vectors(topics.topics.size(), all.cols());
  for (std::size_t i = 0; i < topics.topics.size(); ++i) {
    std::ranges::copy(all.row(idx(topics.topics[i].id)), vectors.row(i).begin());
  }
  return vectors;
}

Result<std::vector<Point>> places_of(const FigureTopics& topics, TopicPlacing placing,
                                     const PlotSource& source, RunContext& run) {
  std::vector<Point> places(topics.topics.size());
  if (placing == TopicPlacing::map) {
    TG_TRY(need_map(source.model()));
    const TopicPlaces& known = source.places;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto found = std::ranges::lower_bound(known.ids, topics.topics[i].id);
      if (found != known.ids.end() && *found == topics.topics[i].id) {
        places[i] = known.places[idx(found - known.ids.begin())];
      }
    }
    return places;
  }
  const Matrix<float> vectors = vectors_of(topics, source.model());
  const std::size_t k = std::min<std::size_t>({2, vectors.rows(), vectors.cols()});
  TG_TRY(const Pca pca, fit_pca(vectors.view(), k, run));
  TG_TRY(const Matrix<float> scores, apply_pca(pca, vectors.view(), run));
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i] = {static_cast<double>(scores[i, 0]), k > 1 ? static_cast<double>(scores[i, 1]) : 0};
  }
  return places;
}

Result<Scene> plot_topics(const PlotRequest& request, const PlotSource& source, RunContext& run) {
  TG_TRY(const FigureTopics topics, topics_of(request, source, 100));
  TG_TRY(const auto places, places_of(topics, request.options.topics.places, source, run));
  return topic_bubbles(topics, places, request.options.topics, request.options.figure);
}

Result<Scene> plot_barchart(const PlotRequest& request, const PlotSource& source, RunContext& run) {
  TG_TRY(FigureTopics topics, topics_of(request, source, 12));
  TG_TRY(add_words(source, topics, idx(request.options.barchart.n_words), "none", run));
  return topic_bars(topics, request.options.barchart, request.options.figure);
}

Result<Scene> plot_word_cloud(const PlotRequest& request, const PlotSource& source,
                              RunContext& run) {
  TG_TRY(FigureTopics topics, topics_of(request, source, 12));
  const WordCloudOptions& options = request.options.wordcloud;
  TG_TRY(add_words(source, topics, idx(options.n_words), options.stop_words, run));
  return word_cloud(topics, options, request.options.figure, run);
}

Result<Scene> plot_term_rank(const PlotRequest& request, const PlotSource& source,
                             RunContext& run) {
  TG_TRY(FigureTopics topics, topics_of(request, source, 20));
  TG_TRY(add_counted_words(source, topics, idx(request.options.term_rank.n_ranks), run));
  return term_rank_lines(topics, request.options.term_rank, request.options.figure);
}

}  // namespace

Result<FigureTopics> topics_of(const PlotRequest& request, const PlotSource& source,
                               std::size_t usual_n, bool needs_topics) {
  return choose_topics(source.topics, source.places, request.options.figure, usual_n, needs_topics);
}

bool uses_column(const PlotRequest& request) {
  switch (request.kind) {
    case PlotKind::over_time:
    case PlotKind::per_class:
    case PlotKind::contingency: return true;
    case PlotKind::reductions: return request.options.reductions.supervised;
    default: return false;
  }
}

PlotReads reads_of(const PlotRequest& request) {
  return uses_column(request) || request.kind == PlotKind::distribution ? PlotReads::documents
                                                                        : PlotReads::model;
}

Result<Scene> plot_scene(const PlotRequest& request, const PlotSource& source, RunContext& run) {
  switch (request.kind) {
    case PlotKind::documents: return plot_documents(request, source, run);
    case PlotKind::topics: return plot_topics(request, source, run);
    case PlotKind::barchart: return plot_barchart(request, source, run);
    case PlotKind::wordcloud: return plot_word_cloud(request, source, run);
    case PlotKind::hierarchy: return plot_hierarchy(request, source, run);
    case PlotKind::heatmap: return plot_heatmap(request, source, run);
    case PlotKind::term_rank: return plot_term_rank(request, source, run);
    case PlotKind::over_time: return plot_over_time(request, source);
    case PlotKind::per_class:
    case PlotKind::contingency: return plot_classes(request, source);
    case PlotKind::distribution: return plot_distribution(request, source);
    case PlotKind::condensed_tree: return plot_condensed_tree(request, source);
    case PlotKind::reductions: break;
  }
  return plot_reductions(request, source, run);
}

}  // namespace topograph::cli

// Kind `reductions`: PCA, t-SNE and UMAP of the model's vectors side by side, or a sweep of UMAPs.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "plot_kinds.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/neighbors/supervise.hpp"
#include "topograph/plot/layout_panels.hpp"
#include "topograph/reduce/pca.hpp"
#include "topograph/reduce/tsne.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph::cli {
namespace {

/// The vectors that are laid out and what is known of them.
struct Sample {
  Matrix<float> vectors = {};
  std::vector<std::int32_t> topics = {};
  std::vector<std::size_t> points = {};
};

Result<Sample> draw_sample(const PlotSource& source, int size, std::uint64_t seed) {
  const MatrixView<const float> x = source.model().point_embeddings();
  if (x.empty()) {
    return model_error(ErrorCode::not_found, source.fitted.folder.string(),
                       "the model keeps no vectors to lay out",
                       "fit it with --keep-embeddings true");
  }
  const std::size_t n = size == 0 ? x.rows() : std::min(idx(size), x.rows());
  Sample sample{Matrix<float>(n, x.cols()), {}, {}};
  for (const std::int32_t point :
       sample_without_replacement(random_key(seed, "plot.reductions"), x.rows(), n)) {
    std::ranges::copy(x.row(idx(point)), sample.vectors.row(sample.topics.size()).begin());
    sample.topics.push_back(source.model().point_labels()[idx(point)]);
    sample.points.push_back(idx(point));
  }
  return sample;
}

Result<std::vector<int>> parse_sweep(const std::vector<std::string>& texts) {
  std::vector<int> numbers;
  for (const std::string& text : texts) {
    int value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size() || value < 2) {
      return option_error("reductions.n_neighbors",
                          fmt::format("expected numbers of 2 or more, found '{}'", text));
    }
    numbers.push_back(value);
  }
  return numbers;
}

/// Classes of the points: that of the first document of each.
Result<std::vector<std::int32_t>> point_classes(const PlotRequest& request,
                                                const PlotSource& source, const Sample& sample) {
  TG_TRY(const Column* column, plot_column(source, request.column, {"label", "class"}));
  const std::span<const std::int64_t> first_rows = source.model().point_rows();
  std::map<std::string, std::int32_t> numbers;
  std::vector<std::int32_t> classes;
  for (const std::size_t point : sample.points) {
    const std::string name = cell_text(*column, idx(first_rows[point]));
    const auto next = narrow<std::int32_t>(numbers.size());
    classes.push_back(name.empty() ? kUnknownLabel : numbers.try_emplace(name, next).first->second);
  }
  return classes;
}

}  // namespace

Result<Scene> plot_reductions(const PlotRequest& request, const PlotSource& source,
                              RunContext& run) {
  const ReductionsOptions& options = request.options.reductions;
  TG_TRY(const auto sweep, parse_sweep(options.n_neighbors));
  TG_TRY(const FigureTopics topics, topics_of(request, source, 24, false));
  TG_TRY(const Sample sample, draw_sample(source, options.sample, run.seed()));
  const MatrixView<const float> x = sample.vectors.view();
  const GraphOptions& graph = source.model().options().neighbors;
  UmapOptions umap_options{
      .n_neighbors = graph.n_neighbors, .metric = graph.metric, .min_dist = options.min_dist};
  std::vector<LayoutPanel> panels;
  for (const int n_neighbors : sweep) {
    umap_options.n_neighbors = n_neighbors;
    TG_TRY(auto result, umap(x, umap_options, run));
    panels.push_back({fmt::format("UMAP, {} neighbours", n_neighbors), std::move(result.coords)});
  }
  if (sweep.empty()) {
    TG_TRY(const Pca pca, fit_pca(x, PcaOptions{}, run));
    TG_TRY(auto scores, apply_pca(pca, x, run));
    panels.push_back({"PCA", std::move(scores)});
    TG_TRY(auto tsne_result,
           tsne(x, {.perplexity = options.perplexity, .metric = graph.metric}, run));
    panels.push_back({"t-SNE", std::move(tsne_result.coords)});
    TG_TRY(auto umap_result, umap(x, umap_options, run));
    panels.push_back({"UMAP", std::move(umap_result.coords)});
  }
  if (options.supervised) {
    TG_TRY(const auto classes, point_classes(request, source, sample));
    TG_TRY(auto result, umap(x, {.labels = classes}, umap_options, run));
    panels.push_back({"UMAP that knows the labels", std::move(result.coords)});
  }
  return layout_panels(topics, panels, sample.topics, options.columns, request.options.figure);
}

}  // namespace topograph::cli

#include "model/layouts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "topograph/cluster/unit_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/reduce/pca.hpp"
#include "topograph/reduce/tsne.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph {
namespace {

constexpr int kMostTsneColumns = 3;

bool is_projection(LayoutMethod method) {
  return method == LayoutMethod::pca || method == LayoutMethod::svd;
}

/// What projections look at.
Result<Matrix<float>> projected_rows(const FitOptions& options, MatrixView<const float> vectors,
                                     const Pca& axes, RunContext& run) {
  if (options.neighbors.metric != Metric::cosine) return apply_pca(axes, vectors, run);
  TG_TRY(const Matrix<float> unit, unit_rows(vectors, run));
  return apply_pca(axes, unit.view(), run);
}

Result<FittedLayout> fit_projection(const TopicModel::Data& data, const LayoutRequest& request,
                                    RunContext& run) {
  PcaOptions options = data.options.pca;
  options.n_components = request.n_components;
  MatrixView<const float> x = data.embeddings.view();
  Matrix<float> unit;
  if (data.options.neighbors.metric == Metric::cosine) {
    TG_TRY(unit, unit_rows(x, run));
    x = unit.view();
  }
  FittedLayout layout;
  TG_TRY(layout.axes,
         request.method == LayoutMethod::pca ? fit_pca(x, options, run) : fit_svd(x, options, run));
  TG_TRY(layout.coords, apply_pca(layout.axes, x, run));
  return layout;
}

Result<FittedLayout> fit_tsne(const TopicModel::Data& data, const LayoutRequest& request,
                              RunContext& run) {
  TsneOptions options = data.options.tsne;
  options.metric = data.options.neighbors.metric;
  options.n_components = request.n_components;
  TG_TRY(auto found, tsne(data.embeddings.view(), options, run, data.options.neighbors));
  FittedLayout layout;
  layout.coords = std::move(found.coords);
  return layout;
}

Matrix<float> copy_of(MatrixView<const float> rows) {
  Matrix<float> copy(rows.rows(), rows.cols());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    std::ranges::copy(rows.row(r), copy.row(r).begin());
  }
  return copy;
}

}  // namespace

LayoutRequest reduction_request(const FitOptions& options) {
  return {reduce_method(options), reduced_columns(options), &options.umap};
}

LayoutRequest map_request(const FitOptions& options) {
  return {options.map.method, 2, &options.map};
}

bool places_by_neighbors(LayoutMethod method) {
  return method == LayoutMethod::umap || method == LayoutMethod::tsne;
}

std::vector<Error> check_layout_options(const FitOptions& options) {
  std::vector<Error> problems;
  const auto add = [&](std::string message, const char* path, const char* hint = "") {
    problems.push_back(
        {ErrorCode::invalid_argument, std::move(message), path, hint, Subject::option});
  };
  const LayoutMethod method = reduce_method(options);
  const bool is_reduced = has_reduction(options);
  if (options.reduce.method && options.cluster.method == ClusterMethod::communities) {
    add("communities cluster the neighbour graph, nothing is reduced", "reduce.method",
        "leave it out, or choose another --cluster");
  } else if (options.reduce.method && options.cluster.input &&
             (*options.cluster.input == ClusterInput::reduced) == (method == LayoutMethod::none)) {
    add(fmt::format("{} contradicts cluster.input = {}", enum_name(method),
                    enum_name(*options.cluster.input)),
        "reduce.method", "leave one of them out");
  } else if (options.reduce.n_components && !is_reduced) {
    add("nothing is reduced before it is clustered", "reduce.n_components",
        "choose a --reduce method, or leave it out");
  }
  const int columns = reduced_columns(options);
  if (is_reduced && method == LayoutMethod::tsne && columns > kMostTsneColumns) {
    add(fmt::format("expected 1 to {} for tsne, found {}", kMostTsneColumns, columns),
        "reduce.n_components");
  }
  if (is_reduced && method == LayoutMethod::umap && columns > 256) {
    add(fmt::format("expected 1 to 256 for umap, found {}", columns), "reduce.n_components");
  }
  if (is_reduced && method == LayoutMethod::tsne && columns != 2 &&
      options.tsne.gradient == TsneGradient::fft) {
    add(fmt::format("expected barnes_hut or exact for {} components, found fft", columns),
        "tsne.gradient");
  }
  return problems;
}

Result<void> check_layout_width(const FitOptions& options, std::size_t dimension) {
  const auto columns = idx(reduced_columns(options));
  if (has_reduction(options) && is_projection(reduce_method(options)) && columns > dimension) {
    return option_error("reduce.n_components",
                        fmt::format("expected at most the {} columns of the vectors, found {}",
                                    dimension, columns));
  }
  if (is_projection(options.map.method) && dimension < 2) {
    return option_error("map.method", fmt::format("{} needs vectors of two columns or more",
                                                  enum_name(options.map.method)));
  }
  if (options.map.method == LayoutMethod::none && dimension != 2) {
    return option_error(
        "map.method",
        fmt::format("none takes the vectors as they are: expected 2 columns, found {}", dimension),
        "choose umap, tsne, pca or svd");
  }
  return {};
}

Result<FittedLayout> fit_layout(const TopicModel::Data& data, const LayoutRequest& request,
                                const FuzzyGraph& graph, RunContext& run) {
  switch (request.method) {
    case LayoutMethod::umap: break;
    case LayoutMethod::tsne: return fit_tsne(data, request, run);
    case LayoutMethod::pca:
    case LayoutMethod::svd: return fit_projection(data, request, run);
    case LayoutMethod::none: {
      FittedLayout layout;
      layout.coords = copy_of(data.embeddings.view());
      return layout;
    }
  }
  TG_TRY(auto found,
         umap(graph, data.embeddings.view(),
              layout_options(data.options.neighbors, *request.umap, request.n_components), run));
  for (std::string& warning : found.warnings) run.warn("umap: " + std::move(warning));
  FittedLayout layout;
  layout.coords = std::move(found.coords);
  layout.curve = found.curve;
  return layout;
}

Result<KnnGraph> nearest_points(const TopicModel::Data& data, MatrixView<const float> vectors,
                                std::size_t k, RunContext& run) {
  {
    const std::scoped_lock lock(data.search.mutex);
    if (!data.search.index) {
      TG_TRY(auto built,
             NeighborIndex::build(data.embeddings.view(), 1, data.options.neighbors.metric,
                                  data.options.neighbors, run));
      data.search.index.emplace(std::move(built));
    }
  }
  return data.search.index->query(vectors, std::min(k, data.embeddings.rows()), run);
}

Result<Matrix<float>> place_rows(const TopicModel::Data& data, const LayoutRequest& request,
                                 const FittedLayout& layout, MatrixView<const float> vectors,
                                 const KnnGraph& neighbors, RunContext& run) {
  switch (request.method) {
    case LayoutMethod::umap: break;
    case LayoutMethod::tsne: {
      const TsneTransformOptions options;
      TG_TRY(const KnnGraph near, nearest_points(data, vectors, idx(options.start_neighbors), run));
      return tsne_transform(near, layout.coords.view(), options, run);
    }
    case LayoutMethod::pca:
    case LayoutMethod::svd: return projected_rows(data.options, vectors, layout.axes, run);
    case LayoutMethod::none: return copy_of(vectors);
  }
  return umap_transform(neighbors, layout.coords.view(), layout.curve,
                        layout_options(data.options.neighbors, *request.umap, request.n_components),
                        run);
}

}  // namespace topograph

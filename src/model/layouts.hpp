#pragma once

#include "model/model_data.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph {

/// One of the two layouts of a model: what clusters are found in, or the map.
struct LayoutRequest {
  LayoutMethod method = LayoutMethod::umap;
  int n_components = 2;
  const MapOptions* umap = nullptr;
};
[[nodiscard]] LayoutRequest reduction_request(const FitOptions& options);
[[nodiscard]] LayoutRequest map_request(const FitOptions& options);

/// Problems of the options of both layouts, each with its path.
[[nodiscard]] std::vector<Error> check_layout_options(const FitOptions& options);

/// @error option subject: more components than the vectors have columns, or a map of vectors that
///        are not two columns wide. Cheap; for use before the vectors are made.
[[nodiscard]] Result<void> check_layout_width(const FitOptions& options, std::size_t dimension);

/// Lays out the vectors of the model. @param graph  Only read for umap.
[[nodiscard]] Result<FittedLayout> fit_layout(const TopicModel::Data& data,
                                              const LayoutRequest& request, const FuzzyGraph& graph,
                                              RunContext& run);

/// Makes the map of the vectors of the model, by a neighbour graph of their own where the method
/// needs one.
[[nodiscard]] Result<void> draw_map(TopicModel::Data& data, RunContext& run);

/// True when new rows are placed among their neighbours, else vectors alone are enough.
[[nodiscard]] bool places_by_neighbors(LayoutMethod method);

/// Places new vectors. @param neighbors  Of them among the model's; only read for umap.
[[nodiscard]] Result<Matrix<float>> place_rows(const TopicModel::Data& data,
                                               const LayoutRequest& request,
                                               const FittedLayout& layout,
                                               MatrixView<const float> vectors,
                                               const KnnGraph& neighbors, RunContext& run);

/// The k nearest points of the model, by an index that is kept and searches as the fit did. What it
/// finds does not depend on the run that happens to build it.
[[nodiscard]] Result<KnnGraph> nearest_points(const TopicModel::Data& data,
                                              MatrixView<const float> vectors, std::size_t k,
                                              RunContext& run);

}  // namespace topograph

#include "model/grow/place_batch.hpp"

#include "model/layouts.hpp"
#include "model/place.hpp"
#include "model/regroup.hpp"
#include "model/steer.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

Result<PlacedBatch> place_batch(const TopicModel::Data& data, const Matrix<float>& vectors,
                                RunContext& run) {
  PlacedBatch placed;
  placed.names.assign(vectors.rows(), -1);
  placed.positions = Matrix<float>(vectors.rows(), 2);
  placed.reduced = Matrix<float>(vectors.rows(), data.reduced.coords.cols());
  if (vectors.rows() == 0) return placed;
  const FitOptions& options = data.options;
  TG_TRY(placed.neighbors,
         nearest_points(data, vectors.view(), idx(options.neighbors.n_neighbors), run));
  TG_TRY(placed.found, predict_labels(data, placed.neighbors, vectors, run));
  TG_TRY(placed.names, match_new(data, vectors.view(), placed.found, run));
  placed.clusters = placed.found.labels;
  follow_regrouping(data, vectors.view(), placed.found);
  TG_TRY(placed.positions,
         place_rows(data, map_request(options), data.map, vectors.view(), placed.neighbors, run));
  if (!data.reduced.coords.empty()) {
    TG_TRY(placed.reduced, place_rows(data, reduction_request(options), data.reduced,
                                      vectors.view(), placed.neighbors, run));
  }
  return placed;
}

}  // namespace topograph

#include "topograph/model/options.hpp"

namespace topograph {

UmapOptions layout_options(const GraphOptions& graph, const MapOptions& map, int n_components) {
  return {.n_neighbors = graph.n_neighbors,
          .metric = graph.metric,
          .n_components = n_components,
          .min_dist = map.min_dist,
          .spread = map.spread,
          .n_epochs = map.n_epochs,
          .learning_rate = map.learning_rate,
          .init = map.init,
          .set_op_mix_ratio = graph.set_op_mix_ratio,
          .local_connectivity = graph.local_connectivity,
          .repulsion_strength = map.repulsion_strength,
          .negative_sample_rate = map.negative_sample_rate,
          .a = map.a,
          .b = map.b,
          .disconnection_distance = graph.disconnection_distance,
          .densmap = map.densmap,
          .dens_lambda = map.dens_lambda,
          .dens_frac = map.dens_frac,
          .dens_var_shift = map.dens_var_shift};
}

}  // namespace topograph

#include "topograph/model/options.hpp"

namespace topograph {

ClusterInput cluster_input(const FitOptions& options) {
  if (options.cluster.input) return *options.cluster.input;
  if (options.reduce.method) {
    return *options.reduce.method == LayoutMethod::none ? ClusterInput::embeddings
                                                        : ClusterInput::reduced;
  }
  const bool needs_layout = options.cluster.method == ClusterMethod::hdbscan ||
                            options.cluster.method == ClusterMethod::dbscan;
  return needs_layout ? ClusterInput::reduced : ClusterInput::embeddings;
}

LayoutMethod reduce_method(const FitOptions& options) {
  return options.reduce.method.value_or(LayoutMethod::umap);
}

int reduced_columns(const FitOptions& options) {
  constexpr int few = 5;  // as BERTopic falls back to where there is no UMAP
  if (options.reduce.n_components) return *options.reduce.n_components;
  if (reduce_method(options) == LayoutMethod::umap) return options.umap.n_components;
  return reduce_method(options) == LayoutMethod::tsne ? 2 : few;
}

bool has_reduction(const FitOptions& options) {
  return options.cluster.method != ClusterMethod::communities &&
         cluster_input(options) == ClusterInput::reduced;
}

bool needs_graph(const FitOptions& options) {
  return options.cluster.method == ClusterMethod::communities ||
         options.map.method == LayoutMethod::umap ||
         (has_reduction(options) && reduce_method(options) == LayoutMethod::umap);
}

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

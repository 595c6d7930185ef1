#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "topograph/cluster/agglomerative.hpp"
#include "topograph/cluster/communities.hpp"
#include "topograph/cluster/dbscan.hpp"
#include "topograph/cluster/gaussian_mixture.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/hdbscan_layers.hpp"
#include "topograph/cluster/kmeans.hpp"
#include "topograph/cluster/minibatch_kmeans.hpp"
#include "topograph/core/options.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/model/steering.hpp"
#include "topograph/neighbors/index.hpp"
#include "topograph/reduce/pca.hpp"
#include "topograph/reduce/tsne.hpp"
#include "topograph/reduce/umap.hpp"
#include "topograph/represent/represent_topics.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/topics/class_tfidf.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph {

enum class Duplicates : std::uint8_t { fold, keep };
template <>
struct EnumNames<Duplicates> {
  static constexpr std::array<std::string_view, 2> names{"fold", "keep"};
};

struct DocumentOptions {
  Duplicates duplicates = Duplicates::fold;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("duplicates", s.duplicates, any_value(),
      "fold: identical texts are one point with a weight and share a topic; keep: one point each.");
  }
};

/// The neighbour graph that clustering and both layouts share.
struct GraphOptions : NeighborOptions {
  int n_neighbors = 15;
  Metric metric = Metric::cosine;
  float set_op_mix_ratio = 1.0F;
  float local_connectivity = 1.0F;
  std::optional<float> disconnection_distance = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_neighbors", s.n_neighbors, at_least(2),
      "Size of each neighbourhood, the document itself included; larger gives broader topics.");
    v("metric", s.metric, any_value(), "Distance between embeddings.");
    v("set_op_mix_ratio", s.set_op_mix_ratio, between(0, 1),
      "1: union of the neighbourhoods, 0: intersection.");
    v("local_connectivity", s.local_connectivity, at_least(0),
      "Neighbours assumed connected at full weight.");
    v("disconnection_distance", s.disconnection_distance, above(0),
      "Documents this far apart or farther are no neighbours (unset: 2 for cosine, else no "
      "limit).");
    NeighborOptions::visit(s, v);
  }
};

/// How vectors become a layout: `umap` of the neighbour graph, `tsne`, or projections of the
/// vectors (of unit length for the cosine metric).
enum class LayoutMethod : std::uint8_t { umap, tsne, pca, svd, none };
template <>
struct EnumNames<LayoutMethod> {
  static constexpr std::array<std::string_view, 5> names{"umap", "tsne", "pca", "svd", "none"};
};

/// Options of UMAP on the neighbour graph.
struct MapOptions {
  float min_dist = 0.1F;
  float spread = 1.0F;
  std::optional<int> n_epochs = {};
  float learning_rate = 1.0F;
  UmapInit init = UmapInit::spectral;
  float repulsion_strength = 1.0F;
  int negative_sample_rate = 5;
  std::optional<float> a = {};
  std::optional<float> b = {};
  bool densmap = false;
  float dens_lambda = 2.0F;
  float dens_frac = 0.3F;
  float dens_var_shift = 0.1F;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("min_dist", s.min_dist, at_least(0), "Closest packing of the layout, at most `spread`.");
    v("spread", s.spread, above(0), "Scale of the layout.");
    v("n_epochs", s.n_epochs, at_least(0),
      "Passes over the edges (unset: 500 up to 10 000 documents, 200 above; 200 more for "
      "densmap).");
    v("learning_rate", s.learning_rate, above(0), "First step size; it falls linearly to 0.");
    v("init", s.init, any_value(), "Where the points start.");
    v("repulsion_strength", s.repulsion_strength, at_least(0), "Weight of the negative samples.");
    v("negative_sample_rate", s.negative_sample_rate, between(0, 64),
      "Negative samples per positive one.");
    v("a", s.a, above(0), "Curve parameter (unset: fitted from min_dist and spread).");
    v("b", s.b, above(0), "Curve parameter (unset: fitted from min_dist and spread).");
    v("densmap", s.densmap, any_value(),
      "Dense parts of the data shall be dense in the layout, too (densMAP).");
    v("dens_lambda", s.dens_lambda, at_least(0), "Weight of densMAP's term.");
    v("dens_frac", s.dens_frac, between(0, 1),
      "Share of the epochs, the last ones, in which densMAP's term counts.");
    v("dens_var_shift", s.dens_var_shift, at_least(0),
      "Added to the variance of the layout's radii, for stability.");
  }
};

/// The 2-D map.
struct PlaneOptions : MapOptions {
  LayoutMethod method = LayoutMethod::umap;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("method", s.method, any_value(),
      "umap: by the options below; tsne and pca: by those groups; svd: as pca, about the origin; "
      "none: the vectors themselves, which must have two columns.");
    MapOptions::visit(s, v);
  }
};

/// The rows that clusters are found in, when they are not the vectors.
struct ReductionOptions {
  std::optional<LayoutMethod> method = {};
  std::optional<int> n_components = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("method", s.method, any_value(),
      "How vectors are reduced before they are clustered: umap, tsne, pca, svd (pca about the "
      "origin), none (unset: umap where `cluster.input` is reduced).");
    v("n_components", s.n_components, between(1, 4096),
      "Columns of that (unset: umap.n_components for umap, 2 for tsne, else 5).", "components");
  }
};

/// The part of an algorithm's options that does not depend on what is laid out.
template <class Options>
struct OfLayout : Options {
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    Options::visit_layout(s, v);
  }
};

/// UMAP layouts that clusters are found in.
struct ReduceOptions : MapOptions {
  int n_components = 5;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_components", s.n_components, between(1, 256), "Dimensions of the layout.");
    MapOptions::visit(s, v);
  }
};

enum class ClusterMethod : std::uint8_t {
  communities,
  hdbscan,
  kmeans,
  minibatch,
  gmm,
  agglomerative,
  dbscan,
  given
};
template <>
struct EnumNames<ClusterMethod> {
  static constexpr std::array<std::string_view, 8> names{
      "communities", "hdbscan", "kmeans", "minibatch", "gmm", "agglomerative", "dbscan", "given"};
};

/// What a method sees: vectors (of unit length for the cosine metric), or what `reduce` makes of
/// them.
enum class ClusterInput : std::uint8_t { embeddings, reduced };
template <>
struct EnumNames<ClusterInput> {
  static constexpr std::array<std::string_view, 2> names{"embeddings", "reduced"};
};

struct ClusterOptions {
  ClusterMethod method = ClusterMethod::communities;
  std::optional<int> n_clusters = {};
  std::pair<int, int> n_clusters_range = {2, 20};
  std::optional<ClusterInput> input = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("method", s.method, any_value(),
      "communities: Leiden on the neighbour graph; hdbscan: UMAP, then density clusters; kmeans, "
      "minibatch, gmm (Gaussian mixture), agglomerative, dbscan; given: the labels of --label.");
    v("n_clusters", s.n_clusters, at_least(1),
      "Clusters of kmeans, minibatch, gmm and agglomerative (unset: the best of "
      "`n_clusters_range` by silhouette, for gmm by BIC).");
    v("n_clusters_range", s.n_clusters_range, at_least(1),
      "Least and largest number of clusters that are tried when `n_clusters` is unset.");
    v("input", s.input, any_value(),
      "embeddings: the vectors, of unit length for the cosine metric; reduced: what reduce.method "
      "makes of them (unset: reduced when that is set, and for hdbscan and dbscan; else "
      "embeddings; "
      "communities sees the neighbour graph).");
  }
};

/// Options of a method whose number of clusters comes from `cluster.n_clusters`.
template <class Options>
struct WithoutNumber : Options {
  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    Options::visit_search(s, v);
  }
};

struct StoreOptions {
  bool keep_embeddings = true;
  int memberships = 0;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("keep_embeddings", s.keep_embeddings, any_value(),
      "Store the vectors in the model; without them `transform` falls back to topic centroids.");
    v("memberships", s.memberships, at_least(0),
      "Likeliest topics kept for every document, with the probability of each (with "
      "cluster.method communities or hdbscan); 0: none.");
  }
};

/// Every option of every stage of `fit`.
struct FitOptions {
  EmbedOptions embed = {};
  DocumentOptions documents = {};
  GraphOptions neighbors = {};
  TargetOptions target = {};
  GuidedOptions guided = {};
  ZeroshotOptions zeroshot = {};
  ClusterOptions cluster = {};
  CommunitiesOptions communities = {};
  ReductionOptions reduce = {};
  ReduceOptions umap = {MapOptions{.min_dist = 0.0F}, 5};
  OfLayout<TsneOptions> tsne = {};
  OfLayout<PcaOptions> pca = {};
  HdbscanOptions hdbscan = {.min_cluster_size = 10};
  HdbscanLayerOptions layers = {};
  WithoutNumber<KMeansOptions> kmeans = {};
  WithoutNumber<MinibatchKMeansOptions> minibatch = {};
  WithoutNumber<GaussianMixtureOptions> gmm = {};
  WithoutNumber<AgglomerativeOptions> agglomerative = {};
  DbscanOptions dbscan = {};
  CountOptions words = {};
  ClassTfidfOptions ctfidf = {};
  TopicOptions topics = {};
  RepresentOptions represent = {};
  MmrOptions mmr = {};
  KeybertOptions keybert = {};
  PosOptions pos = {};
  PlaneOptions map = {};
  StoreOptions store = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("embed", s.embed);
    v("documents", s.documents);
    v("neighbors", s.neighbors);
    v("target", s.target);
    v("guided", s.guided);
    v("zeroshot", s.zeroshot);
    v("cluster", s.cluster);
    v("communities", s.communities);
    v("reduce", s.reduce);
    v("umap", s.umap);
    v("tsne", s.tsne);
    v("pca", s.pca);
    v("hdbscan", s.hdbscan);
    v("layers", s.layers);
    v("kmeans", s.kmeans);
    v("minibatch", s.minibatch);
    v("gmm", s.gmm);
    v("agglomerative", s.agglomerative);
    v("dbscan", s.dbscan);
    v("words", s.words);
    v("ctfidf", s.ctfidf);
    v("topics", s.topics);
    v("represent", s.represent);
    v("mmr", s.mmr);
    v("keybert", s.keybert);
    v("pos", s.pos);
    v("map", s.map);
    v("store", s.store);
  }
};

/// What the clustering method sees: the options, or the method's own default. Communities see
/// neither.
[[nodiscard]] ClusterInput cluster_input(const FitOptions& options);
/// How it is reduced when it is reduced, and to how many columns.
[[nodiscard]] LayoutMethod reduce_method(const FitOptions& options);
[[nodiscard]] int reduced_columns(const FitOptions& options);
/// True when clusters are found in what `reduce_method` makes.
[[nodiscard]] bool has_reduction(const FitOptions& options);
/// True when communities or a UMAP layout need the neighbour graph.
[[nodiscard]] bool needs_graph(const FitOptions& options);

/// The UMAP options of a layout over a ready graph.
[[nodiscard]] UmapOptions layout_options(const GraphOptions& graph, const MapOptions& map,
                                         int n_components);

}  // namespace topograph

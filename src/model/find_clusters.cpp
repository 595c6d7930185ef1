#include "model/find_clusters.hpp"

#include "model/regroup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "model/layouts.hpp"
#include "topograph/cluster/given_labels.hpp"
#include "topograph/cluster/hdbscan_layers.hpp"
#include "topograph/cluster/hdbscan_memberships.hpp"
#include "topograph/cluster/unit_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/row_source.hpp"
#include "topograph/evaluate/separation.hpp"

namespace topograph {
namespace {

constexpr std::size_t kSilhouetteSample = 2000;

struct Found {
  Clustering clusters = {};
  Matrix<float> centers = {};
  std::optional<GaussianMixture> mixture = {};
  double score = 0;  ///< For the choice of the number of clusters; higher is better.
};

Found around_centers(Clustering&& clusters, Matrix<float>&& centers) {
  Found found;
  found.clusters = std::move(clusters);
  found.centers = std::move(centers);
  return found;
}

bool is_unit_length(const FitOptions& options) {
  return cluster_input(options) == ClusterInput::embeddings &&
         options.neighbors.metric == Metric::cosine;
}

/// Merged topics need all clusters before the likeliest can be chosen.
int kept_memberships(const TopicModel::Data& data) {
  return data.cluster_labels.empty() ? narrow<int>(data.memberships.k()) : number_of_clusters(data);
}

/// One clustering with k clusters.
class Attempt {
 public:
  Attempt(const FitOptions& options, MatrixView<const float> x,
          std::span<const std::int32_t> weights)
      : options_(options), x_(x), weights_(weights) {}

  /// What does not depend on k: the tree of merges.
  Result<void> prepare(RunContext& run) {
    if (options_.cluster.method != ClusterMethod::agglomerative) return {};
    TG_TRY(linkage_, linkage_tree(x_, weights_, options_.agglomerative.linkage, run));
    return {};
  }

  [[nodiscard]] Linkage take_linkage() && { return std::move(linkage_); }

  Result<Found> make(int k, RunContext& run) const {
    switch (options_.cluster.method) {
      case ClusterMethod::kmeans: {
        KMeansOptions options = options_.kmeans;
        options.n_clusters = k;
        TG_TRY(auto found, kmeans(x_, weights_, {}, options, run));
        if (!found.has_converged) warn_unconverged("kmeans", run);
        return around_centers(std::move(found.clusters), std::move(found.centers));
      }
      case ClusterMethod::minibatch: {
        MinibatchKMeansOptions options = options_.minibatch;
        options.n_clusters = k;
        TG_TRY(auto found, minibatch_kmeans(MatrixRows(x_), weights_, options, run));
        return around_centers(std::move(found.clusters), std::move(found.centers));
      }
      case ClusterMethod::gmm: {
        GaussianMixtureOptions options = options_.gmm;
        options.n_components = k;
        TG_TRY(auto found, gaussian_mixture(x_, weights_, {}, options, run));
        if (!found.has_converged) warn_unconverged("gmm", run);
        return Found{std::move(found.clusters), {}, std::move(found.mixture), -found.bic};
      }
      default: break;
    }
    TG_TRY(auto found, given_labels(x_, weights_, cut_linkage(linkage_, idx(k)), run));
    return around_centers(std::move(found.clusters), std::move(found.centers));
  }

  /// The linkage cut at `distance_threshold`.
  Result<Found> cut_at_height(RunContext& run) const {
    const auto& heights = linkage_.height;
    const auto first =
        std::ranges::lower_bound(heights, *options_.agglomerative.distance_threshold);
    return make(narrow<int>(1 + (heights.end() - first)), run);
  }

 private:
  static void warn_unconverged(const char* method, RunContext& run) {
    run.warn(fmt::format("cluster: {0} stopped at {0}.max_iter before it settled", method));
  }

  const FitOptions& options_;
  MatrixView<const float> x_;
  std::span<const std::int32_t> weights_;
  Linkage linkage_ = {};
};

/// Tries every number of the range; the best one is kept (ties: the smallest).
Result<Found> choose_number(const TopicModel::Data& data, const Attempt& attempt,
                            MatrixView<const float> x, ClusterNumber& number, RunContext& run) {
  const bool is_mixture = data.options.cluster.method == ClusterMethod::gmm;
  number.criterion = is_mixture ? "bic" : "silhouette";
  const auto [low, high] = data.options.cluster.n_clusters_range;
  const int last = std::min(high, std::max(low, narrow<int>(x.rows()) - 1));
  std::optional<Found> best;
  for (int k = low; k <= last; ++k) {
    TG_TRY(Found found, attempt.make(k, run));
    if (found.clusters.n_clusters < k && best) break;  // no more different points
    if (!is_mixture) {
      found.score = -1;  // one cluster separates nothing
      if (found.clusters.n_clusters > 1) {
        // A sample may hold one cluster only; that separates nothing either.
        const auto score =
            silhouette(x, found.clusters.labels, Metric::euclidean, kSilhouetteSample, run);
        if (score) found.score = *score;
        if (run.stop_requested()) return cancelled();
      }
    }
    number.curve.push_back({k, is_mixture ? -found.score : found.score});
    if (best && !(found.score > best->score)) continue;
    best = std::move(found);
    number.chosen = k;
  }
  return *std::move(best);
}

Result<void> find_numbered(TopicModel::Data& data, MatrixView<const float> x, RunContext& run) {
  const FitOptions& options = data.options;
  Attempt attempt(options, x, data.points.weights);
  TG_TRY(attempt.prepare(run));
  Found found;
  if (options.cluster.method == ClusterMethod::agglomerative &&
      options.agglomerative.distance_threshold) {
    TG_TRY(found, attempt.cut_at_height(run));
  } else if (options.cluster.n_clusters) {
    const int k = *options.cluster.n_clusters;
    TG_TRY(found, attempt.make(k, run));
    if (found.clusters.n_clusters < k) {
      run.warn(fmt::format("cluster: {} clusters were asked for, {} have documents", k,
                           found.clusters.n_clusters));
    }
  } else {
    TG_TRY(found, choose_number(data, attempt, x, data.cluster_number, run));
  }
  data.clusters = std::move(found.clusters);
  data.cluster_centers = std::move(found.centers);
  data.mixture = std::move(found.mixture);
  if (options.cluster.method == ClusterMethod::agglomerative) {
    data.linkage = std::move(attempt).take_linkage();
  }
  return {};
}

/// The topics and the resolutions beside them, coarsest first.
Result<void> add_layers(TopicModel::Data& data, const HdbscanResult& found, RunContext& run) {
  const HdbscanOptions& options = data.options.hdbscan;
  TG_TRY(auto layers,
         hdbscan_layers(found, data.points.weights, options, data.options.layers, run));
  std::vector<CommunityLayer>& out = data.point_layers;
  out.push_back({.n_clusters = found.clusters.n_clusters, .labels = found.clusters.labels});
  for (HdbscanLayer& layer : layers) {
    const double resolution =
        static_cast<double>(options.min_cluster_size) / layer.min_cluster_size;
    out.push_back({.resolution = resolution,
                   .n_clusters = layer.clusters.n_clusters,
                   .labels = std::move(layer.clusters.labels)});
  }
  std::erase_if(out, [](const CommunityLayer& layer) { return layer.n_clusters == 0; });
  std::ranges::stable_sort(out, {}, &CommunityLayer::n_clusters);
  const auto is_repeated = [](const CommunityLayer& a, const CommunityLayer& b) {
    return a.labels == b.labels;
  };
  out.erase(std::unique(out.begin(), out.end(), is_repeated), out.end());
  return {};
}

/// The label that most of the identical documents have (ties: the earlier one's); -1 when none has
/// one.
std::vector<std::int32_t> fold_given(const Points& points, std::span<const std::int32_t> labels,
                                     RunContext& run) {
  struct Votes {
    std::int32_t label = -1;
    std::size_t n = 0;
  };
  std::vector<std::vector<Votes>> votes(points.size());
  for (std::size_t d = 0; d < labels.size(); ++d) {
    if (points.of_document[d] < 0 || labels[d] < 0) continue;
    auto& of_point = votes[idx(points.of_document[d])];
    const auto found = std::ranges::find(of_point, labels[d], &Votes::label);
    if (found == of_point.end()) {
      of_point.push_back({labels[d], 1});
    } else {
      ++found->n;
    }
  }
  std::vector<std::int32_t> folded;
  std::size_t n_torn = 0;
  for (const auto& of_point : votes) {
    const auto most = std::ranges::max_element(of_point, {}, &Votes::n);
    folded.push_back(most == of_point.end() ? -1 : most->label);
    if (of_point.size() > 1) ++n_torn;
  }
  if (n_torn > 0) {
    run.warn(
        fmt::format("cluster: {} texts occur with different labels; each has the label that "
                    "most of its copies have (--duplicates keep: each copy its own)",
                    n_torn));
  }
  return folded;
}

Result<void> take_given(TopicModel::Data& data, MatrixView<const float> x,
                        std::span<const std::int32_t> labels, RunContext& run) {
  const std::vector<std::int32_t> of_point = fold_given(data.points, labels, run);
  TG_TRY(auto found, given_labels(x, data.points.weights, of_point, run));
  data.clusters = std::move(found.clusters);
  data.cluster_centers = std::move(found.centers);
  return {};
}

/// What the clusters were found in, for methods that look at it again.
Result<MatrixView<const float>> training_rows(const TopicModel::Data& data, Matrix<float>& unit,
                                              RunContext& run) {
  if (has_reduction(data.options)) return data.reduced.coords.view();
  if (!is_unit_length(data.options)) return data.embeddings.view();
  TG_TRY(unit, unit_rows(data.embeddings.view(), run));
  return unit.view();
}

}  // namespace

bool has_number_of_clusters(ClusterMethod method) {
  return method == ClusterMethod::kmeans || method == ClusterMethod::minibatch ||
         method == ClusterMethod::gmm || method == ClusterMethod::agglomerative;
}

Result<void> find_clusters(TopicModel::Data& data, std::span<const std::int32_t> labels,
                           RunContext& run) {
  const FitOptions& options = data.options;
  const ClusterMethod method = options.cluster.method;
  const Stage stage(run, method == ClusterMethod::hdbscan ? "hdbscan" : "cluster");
  Matrix<float> unit;
  TG_TRY(const auto x, training_rows(data, unit, run));
  switch (method) {
    case ClusterMethod::hdbscan: {
      TG_TRY(auto found, hdbscan(x, data.points.weights, options.hdbscan, run));
      if (options.store.memberships > 0) {
        TG_TRY(data.memberships,
               hdbscan_memberships(found, x, options.store.memberships, options.hdbscan, run));
      }
      TG_TRY(add_layers(data, found, run));
      data.clusters = found.clusters;
      data.hdbscan = std::move(found);
      return {};
    }
    case ClusterMethod::dbscan: {
      TG_TRY(auto found, dbscan(x, data.points.weights, options.dbscan, run));
      data.clusters = std::move(found.clusters);
      data.is_core = std::move(found.is_core);
      return {};
    }
    case ClusterMethod::given: return take_given(data, x, labels, run);
    default: return find_numbered(data, x, run);
  }
}

Result<PredictedClusters> predict_clusters(const TopicModel::Data& data,
                                           MatrixView<const float> rows, RunContext& run) {
  const FitOptions& options = data.options;
  Matrix<float> unit;
  if (is_unit_length(options)) {
    TG_TRY(unit, unit_rows(rows, run));
    rows = unit.view();
  }
  Matrix<float> unit_training;
  if (data.hdbscan) {
    TG_TRY(const auto training, training_rows(data, unit_training, run));
    TG_TRY(auto found, hdbscan_predict(*data.hdbscan, training, rows, options.hdbscan, run));
    PredictedClusters out{std::move(found.labels), std::move(found.strength), {}};
    if (data.memberships.k() > 0) {
      TG_TRY(out.memberships,
             hdbscan_predict_memberships(*data.hdbscan, training, rows, kept_memberships(data),
                                         options.hdbscan, run));
    }
    return out;
  }
  if (data.mixture) {
    TG_TRY(auto found, predict_mixture(*data.mixture, rows, run));
    return PredictedClusters{std::move(found.labels), std::move(found.strength), {}};
  }
  if (options.cluster.method == ClusterMethod::dbscan) {
    Clustering clusters = data.clusters;
    if (!data.cluster_labels.empty()) clusters.labels = data.cluster_labels;
    TG_TRY(const auto training, training_rows(data, unit_training, run));
    const DbscanResult fitted{std::move(clusters), data.is_core};
    TG_TRY(auto found,
           dbscan_predict(fitted, training, data.points.weights, rows, options.dbscan, run));
    return PredictedClusters{std::move(found.labels), std::move(found.strength), {}};
  }
  if (data.cluster_centers.empty()) {  // every given label was none
    return PredictedClusters{
        std::vector<std::int32_t>(rows.rows(), kNoise), std::vector<float>(rows.rows(), 0.0F), {}};
  }
  const bool is_spherical =
      (options.cluster.method == ClusterMethod::kmeans && options.kmeans.spherical) ||
      (options.cluster.method == ClusterMethod::minibatch && options.minibatch.spherical);
  TG_TRY(auto found, predict_centers(data.cluster_centers.view(), rows, is_spherical, run));
  return PredictedClusters{std::move(found.labels), std::move(found.strength), {}};
}

bool remembers_vectors(const TopicModel::Data& data) {
  const bool has_centers = data.mixture.has_value() || !data.cluster_centers.empty();
  if (!has_reduction(data.options)) return has_centers;
  const bool has_clusters = has_centers || data.hdbscan.has_value() || !data.is_core.empty();
  return has_clusters && !places_by_neighbors(reduce_method(data.options));
}

}  // namespace topograph

// Kinds made of trees: hierarchy, heatmap (ordered by one) and HDBSCAN's condensed tree.
#include <algorithm>
#include <string>
#include <vector>

#include "plot_kinds.hpp"
#include "topograph/cluster/agglomerative.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::cli {
namespace {

/// Merges of the topics by their mean vectors of unit length.
Result<Linkage> merge_topics(MatrixView<const float> vectors, LinkageMethod method,
                             RunContext& run) {
  if (vectors.rows() == 1) return Linkage{};
  const std::vector<std::int32_t> weights(vectors.rows(), 1);
  return linkage_tree(vectors, weights, method, run);
}

/// What an HDBSCAN model keeps of its tree.
struct FittedTree {
  CondensedTree tree = {};
  std::vector<std::int32_t> selected = {};
};

/// A damaged file must not send the figure out of its arrays.
bool is_whole(const FittedTree& fitted) {
  const CondensedTree& tree = fitted.tree;
  const std::size_t n = tree.parent.size();
  if (tree.child.size() != n || tree.lambda.size() != n || tree.child_size.size() != n)
    return false;
  std::int32_t last = tree.n_points;
  for (std::size_t i = 0; i < n; ++i) {
    if (tree.parent[i] < tree.n_points || tree.child[i] < 0) return false;
    if (tree.child[i] >= tree.n_points && tree.child[i] <= tree.parent[i]) return false;
    last = std::max(last, tree.child[i]);
  }
  const auto is_cluster = [&](std::int32_t id) { return id >= tree.n_points && id <= last; };
  return std::ranges::all_of(tree.parent, is_cluster) &&
         std::ranges::all_of(fitted.selected, is_cluster);
}

Result<FittedTree> read_tree(const PlotSource& source) {
  const auto file = source.folder() / "arrays.safetensors";
  TG_TRY(const ArrayFile arrays, ArrayFile::open(file));
  if (!arrays.contains("hdbscan.condensed.parent")) {
    return model_error(ErrorCode::not_found, file.string(),
                       "the model has no condensed tree: its topics are not from HDBSCAN",
                       "fit it with --cluster hdbscan");
  }
  FittedTree fitted;
  TG_TRY(fitted.tree.parent, arrays.int32s("hdbscan.condensed.parent"));
  TG_TRY(fitted.tree.child, arrays.int32s("hdbscan.condensed.child"));
  TG_TRY(fitted.tree.lambda, arrays.doubles("hdbscan.condensed.lambda"));
  TG_TRY(fitted.tree.child_size, arrays.int64s("hdbscan.condensed.child_size"));
  TG_TRY(fitted.selected, arrays.int32s("hdbscan.selected"));
  TG_TRY(const auto core_distances, arrays.doubles("hdbscan.core_distances"));
  fitted.tree.n_points = narrow<std::int32_t>(core_distances.size());
  if (fitted.tree.parent.empty() || !is_whole(fitted)) {
    return model_error(ErrorCode::schema, file.string(), "the condensed tree does not agree",
                       "the model folder is damaged; fit it again");
  }
  return fitted;
}

}  // namespace

Result<Scene> plot_hierarchy(const PlotRequest& request, const PlotSource& source,
                             RunContext& run) {
  TG_TRY(const FigureTopics topics, topics_of(request, source, 100));
  TG_TRY(const Matrix<float> vectors, source.topic_vectors(topics, run));
  const LinkageMethod method = request.options.hierarchy.linkage;
  TG_TRY(const Linkage linkage, merge_topics(vectors.view(), method, run));
  const std::string axis =
      "distance of topics (mean vectors, " + std::string(enum_name(method)) + " linkage)";
  return topic_tree(topics, linkage, axis, request.options.hierarchy, request.options.figure);
}

Result<Scene> plot_heatmap(const PlotRequest& request, const PlotSource& source, RunContext& run) {
  constexpr int most = 250;
  TG_TRY(const FigureTopics topics, topics_of(request, source, 60));
  if (topics.topics.size() > most) {
    return option_error("figure.n_topics", "a heatmap has room for 250 topics, found " +
                                               std::to_string(topics.topics.size()));
  }
  TG_TRY(const Matrix<float> vectors, source.topic_vectors(topics, run));
  TG_TRY(const Linkage linkage, merge_topics(vectors.view(), LinkageMethod::average, run));
  Matrix<float> similarity(vectors.rows(), vectors.rows());
  for (std::size_t i = 0; i < vectors.rows(); ++i) {
    for (std::size_t j = 0; j < vectors.rows(); ++j) {
      double sum = 0;
      for (std::size_t c = 0; c < vectors.cols(); ++c) {
        sum += static_cast<double>(vectors[i, c]) * static_cast<double>(vectors[j, c]);
      }
      similarity[i, j] = static_cast<float>(sum);
    }
  }
  return similarity_heatmap(topics, similarity.view(), linkage, request.options.heatmap,
                            request.options.figure);
}

Result<Scene> plot_condensed_tree(const PlotRequest& request, const PlotSource& source) {
  TG_TRY(const FittedTree fitted, read_tree(source));
  TG_TRY(const FigureTopics topics, topics_of(request, source, 0, false));
  return condensed_tree_figure(topics, fitted.tree, fitted.selected, request.options.condensed_tree,
                               request.options.figure);
}

}  // namespace topograph::cli

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/cluster/agglomerative.hpp"
#include "topograph/core/options.hpp"
#include "topograph/plot/condensed_tree_figure.hpp"
#include "topograph/plot/document_map.hpp"
#include "topograph/plot/figure_options.hpp"
#include "topograph/plot/matrix_figure.hpp"
#include "topograph/plot/share_bars.hpp"
#include "topograph/plot/topic_bars.hpp"
#include "topograph/plot/topic_bubbles.hpp"
#include "topograph/plot/topic_lines.hpp"
#include "topograph/plot/topic_tree.hpp"
#include "topograph/plot/word_cloud.hpp"
#include "topograph/topics/time_slices.hpp"

namespace topograph {

enum class PlotKind : std::uint8_t {
  documents,
  topics,
  barchart,
  wordcloud,
  hierarchy,
  heatmap,
  term_rank,
  over_time,
  per_class,
  contingency,
  distribution,
  condensed_tree,
  reductions
};
template <>
struct EnumNames<PlotKind> {
  static constexpr std::array<std::string_view, 13> names{
      "documents",    "topics",         "barchart",  "wordcloud", "hierarchy",
      "heatmap",      "term-rank",      "over-time", "per-class", "contingency",
      "distribution", "condensed-tree", "reductions"};
};

/// Where the intertopic map puts topics.
enum class TopicPlacing : std::uint8_t { map, pca };
template <>
struct EnumNames<TopicPlacing> {
  static constexpr std::array<std::string_view, 2> names{"map", "pca"};
};

/// What topics are compared by.
enum class TopicBasis : std::uint8_t { words, vectors };
template <>
struct EnumNames<TopicBasis> {
  static constexpr std::array<std::string_view, 2> names{"words", "vectors"};
};

namespace cli {

struct TopicsKindOptions : TopicBubbleOptions {
  TopicPlacing places = TopicPlacing::map;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("places", s.places, any_value(),
      "map: the middle of each topic's documents on the map; pca: the two main components of the "
      "topics' mean vectors.");
    TopicBubbleOptions::visit(s, v);
  }
};

struct HierarchyKindOptions : TopicTreeOptions {
  TopicBasis by = TopicBasis::words;
  LinkageMethod linkage = LinkageMethod::ward;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("by", s.by, any_value(),
      "What is compared: words (class TF-IDF) or the topics' mean vectors, as `hierarchy "
      "--by-vectors` does.");
    v("linkage", s.linkage, any_value(), "How the distance of two groups of topics is measured.");
    TopicTreeOptions::visit(s, v);
  }
};

struct OverTimeKindOptions : OverTimeOptions {
  std::optional<TimeUnit> every = {};
  std::optional<int> n_bins = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("every", s.every, any_value(),
      "Calendar units that time is cut into, of UTC (unset: the shortest that make at most 60 "
      "points).");
    v("n_bins", s.n_bins, between(1, 10000), "Spans of equal length instead.");
    OverTimeOptions::visit(s, v);
  }
};

struct ReductionsOptions {
  std::vector<std::string> n_neighbors = {};
  bool supervised = false;
  int sample = 2000;
  float min_dist = 0.1F;
  float perplexity = 30;
  std::optional<int> columns = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("n_neighbors", s.n_neighbors, any_value(),
      "A sweep: one UMAP for each of these numbers (empty: PCA, t-SNE and UMAP side by side).");
    v("supervised", s.supervised, any_value(),
      "One more panel: UMAP that knows the labels of --column or of the fit.");
    v("sample", s.sample, at_least(0),
      "Documents that are laid out, drawn by the seed; 0: all, which takes longer.");
    v("min_dist", s.min_dist, at_least(0), "Closest packing of the UMAP panels.");
    v("perplexity", s.perplexity, at_least(1), "Effective neighbours of the t-SNE panel.");
    v("columns", s.columns, at_least(1), "Panels side by side (unset: up to four).");
  }
};

/// Options of all kinds: `figure` for every one, then a group for each that has its own. A group
/// has the name of its kind, with _ for -.
struct PlotOptions {
  FigureOptions figure = {};
  DocumentMapOptions documents = {};
  TopicsKindOptions topics = {};
  BarchartOptions barchart = {};
  WordCloudOptions wordcloud = {};
  HierarchyKindOptions hierarchy = {};
  HeatmapOptions heatmap = {};
  TermRankOptions term_rank = {};
  OverTimeKindOptions over_time = {};
  PerClassOptions per_class = {};
  ContingencyOptions contingency = {};
  DistributionOptions distribution = {};
  CondensedTreeOptions condensed_tree = {};
  ReductionsOptions reductions = {};

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("figure", s.figure);
    v("documents", s.documents);
    v("topics", s.topics);
    v("barchart", s.barchart);
    v("wordcloud", s.wordcloud);
    v("hierarchy", s.hierarchy);
    v("heatmap", s.heatmap);
    v("term_rank", s.term_rank);
    v("over_time", s.over_time);
    v("per_class", s.per_class);
    v("contingency", s.contingency);
    v("distribution", s.distribution);
    v("condensed_tree", s.condensed_tree);
    v("reductions", s.reductions);
  }
};

}  // namespace cli
}  // namespace topograph

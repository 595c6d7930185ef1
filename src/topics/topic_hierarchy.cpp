#include "topograph/topics/topic_hierarchy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "topograph/cluster/agglomerative.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/topics/topic_sums.hpp"

namespace topograph {
namespace {

constexpr std::size_t kWordsInName = 5;

std::string joined(const std::vector<TopicWord>& words) {
  std::string name;
  for (std::size_t i = 0; i < std::min(words.size(), kWordsInName); ++i) {
    if (i > 0) name += "_";
    name += words[i].term;
  }
  return name;
}

struct Node {
  Csr<double> counts = {};  ///< One row; given up once the parent is made.
  std::vector<std::int32_t> topics = {};
  std::int64_t n_documents = 0;
};

class TreePrinter {
 public:
  TreePrinter(const TopicHierarchy& hierarchy, const TopicTable& topics, double max_distance)
      : hierarchy_(hierarchy), topics_(topics), max_distance_(max_distance) {}

  std::string print() {
    text_ = ".\n";
    if (!hierarchy_.merges.empty()) {
      add_children(hierarchy_.merges.back(), "");
    } else if (topics_.find(0) != nullptr) {
      add_node(0, "", true, 0);
    }
    return std::move(text_);
  }

 private:
  void add_children(const TopicMerge& merge, const std::string& indent) {
    add_node(merge.left, indent, false, merge.distance);
    add_node(merge.right, indent, true, merge.distance);
  }

  void add_node(std::int32_t id, const std::string& indent, bool is_last, double distance) {
    text_ += indent + (is_last ? "└─" : "├─");
    const auto n = narrow<std::int32_t>(hierarchy_.merges.size() + 1);
    if (id < n) {
      const Topic* topic = topics_.find(id);
      text_ += distance < max_distance_ && topic != nullptr
                   ? fmt::format("■──{} ── Topic: {}\n", joined(topic->words), id)
                   : std::string("O \n");
      return;
    }
    const TopicMerge& merge = hierarchy_.merges[idx(id - n)];
    text_ += merge.name() + "\n";
    add_children(merge, indent + (is_last ? "     " : "│    "));
  }

  const TopicHierarchy& hierarchy_;
  const TopicTable& topics_;
  double max_distance_;
  std::string text_ = {};
};

}  // namespace

std::string TopicMerge::name() const { return joined(words); }

Result<TopicHierarchy> topic_hierarchy(std::vector<double> distances,
                                       const TopicDescription& description,
                                       const ClassTfidfOptions& tfidf, std::size_t n_words,
                                       RunContext& run) {
  const CsrView<double> counts = description.counts.counts.view();
  const std::size_t first = description.has_outliers ? 1 : 0;
  const std::size_t n = counts.rows() - first;
  TG_EXPECTS(distances.size() == n * (n - std::min<std::size_t>(n, 1)) / 2);
  TopicHierarchy out;
  TG_TRY(out.linkage, linkage_of_distances(std::move(distances), n, LinkageMethod::ward, run));
  std::vector<Node> nodes(n);
  for (std::size_t t = 0; t < n; ++t) {
    const Topic* topic = description.table.find(narrow<std::int32_t>(t));
    nodes[t] = {
        row_of(counts, t + first), {narrow<std::int32_t>(t)}, topic == nullptr ? 0 : topic->count};
  }
  const Linkage& linkage = out.linkage;
  for (std::size_t i = 0; i < linkage.left.size(); ++i) {
    if (run.stop_requested()) return cancelled();
    Node& left = nodes[idx(linkage.left[i])];
    Node& right = nodes[idx(linkage.right[i])];
    Node parent;
    parent.counts = sum_of(left.counts.view(), right.counts.view());
    std::ranges::merge(left.topics, right.topics, std::back_inserter(parent.topics));
    parent.n_documents = left.n_documents + right.n_documents;
    left.counts = right.counts = {};
    const Csr<double> weights = class_tfidf(parent.counts.view(), description.idf, tfidf);
    out.merges.push_back({narrow<std::int32_t>(n + i), linkage.left[i], linkage.right[i],
                          linkage.height[i], parent.topics, parent.n_documents,
                          top_words(weights.view(), 0, description.counts.vocabulary, n_words)});
    nodes.push_back(std::move(parent));
  }
  return out;
}

std::string tree_text(const TopicHierarchy& hierarchy, const TopicTable& topics,
                      std::optional<double> max_distance) {
  return TreePrinter(hierarchy, topics,
                     max_distance.value_or(std::numeric_limits<double>::infinity()))
      .print();
}

std::vector<std::int32_t> cut_hierarchy(const TopicHierarchy& hierarchy, std::size_t n_groups) {
  return cut_linkage(hierarchy.linkage, n_groups);
}

std::vector<std::int32_t> cut_hierarchy_at(const TopicHierarchy& hierarchy, double distance) {
  const auto& heights = hierarchy.linkage.height;
  const auto above = heights.end() - std::ranges::lower_bound(heights, distance);
  return cut_linkage(hierarchy.linkage, 1 + static_cast<std::size_t>(above));
}

}  // namespace topograph

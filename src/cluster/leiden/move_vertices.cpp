// Gain of putting vertex v of weight k, taken out of its community, into community c:
//   w(v, c) - resolution * k * W_c        (0 for an empty community)
#include "cluster/leiden/move_vertices.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <span>
#include <tuple>
#include <utility>

#include "cluster/leiden/neighbor_sums.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::int32_t kEmpty = -1;
/// Graphs up to this size are moved vertex by vertex: there is too little work to share.
constexpr std::size_t kSerialVertices = 4096;
/// Share of the vertices decided together; small enough that few neighbours meet in a batch.
constexpr std::size_t kBatches = 96;
constexpr std::size_t kLargestBatch = 16384;
constexpr std::size_t kGrain = 256;
/// Vertices whose rows are fetched ahead.
constexpr std::size_t kAhead = 4;
constexpr std::size_t kCacheLine = 64;
/// After this many rounds every move is checked exactly, so that each one raises the score and the
/// rounds come to an end.
constexpr int kLooseRounds = 3;
/// Weights are float32: a smaller gain, relative to the weights it is the difference of, is noise.
constexpr double kLeastRelativeGain = 1e-7;

struct Move {
  std::int32_t vertex = 0;
  std::int32_t target = kEmpty;
  double own_weight = 0;  ///< Edge weight to the own community and to the target.
  double target_weight = 0;
};

class VertexMover {
 public:
  VertexMover(const WeightedGraph& graph, double resolution, std::vector<std::int32_t>& labels,
              RunContext& run)
      : graph_(graph),
        resolution_(resolution),
        labels_(labels),
        run_(run),
        weight_of_(labels.size(), 0.0),
        size_of_(labels.size(), 0),
        touched_(labels.size(), 0),
        is_active_(labels.size(), 1),
        sums_(idx(run.threads()), NeighborSums(labels.size())) {
    for (std::size_t v = 0; v < labels.size(); ++v) {
      weight_of_[idx(labels[v])] += graph.vertex_weights[v];
      ++size_of_[idx(labels[v])];
    }
    for (std::size_t c = labels.size(); c-- > 0;) {
      if (size_of_[c] == 0) empty_.push_back(narrow<std::int32_t>(c));
    }
  }

  Result<bool> run_rounds(RandomKey key) {
    const std::vector<std::int32_t> order = random_permutation(key, labels_.size());
    std::vector<std::int32_t> active = order;
    bool has_moved = false;
    for (int round = 0; !active.empty(); ++round) {
      is_exact_ = round >= kLooseRounds;
      TG_TRY(const bool moved, run_round(active));
      has_moved = has_moved || moved;
      active.clear();
      for (const std::int32_t v : order) {
        if (is_active_[idx(v)] != 0) active.push_back(v);
      }
    }
    return has_moved;
  }

 private:
  Result<bool> run_round(std::span<const std::int32_t> active) {
    const std::size_t n = labels_.size();
    const std::size_t batch =
        n <= kSerialVertices ? 1 : std::clamp(n / kBatches, kGrain, kLargestBatch);
    bool has_moved = false;
    for (std::size_t begin = 0; begin < active.size(); begin += batch) {
      const auto vertices = active.subspan(begin, std::min(batch, active.size() - begin));
      if (batch == 1) {
        if (begin % kGrain == 0 && run_.stop_requested()) return cancelled();
        has_moved = move_one(idx(vertices[0])) || has_moved;
      } else {
        TG_TRY(const bool moved, move_batch(vertices));
        has_moved = has_moved || moved;
      }
    }
    return has_moved;
  }

  bool move_one(std::size_t v) {
    is_active_[v] = 0;
    const Move move = decide(v, sums_[0]);
    if (move.target == labels_[v]) return false;
    apply(move);
    activate_neighbors(v);
    return true;
  }

  Result<bool> move_batch(std::span<const std::int32_t> vertices) {
    std::vector<std::vector<Move>> found(block_count(vertices.size(), kGrain));
    TG_TRY(parallel_blocks(run_, vertices.size(), kGrain, [&](const Block& block) {
      for (std::size_t i = block.begin; i < block.end; ++i) {
        if (i + kAhead < block.end) prefetch_row(idx(vertices[i + kAhead]));
        const std::size_t v = idx(vertices[i]);
        is_active_[v] = 0;
        const Move move = decide(v, sums_[block.worker]);
        if (move.target != labels_[v]) found[block.index].push_back(move);
      }
    }));
    const std::vector<std::int32_t> moved = apply_all(found, vertices.size());
    TG_TRY(parallel_blocks(run_, moved.size(), kGrain, [&](const Block& block) {
      for (std::size_t i = block.begin; i < block.end; ++i) activate_neighbors(idx(moved[i]));
    }));
    return !moved.empty();
  }

  /// Rows are visited in a random order; the processor cannot guess the next one.
  void prefetch_row(std::size_t v) const {
    const std::size_t begin = graph_.edges.begin(v);
    for (std::size_t e = begin; e < graph_.edges.end(v); e += kCacheLine / sizeof(float)) {
      __builtin_prefetch(graph_.edges.columns.data() + e);
      __builtin_prefetch(graph_.edges.values.data() + e);
    }
  }

  [[nodiscard]] Move decide(std::size_t v, NeighborSums& sums) const {
    const auto columns = graph_.edges.row_columns(v);
    const auto values = graph_.edges.row_values(v);
    sums.clear();
    for (std::size_t e = 0; e < columns.size(); ++e) {
      sums.add(labels_[idx(columns[e])], static_cast<double>(values[e]));
    }
    const std::int32_t own = labels_[v];
    const double scaled = resolution_ * graph_.vertex_weights[v];
    const double own_weight = sums.weight_of(own);
    const double stay = own_weight - scaled * (weight_of_[idx(own)] - graph_.vertex_weights[v]);
    Move best{narrow<std::int32_t>(v), own, own_weight, own_weight};
    double best_gain = stay;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const std::int32_t label = sums.label(i);
      if (label == own) continue;
      const double gain = sums.weight(i) - scaled * weight_of_[idx(label)];
      const bool is_better =
          gain > best_gain || (gain == best_gain && best.target != own && label < best.target);
      if (!is_better) continue;
      best.target = label;
      best.target_weight = sums.weight(i);
      best_gain = gain;
    }
    if (best_gain < 0 && size_of_[idx(own)] > 1) {
      best.target = kEmpty;
      best.target_weight = 0;
      best_gain = 0;
    }
    if (best_gain - stay <= least_gain(best)) best.target = own;
    return best;
  }

  [[nodiscard]] static double least_gain(const Move& move) {
    return kLeastRelativeGain * (move.own_weight + move.target_weight);
  }

  /// Applies the moves of a batch in order; those that no longer help wait for the next round.
  [[nodiscard]] std::vector<std::int32_t> apply_all(std::span<const std::vector<Move>> found,
                                                    std::size_t n_decided) {
    std::size_t n_found = 0;
    for (const auto& moves : found) n_found += moves.size();
    // Where most vertices move, most moves meet: checking weights is what pays then.
    const bool is_exact = is_exact_ || 4 * n_found <= n_decided;
    ++stamp_;
    std::vector<std::int32_t> moved;
    moved.reserve(n_found);
    for (const auto& moves : found) {
      for (Move move : moves) {
        if (still_helps(move, is_exact)) {
          apply(move);
          moved.push_back(move.vertex);
        } else {
          is_active_[idx(move.vertex)] = 1;
        }
      }
    }
    return moved;
  }

  [[nodiscard]] bool still_helps(Move& move, bool is_exact) const {
    const std::size_t v = idx(move.vertex);
    const std::int32_t own = labels_[v];
    const bool is_new = move.target == kEmpty;
    if (!is_new && size_of_[idx(move.target)] == 0) return false;
    const bool is_touched =
        touched_[idx(own)] == stamp_ || (!is_new && touched_[idx(move.target)] == stamp_);
    if (!is_touched) return true;
    if (is_exact) {
      move.own_weight = 0;
      move.target_weight = 0;
      const auto columns = graph_.edges.row_columns(v);
      const auto values = graph_.edges.row_values(v);
      for (std::size_t e = 0; e < columns.size(); ++e) {
        const std::int32_t label = labels_[idx(columns[e])];
        if (label == own) move.own_weight += static_cast<double>(values[e]);
        if (label == move.target) move.target_weight += static_cast<double>(values[e]);
      }
    }
    const double weight = graph_.vertex_weights[v];
    const double stay = move.own_weight - resolution_ * weight * (weight_of_[idx(own)] - weight);
    const double go =
        is_new ? 0 : move.target_weight - resolution_ * weight * weight_of_[idx(move.target)];
    return go - stay > least_gain(move);
  }

  void apply(const Move& move) {
    const std::size_t v = idx(move.vertex);
    const std::size_t from = idx(labels_[v]);
    std::size_t to = 0;
    if (move.target == kEmpty) {
      to = idx(empty_.back());
      empty_.pop_back();
    } else {
      to = idx(move.target);
    }
    weight_of_[from] -= graph_.vertex_weights[v];
    weight_of_[to] += graph_.vertex_weights[v];
    ++size_of_[to];
    if (--size_of_[from] == 0) {
      weight_of_[from] = 0;
      empty_.push_back(narrow<std::int32_t>(from));
    }
    touched_[from] = stamp_;
    touched_[to] = stamp_;
    labels_[v] = narrow<std::int32_t>(to);
  }

  /// Neighbours outside the new community may want to follow. Several movers may set one flag.
  void activate_neighbors(std::size_t v) {
    for (const std::int32_t u : graph_.edges.row_columns(v)) {
      if (labels_[idx(u)] == labels_[v]) continue;
      std::atomic_ref(is_active_[idx(u)]).store(1, std::memory_order_relaxed);
    }
  }

  const WeightedGraph& graph_;
  double resolution_;
  std::vector<std::int32_t>& labels_;
  RunContext& run_;
  std::vector<double> weight_of_;
  std::vector<std::int32_t> size_of_;
  std::vector<std::uint32_t> touched_;  ///< Last batch that changed the community.
  std::vector<std::uint8_t> is_active_;
  std::vector<std::int32_t> empty_ = {};
  std::vector<NeighborSums> sums_;
  std::uint32_t stamp_ = 0;
  bool is_exact_ = false;
};

}  // namespace

Result<bool> move_vertices(const WeightedGraph& graph, double resolution, RandomKey key,
                           std::vector<std::int32_t>& labels, RunContext& run) {
  TG_EXPECTS(labels.size() == graph.n_vertices());
  return VertexMover(graph, resolution, labels, run).run_rounds(key);
}

}  // namespace topograph::detail

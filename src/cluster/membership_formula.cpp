#include "cluster/membership_formula.hpp"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

// The peer's guard against a division by zero, kept for its own formulas only: it is not small
// where distances are large.
constexpr double kGuard = 1e-8;
// By how much the label leads after a row was moved: visible in float32.
constexpr double kLead = 1e-6;
constexpr double kContains = -1;

double sum_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

/// 1 / distance, normalised. At distance 0 the peer takes DBL_MAX / k: all of the row, in shares.
void near_exemplars(std::span<double> distances) {
  for (double& d : distances) {
    d = d != 0 ? 1 / d : DBL_MAX / static_cast<double>(distances.size());
  }
  const double sum = sum_of(distances);
  for (double& d : distances) d /= sum;
}

void softmax(std::span<double> values) {
  const double most = *std::max_element(values.begin(), values.end());
  for (double& value : values) value = std::exp(value - most);
  const double sum = sum_of(values);
  for (double& value : values) value /= sum;
}

}  // namespace

MembershipFormula::MembershipFormula(const FittedTree& fitted, bool compat)
    : fitted_(fitted), compat_(compat) {
  const double most = fitted.below.empty() ? 0.0 : fitted.below.front();
  if (most > 0) densest_ = most;
}

double MembershipFormula::finite(double lambda) const {
  return compat_ || std::isfinite(lambda) ? lambda : densest_;
}

std::size_t MembershipFormula::nearest_label(std::span<const double> merges) const {
  std::size_t best = 0;
  for (std::size_t j = 1; j < merges.size(); ++j) {
    const bool is_first = fitted_.cluster_of[j] < fitted_.cluster_of[best];
    if (merges[j] > merges[best] || (merges[j] == merges[best] && is_first)) best = j;
  }
  return best;
}

void MembershipFormula::merge_lambdas(std::int32_t cluster, std::span<double> out) const {
  // Top down: what hangs on the way from the root to the cluster parts at its own birth.
  const ClusterTree& tree = fitted_.clusters;
  std::vector<double> merge(tree.n_clusters(), kContains);
  std::vector<char> is_above(tree.n_clusters(), 0);
  for (std::int32_t c = cluster; c >= 0; c = tree.parent[idx(c)]) is_above[idx(c)] = 1;
  for (std::size_t c = 1; c < merge.size(); ++c) {
    if (is_above[c] != 0) continue;
    const std::size_t parent = idx(tree.parent[c]);
    const bool parts_here = is_above[parent] != 0 && idx(cluster) != parent;
    merge[c] = parts_here ? finite(tree.birth[c]) : merge[parent];
  }
  for (std::size_t label = 0; label < out.size(); ++label) {
    out[label] = merge[idx(fitted_.cluster_of[label])];
  }
}

void MembershipFormula::row(std::int32_t cluster, double lambda, std::span<double> merges,
                            std::span<double> distances, std::span<double> out) const {
  lambda = finite(lambda);
  for (double& merge : merges) merge = merge < 0 ? lambda : merge;
  const std::size_t best = nearest_label(merges);
  const double most = finite(fitted_.densest[idx(fitted_.cluster_of[best])]);
  const double in_some = merges[best] / std::max(most, lambda);
  const double own = finite(fitted_.densest[idx(cluster)]) + (compat_ ? kGuard : 0);
  for (double& merge : merges) merge = std::exp(-(own / merge));
  softmax(merges);
  near_exemplars(distances);
  for (std::size_t j = 0; j < out.size(); ++j) out[j] = distances[j] * merges[j];
  const double sum = sum_of(out);
  for (double& value : out) value = value / sum * in_some;
}

void MembershipFormula::new_point_row(std::int32_t cluster, double lambda, std::span<double> merges,
                                      std::span<double> distances, std::span<double> out) const {
  for (double& merge : merges) merge = merge < 0 ? lambda : merge;
  const std::size_t best = nearest_label(merges);
  const double most = fitted_.densest[idx(fitted_.cluster_of[best])];
  const double in_some = merges[best] / (std::max(lambda, most) + kGuard);
  const double own = fitted_.densest[idx(cluster)];
  for (double& merge : merges) {
    // The peer passes the point's lambda on as a float here.
    const double height = merge == lambda ? static_cast<double>(static_cast<float>(lambda)) : merge;
    const double rest = own - height;
    merge = own / (rest <= 0 ? kGuard : rest);
  }
  softmax(merges);
  near_exemplars(distances);
  for (std::size_t j = 0; j < out.size(); ++j) {
    out[j] = std::sqrt(distances[j]) * merges[j] * merges[j];
  }
  const double sum = sum_of(out);
  for (double& value : out) value = value / sum * in_some;
}

void agree_with_label(std::span<double> row, std::int32_t label) {
  const double noise = std::max(0.0, 1 - sum_of(row));
  double others = label >= 0 ? noise : 0.0;
  for (std::size_t j = 0; j < row.size(); ++j) {
    if (narrow<std::int32_t>(j) != label) others = std::max(others, row[j]);
  }
  const double own = label >= 0 ? row[idx(label)] : noise;
  if (own >= others + kLead) return;
  // (1 - t) own + t = (1 - t) others + lead.
  const double t = std::min(1.0, (others - own + kLead) / (1 + others - own));
  for (double& value : row) value *= 1 - t;
  if (label >= 0) row[idx(label)] += t;
}

}  // namespace topograph::detail

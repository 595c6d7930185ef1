#include "model/grow/grow_memberships.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "model/regroup.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Row of `from` with a share that moves to `topic`, one column longer.
void copy_row(const Memberships& from, std::size_t from_row, std::int32_t topic, float share,
              Memberships& to, std::size_t to_row) {
  const std::size_t k = from.k();
  for (std::size_t j = 0; j < k; ++j) {
    to.clusters[to_row, j] = from.clusters[from_row, j];
    to.values[to_row, j] = (1 - share) * from.values[from_row, j];
  }
  to.clusters[to_row, k] = topic;
  to.values[to_row, k] = share;
  to.noise[to_row] = (1 - share) * from.noise[from_row];
}

}  // namespace

Memberships grown_memberships(const TopicModel::Data& data, const PlacedBatch& placed,
                              const GrownPoints& grown) {
  const std::size_t k = data.memberships.k();
  if (k == 0) return {};
  const std::size_t n_old = data.points.size();
  const std::size_t n = grown.labels.size();
  Memberships rows{Matrix<std::int32_t>(n, k + 1), Matrix<float>(n, k + 1),
                   std::vector<float>(n, 0.0F)};
  for (std::size_t p = 0; p < n; ++p) {
    const bool is_opened = grown.labels[p] >= data.clusters.n_clusters;
    const std::int32_t topic = is_opened ? grown.labels[p] : std::max(grown.labels[p], 0);
    const float share = is_opened ? grown.strength[p] : 0.0F;
    const bool is_old = p < n_old;
    copy_row(is_old ? data.memberships : placed.found.memberships, is_old ? p : p - n_old, topic,
             share, rows, p);
  }
  std::vector<std::int32_t> same(idx(grown.n_topics));
  std::iota(same.begin(), same.end(), 0);
  return grouped_memberships(rows, same, same.size(), idx(data.options.store.memberships),
                             grown.labels, data.options.hdbscan.compat);
}

}  // namespace topograph

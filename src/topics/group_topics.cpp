#include "topograph/topics/group_topics.hpp"

#include <string>
#include <utility>

#include "topograph/cluster/agglomerative.hpp"
#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/unit_rows.hpp"

namespace topograph {

Result<std::vector<std::int32_t>> group_topics(std::vector<double> distances, std::size_t n,
                                               std::size_t n_groups, RunContext& run) {
  if (n_groups < 1 || n_groups > n) {
    return option_error("number of topics", "expected 1 to " + std::to_string(n) +
                                                ", the topics there are, found " +
                                                std::to_string(n_groups));
  }
  TG_TRY(const Linkage linkage,
         linkage_of_distances(std::move(distances), n, LinkageMethod::average, run));
  return cut_linkage(linkage, n_groups);
}

Result<std::vector<std::int32_t>> group_topics_by_density(MatrixView<const float> vectors,
                                                          RunContext& run) {
  std::vector<std::int32_t> groups(vectors.rows(), kNoise);
  std::int32_t next = 0;
  if (vectors.rows() > 2) {
    TG_TRY(const Matrix<float> unit, unit_rows(vectors, run));
    TG_TRY(auto found, hdbscan(unit.view(), {}, {.min_cluster_size = 2}, run));
    groups = std::move(found.clusters.labels);
    next = found.clusters.n_clusters;
  }
  for (std::int32_t& group : groups) {
    if (group < 0) group = next++;
  }
  return groups;
}

}  // namespace topograph

#include <algorithm>
#include <cmath>
#include <string>

#include "evaluate/cluster_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/evaluate/separation.hpp"

namespace topograph {
namespace {

/// Mean of a cluster, and its rows' distances and squared distances to it.
struct ClusterSpread {
  std::vector<double> mean = {};
  double size = 0;
  double mean_distance = 0;
  double squares = 0;
};

double squared_gap(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t t = 0; t < a.size(); ++t) sum += (a[t] - b[t]) * (a[t] - b[t]);
  return sum;
}

ClusterSpread spread_of(MatrixView<const float> x, const std::vector<std::int32_t>& rows) {
  ClusterSpread spread{std::vector<double>(x.cols(), 0.0), static_cast<double>(rows.size())};
  for (const std::int32_t row : rows) {
    for (std::size_t t = 0; t < x.cols(); ++t) {
      spread.mean[t] += static_cast<double>(x[idx(row), t]);
    }
  }
  for (double& value : spread.mean) value /= spread.size;
  for (const std::int32_t row : rows) {
    double squared = 0;
    for (std::size_t t = 0; t < x.cols(); ++t) {
      const double gap = static_cast<double>(x[idx(row), t]) - spread.mean[t];
      squared += gap * gap;
    }
    spread.squares += squared;
    spread.mean_distance += std::sqrt(squared) / spread.size;
  }
  return spread;
}

double davies_bouldin(const std::vector<ClusterSpread>& spreads) {
  double sum = 0;
  for (const ClusterSpread& own : spreads) {
    double worst = 0;
    for (const ClusterSpread& other : spreads) {
      if (&own == &other) continue;
      const double between = std::sqrt(squared_gap(own.mean, other.mean));
      if (between == 0) continue;  // as the peer: means that coincide say nothing
      worst = std::max(worst, (own.mean_distance + other.mean_distance) / between);
    }
    sum += worst;
  }
  return sum / static_cast<double>(spreads.size());
}

double calinski_harabasz(const std::vector<ClusterSpread>& spreads, std::size_t d) {
  std::vector<double> mean(d, 0.0);
  double n = 0;
  for (const ClusterSpread& spread : spreads) {
    for (std::size_t t = 0; t < d; ++t) mean[t] += spread.size * spread.mean[t];
    n += spread.size;
  }
  for (double& value : mean) value /= n;
  double between = 0;
  double within = 0;
  for (const ClusterSpread& spread : spreads) {
    between += spread.size * squared_gap(spread.mean, mean);
    within += spread.squares;
  }
  const auto k = static_cast<double>(spreads.size());
  return within == 0 ? 1 : between * (n - k) / (within * (k - 1));
}

}  // namespace

Result<CenterScores> center_scores(MatrixView<const float> x, std::span<const std::int32_t> labels,
                                   RunContext& run) {
  TG_TRY(const auto clusters, detail::rows_of_clusters(x, labels, "center scores", run));
  std::size_t n = 0;
  for (const auto& rows : clusters) n += rows.size();
  if (clusters.size() == n) {
    return input_error(
        ErrorCode::invalid_argument, "center scores",
        "expected fewer clusters than rows, found " + std::to_string(n) + " of both");
  }
  std::vector<ClusterSpread> spreads(clusters.size());
  TG_TRY(parallel_blocks(run, clusters.size(), 1, [&](const Block& block) {
    spreads[block.begin] = spread_of(x, clusters[block.begin]);
  }));
  return CenterScores{davies_bouldin(spreads), calinski_harabasz(spreads, x.cols())};
}

}  // namespace topograph

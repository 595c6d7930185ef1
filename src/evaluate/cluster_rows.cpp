#include "evaluate/cluster_rows.hpp"

#include <map>
#include <string>

#include "topograph/core/finite_rows.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

Result<ClusterRows> rows_of_clusters(MatrixView<const float> x,
                                     std::span<const std::int32_t> labels, std::string_view what,
                                     RunContext& run) {
  if (labels.size() != x.rows()) {
    return input_error(
        ErrorCode::invalid_argument, std::string(what),
        "expected " + std::to_string(x.rows()) + " labels, found " + std::to_string(labels.size()));
  }
  TG_TRY(check_finite_rows(x, {}, run));
  std::map<std::int32_t, std::vector<std::int32_t>> by_label;
  for (std::size_t row = 0; row < x.rows(); ++row) {
    if (labels[row] >= 0) by_label[labels[row]].push_back(narrow<std::int32_t>(row));
  }
  if (by_label.size() < 2) {
    return input_error(ErrorCode::invalid_argument, std::string(what),
                       "expected at least 2 clusters, found " + std::to_string(by_label.size()));
  }
  ClusterRows clusters;
  for (auto& [label, rows] : by_label) clusters.push_back(std::move(rows));
  return clusters;
}

}  // namespace topograph::detail

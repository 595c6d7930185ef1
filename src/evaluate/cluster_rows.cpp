#include "evaluate/cluster_rows.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {

Result<ClusterRows> rows_of_clusters(MatrixView<const float> x,
                                     std::span<const std::int32_t> labels, std::string_view what) {
  if (labels.size() != x.rows()) {
    return input_error(
        ErrorCode::invalid_argument, std::string(what),
        "expected " + std::to_string(x.rows()) + " labels, found " + std::to_string(labels.size()));
  }
  std::map<std::int32_t, std::vector<std::int32_t>> by_label;
  for (std::size_t row = 0; row < x.rows(); ++row) {
    if (!std::ranges::all_of(x.row(row), [](float value) { return std::isfinite(value); })) {
      return input_error(ErrorCode::invalid_argument, "row " + std::to_string(row),
                         "expected finite values", "were all documents embedded?");
    }
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

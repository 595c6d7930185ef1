#include "model/point_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/supervise.hpp"

namespace topograph {
namespace {

Result<void> check(const UmapTargets& targets, std::size_t n_documents) {
  if (!targets.labels.empty() && !targets.values.empty()) {
    return input_error(ErrorCode::invalid_argument, "targets",
                       "expected labels or values, found both");
  }
  const std::size_t found = std::max(targets.labels.size(), targets.values.rows());
  if (found == 0 || found == n_documents) return {};
  return input_error(
      ErrorCode::invalid_argument, "targets",
      fmt::format("expected {}, one for each document, found {}", n_documents, found));
}

Result<std::vector<std::int32_t>> fold_labels(const Points& points,
                                              std::span<const std::int32_t> labels) {
  std::vector<std::int32_t> folded(points.size(), kUnknownLabel);
  std::vector<std::uint8_t> disagrees(points.size(), 0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < kUnknownLabel) {
      return input_error(ErrorCode::invalid_argument, fmt::format("row {}", i),
                         fmt::format("expected a label of at least -1, found {}", labels[i]));
    }
    if (points.of_document[i] < 0 || labels[i] == kUnknownLabel) continue;
    const std::size_t point = idx(points.of_document[i]);
    if (folded[point] != kUnknownLabel && folded[point] != labels[i]) disagrees[point] = 1;
    folded[point] = labels[i];
  }
  for (std::size_t p = 0; p < folded.size(); ++p) {
    if (disagrees[p] != 0) folded[p] = kUnknownLabel;
  }
  return folded;
}

Result<Matrix<float>> mean_values(const Points& points, MatrixView<const float> values) {
  const std::size_t n_columns = values.cols();
  std::vector<double> sums(points.size() * n_columns, 0.0);
  for (std::size_t i = 0; i < values.rows(); ++i) {
    for (std::size_t c = 0; c < n_columns; ++c) {
      const float value = values.row(i)[c];
      if (!std::isfinite(value)) {
        return input_error(ErrorCode::invalid_argument, fmt::format("row {}", i),
                           fmt::format("expected a finite target, found {}", value));
      }
      if (points.of_document[i] < 0) continue;
      sums[idx(points.of_document[i]) * n_columns + c] += static_cast<double>(value);
    }
  }
  Matrix<float> means(points.size(), n_columns);
  for (std::size_t p = 0; p < points.size(); ++p) {
    for (std::size_t c = 0; c < n_columns; ++c) {
      means[p, c] =
          static_cast<float>(sums[p * n_columns + c] / static_cast<double>(points.weights[p]));
    }
  }
  return means;
}

}  // namespace

Result<PointTargets> point_targets(const Points& points, const UmapTargets& targets) {
  TG_TRY(check(targets, points.of_document.size()));
  PointTargets folded;
  if (!targets.labels.empty()) {
    TG_TRY(folded.labels, fold_labels(points, targets.labels));
  } else if (!targets.values.empty()) {
    TG_TRY(folded.values, mean_values(points, targets.values));
  }
  return folded;
}

}  // namespace topograph

#include "reduce/fold_rows.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <span>
#include <string>

#include "topograph/core/finite_rows.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

Matrix<float> first_rows(const RowFold& fold, MatrixView<const float> rows) {
  Matrix<float> points(rows.empty() ? 0 : fold.n_points(), rows.cols());
  for (std::size_t p = 0; p < points.rows(); ++p) {
    std::ranges::copy(rows.row(idx(fold.first_row[p])), points.row(p).begin());
  }
  return points;
}

std::vector<std::int32_t> agreed_labels(const RowFold& fold, std::span<const std::int32_t> labels) {
  if (labels.empty()) return {};
  std::vector<std::int32_t> found(fold.n_points(), kUnknownLabel);
  std::vector<bool> disagrees(fold.n_points(), false);
  for (std::size_t r = 0; r < labels.size(); ++r) {
    const std::size_t point = idx(fold.point_of_row[r]);
    if (labels[r] == kUnknownLabel) continue;
    if (found[point] != kUnknownLabel && found[point] != labels[r]) disagrees[point] = true;
    found[point] = labels[r];
  }
  for (std::size_t p = 0; p < found.size(); ++p) {
    if (disagrees[p]) found[p] = kUnknownLabel;
  }
  return found;
}

Matrix<float> mean_values(const RowFold& fold, MatrixView<const float> values) {
  if (values.empty()) return {};
  std::vector<double> sums(fold.n_points() * values.cols(), 0.0);
  for (std::size_t r = 0; r < values.rows(); ++r) {
    double* sum = &sums[idx(fold.point_of_row[r]) * values.cols()];
    for (const float value : values.row(r)) *sum++ += static_cast<double>(value);
  }
  Matrix<float> means(fold.n_points(), values.cols());
  for (std::size_t i = 0; i < means.size(); ++i) {
    means.data()[i] =
        static_cast<float>(sums[i] / static_cast<double>(fold.copies[i / values.cols()]));
  }
  return means;
}

std::vector<std::int32_t> total_copies(const RowFold& fold, std::span<const std::int32_t> copies) {
  std::vector<std::int32_t> sums(fold.n_points(), 0);
  for (std::size_t r = 0; r < copies.size(); ++r) {
    sums[idx(fold.point_of_row[r])] += copies[r];  // at most 2^31 - 1 in all
  }
  return sums;
}

}  // namespace

Result<RowFold> fold_equal_rows(MatrixView<const float> x, RunContext& run) {
  TG_TRY(check_finite_rows(x, "x", run));
  const auto compare = [&](std::int32_t a, std::int32_t b) {
    return std::memcmp(x.row(idx(a)).data(), x.row(idx(b)).data(), x.cols() * sizeof(float));
  };
  std::vector<std::int32_t> order(x.rows());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, [&](std::int32_t a, std::int32_t b) {
    const int difference = compare(a, b);
    return difference < 0 || (difference == 0 && a < b);
  });
  std::vector<std::int32_t> first_of_row(x.rows());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool is_copy = i > 0 && compare(order[i - 1], order[i]) == 0;
    first_of_row[idx(order[i])] = is_copy ? first_of_row[idx(order[i - 1])] : order[i];
  }
  RowFold fold;
  fold.point_of_row.resize(x.rows());
  for (std::size_t r = 0; r < x.rows(); ++r) {
    const std::size_t first = idx(first_of_row[r]);
    if (first == r) {
      fold.point_of_row[r] = narrow<std::int32_t>(fold.n_points());
      fold.first_row.push_back(narrow<std::int32_t>(r));
      fold.copies.push_back(0);
    }
    fold.point_of_row[r] = fold.point_of_row[first];
    ++fold.copies[idx(fold.point_of_row[r])];
  }
  return fold;
}

Result<FoldedInput> folded_input(const UmapInput& input, RunContext& run) {
  const std::size_t n = input.x.rows();
  const auto fits = [n](std::size_t size) { return size == 0 || size == n; };
  const UmapTargets& targets = input.targets;
  if (!fits(targets.labels.size()) || !fits(targets.values.rows()) || !fits(input.start.rows()) ||
      !fits(input.copies.size())) {
    return input_error(ErrorCode::invalid_argument, "x",
                       "expected one target, start and number of copies for each of the " +
                           std::to_string(n) + " rows");
  }
  FoldedInput points;
  TG_TRY(points.fold, fold_equal_rows(input.x, run));
  points.x = first_rows(points.fold, input.x);
  points.start = first_rows(points.fold, input.start);
  points.values = mean_values(points.fold, targets.values);
  points.labels = agreed_labels(points.fold, targets.labels);
  if (!input.copies.empty()) points.fold.copies = total_copies(points.fold, input.copies);
  return points;
}

Matrix<float> unfolded(const RowFold& fold, MatrixView<const float> points) {
  Matrix<float> rows(fold.point_of_row.size(), points.cols());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    std::ranges::copy(points.row(idx(fold.point_of_row[r])), rows.row(r).begin());
  }
  return rows;
}

}  // namespace topograph::detail

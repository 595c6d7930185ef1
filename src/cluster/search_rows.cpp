#include "cluster/search_rows.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace {

double squared_norm(std::span<const float> row) {
  double sum = 0;
  for (const float value : row) sum += static_cast<double>(value) * static_cast<double>(value);
  return sum;
}

/// Copies a row at unit length; a zero row becomes the unit vector of the last column.
void copy_unit(std::span<const float> row, std::span<float> out) {
  const double norm = std::sqrt(squared_norm(row));
  std::fill(out.begin(), out.end(), 0.0F);
  if (norm == 0) {
    out.back() = 1.0F;
    return;
  }
  for (std::size_t c = 0; c < row.size(); ++c) {
    out[c] = static_cast<float>(static_cast<double>(row[c]) / norm);
  }
}

}  // namespace

std::vector<std::int32_t> finite_rows(MatrixView<const float> x) {
  std::vector<std::int32_t> rows;
  for (std::size_t row = 0; row < x.rows(); ++row) {
    const auto values = x.row(row);
    const bool is_finite =
        std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
    if (is_finite) rows.push_back(narrow<std::int32_t>(row));
  }
  return rows;
}

bool has_zero_row(MatrixView<const float> x, std::span<const std::int32_t> rows) {
  const auto is_zero = [&](std::size_t row) { return squared_norm(x.row(row)) == 0; };
  if (!rows.empty()) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](std::int32_t row) { return is_zero(idx(row)); });
  }
  for (std::size_t row = 0; row < x.rows(); ++row) {
    if (is_zero(row)) return true;
  }
  return false;
}

SearchRows search_rows(MatrixView<const float> x, std::vector<std::int32_t> rows, Metric metric,
                       bool has_zero_column) {
  SearchRows result;
  result.rows = std::move(rows);
  if (result.rows.empty() && metric == Metric::euclidean) {
    result.x = x;
    return result;
  }
  const std::size_t n = result.rows.empty() ? x.rows() : result.rows.size();
  const bool is_wider = metric == Metric::cosine && has_zero_column;
  result.own = Matrix<float>(n, x.cols() + (is_wider ? 1 : 0));
  for (std::size_t row = 0; row < n; ++row) {
    const auto from = x.row(idx(result.input_row(row)));
    if (metric == Metric::cosine) {
      copy_unit(from, result.own.row(row));
    } else {
      std::copy(from.begin(), from.end(), result.own.row(row).begin());
    }
  }
  result.x = std::as_const(result.own).view();
  return result;
}

double metric_distance(double distance, Metric metric) {
  return metric == Metric::cosine ? distance * distance / 2 : distance;
}

}  // namespace topograph::detail

#include "evaluate/distance_panels.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "topograph/core/parallel.hpp"

// Panels of 16 rows turned into columns. For euclidean distances the rows lie around their mean, so
// that |a|^2 + |b|^2 - 2 ab loses nothing to a common offset.
namespace topograph::detail {
namespace {

constexpr std::size_t kColumns = kernels::center_columns;

std::vector<double> offset_of(MatrixView<const float> x, Metric metric) {
  std::vector<double> mean(x.cols(), 0.0);
  if (metric != Metric::euclidean || x.rows() == 0) return mean;
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t t = 0; t < x.cols(); ++t) mean[t] += static_cast<double>(x[r, t]);
  }
  for (double& value : mean) value /= static_cast<double>(x.rows());
  return mean;
}

}  // namespace

DistancePanels::DistancePanels(MatrixView<const float> x, Metric metric)
    : metric_(metric),
      n_rows_(x.rows()),
      depth_(x.cols()),
      squared_(x.rows(), 0.0),
      panels_(block_count(x.rows(), kColumns), x.cols() * kColumns) {
  const std::vector<double> offset = offset_of(x, metric);
  for (std::size_t r = 0; r < n_rows_; ++r) {
    double* column = panels_.row(r / kColumns).data() + r % kColumns;
    for (std::size_t t = 0; t < depth_; ++t) {
      const double value = static_cast<double>(x[r, t]) - offset[t];
      column[t * kColumns] = value;
      squared_[r] += value * value;
    }
    if (metric != Metric::cosine || squared_[r] == 0) continue;
    const double norm = std::sqrt(squared_[r]);
    for (std::size_t t = 0; t < depth_; ++t) column[t * kColumns] /= norm;
  }
}

void DistancePanels::distances(std::span<const std::size_t> rows, Matrix<double>& out) const {
  Matrix<double> gathered(batch, depth_);
  Matrix<double> products(batch, kColumns);
  std::array<const double*, batch> pointers{};
  for (std::size_t i = 0; i < batch; ++i) {
    const std::size_t row = rows[std::min(i, rows.size() - 1)];
    const double* column = panels_.row(row / kColumns).data() + row % kColumns;
    for (std::size_t t = 0; t < depth_; ++t) gathered[i, t] = column[t * kColumns];
    pointers[i] = gathered.row(i).data();
  }
  for (std::size_t p = 0; p < panels_.rows(); ++p) {
    kernels::active().multiply_panel(
        {pointers.data(), panels_.row(p).data(), depth_, products.data()});
    const std::size_t first = p * kColumns;
    const std::size_t count = std::min(kColumns, n_rows_ - first);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t c = 0; c < count; ++c) {
        out[i, first + c] =
            metric_ == Metric::euclidean
                ? std::max(0.0, squared_[rows[i]] + squared_[first + c] - 2 * products[i, c])
                : -products[i, c];
      }
    }
  }
}

}  // namespace topograph::detail

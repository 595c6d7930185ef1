#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "reduce/pca_steps.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/linalg/dense_products.hpp"
#include "topograph/reduce/pca.hpp"

namespace topograph {

Result<void> PcaAccumulator::add(MatrixView<const float> rows, RunContext& run) {
  if (rows.rows() == 0) return {};
  const std::size_t d = rows.cols();
  if (n_rows_ > 0 && d != shift_.size()) {
    return input_error(
        ErrorCode::invalid_argument, "rows from " + std::to_string(n_rows_),
        "expected " + std::to_string(shift_.size()) + " columns, found " + std::to_string(d));
  }
  TG_TRY(const std::vector<double> mean, detail::finite_column_means(rows, n_rows_, run));
  const std::vector<double>& shift = n_rows_ > 0 ? shift_ : mean;
  TG_TRY(Matrix<double> products, gram(rows, shift, run));
  if (n_rows_ == 0) {
    shift_ = mean;
    sums_.assign(d, 0.0);
    products_ = std::move(products);
  } else {
    for (std::size_t i = 0; i < products.size(); ++i) products_.data()[i] += products.data()[i];
  }
  for (std::size_t c = 0; c < d; ++c) {
    sums_[c] += static_cast<double>(rows.rows()) * (mean[c] - shift_[c]);
  }
  n_rows_ += rows.rows();
  return {};
}

Result<Pca> PcaAccumulator::fit(std::size_t k) const {
  TG_TRY(detail::check_components(k, n_rows_, shift_.size()));
  const auto d = narrow<Eigen::Index>(shift_.size());
  const auto n = static_cast<double>(n_rows_);
  const Eigen::Map<const Eigen::VectorXd> sums(sums_.data(), d);
  const Eigen::Map<const Eigen::MatrixXd> products(products_.data(), d, d);
  const Eigen::MatrixXd covariance =
      (products - sums * sums.transpose() / n) / std::max(1.0, n - 1);
  std::vector<double> mean = shift_;
  for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += sums_[c] / n;
  return detail::principal_axes(mean, covariance, nullptr, k);
}

Result<Pca> fit_pca(const RowSource& source, std::size_t k, RunContext& run) {
  constexpr std::size_t block_rows = 8192;
  TG_TRY(detail::check_components(k, source.rows(), source.cols()));
  PcaAccumulator accumulator;
  Matrix<float> block(std::min(block_rows, source.rows()), source.cols());
  std::vector<std::int64_t> ids(block.rows());
  Stage stage(run, "components", source.rows());
  for (std::size_t begin = 0; begin < source.rows(); begin += block_rows) {
    if (run.stop_requested()) return cancelled();
    const std::size_t count = std::min(block_rows, source.rows() - begin);
    ids.resize(count);
    std::iota(ids.begin(), ids.end(), static_cast<std::int64_t>(begin));
    TG_TRY(source.read(ids, block.view().rows(0, count)));
    TG_TRY(accumulator.add(block.view().rows(0, count), run));
    stage.advance(count);
  }
  return accumulator.fit(k);
}

}  // namespace topograph

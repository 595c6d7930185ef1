#include "topograph/linalg/sparse_products.hpp"

#include <algorithm>
#include <vector>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGrain = 256;

/// sum += factor * row
void add_scaled(double factor, const float* row, double* sum, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sum[i] += factor * static_cast<double>(row[i]);
}

}  // namespace

Csr<float> transpose(const CsrView<float>& x) {
  Csr<float> out;
  out.n_cols = x.rows();
  out.offsets.assign(x.cols() + 1, 0);
  for (const std::int32_t column : x.columns) ++out.offsets[idx(column) + 1];
  for (std::size_t c = 0; c < x.cols(); ++c) out.offsets[c + 1] += out.offsets[c];
  out.columns.resize(x.nnz());
  out.values.resize(x.nnz());
  std::vector<std::int64_t> next(out.offsets.begin(), out.offsets.end() - 1);
  for (std::size_t r = 0; r < x.rows(); ++r) {
    for (std::size_t i = x.begin(r); i < x.end(r); ++i) {
      const std::size_t at = idx(next[idx(x.columns[i])]++);
      out.columns[at] = narrow<std::int32_t>(r);
      out.values[at] = x.values[i];
    }
  }
  return out;
}

Result<void> multiply(const CsrView<float>& x, MatrixView<const float> b, MatrixView<float> out,
                      RunContext& run) {
  TG_EXPECTS(x.cols() == b.rows() && out.rows() == x.rows() && out.cols() == b.cols());
  return parallel_blocks(run, x.rows(), kGrain, [&](const Block& block) {
    std::vector<double> sum(b.cols());
    for (std::size_t r = block.begin; r < block.end; ++r) {
      std::ranges::fill(sum, 0.0);
      for (std::size_t i = x.begin(r); i < x.end(r); ++i) {
        add_scaled(static_cast<double>(x.values[i]), b.row(idx(x.columns[i])).data(), sum.data(),
                   sum.size());
      }
      std::ranges::transform(sum, out.row(r).begin(),
                             [](double value) { return static_cast<float>(value); });
    }
  });
}

}  // namespace topograph

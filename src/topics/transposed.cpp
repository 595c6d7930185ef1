#include "topics/transposed.hpp"

#include <cmath>

#include "topograph/core/narrow.hpp"

namespace topograph::detail {

Csr<double> transposed(CsrView<double> rows) {
  Csr<double> out;
  out.n_cols = rows.rows();
  out.offsets.assign(rows.cols() + 1, 0);
  for (const std::int32_t column : rows.columns) ++out.offsets[idx(column) + 1];
  for (std::size_t t = 0; t < rows.cols(); ++t) out.offsets[t + 1] += out.offsets[t];
  out.columns.resize(rows.nnz());
  out.values.resize(rows.nnz());
  std::vector<std::int64_t> next(out.offsets.begin(), out.offsets.end() - 1);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto columns = rows.row_columns(r);
    const auto values = rows.row_values(r);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto at = idx(next[idx(columns[i])]++);
      out.columns[at] = narrow<std::int32_t>(r);
      out.values[at] = values[i];
    }
  }
  return out;
}

std::vector<double> row_norms(CsrView<double> rows) {
  std::vector<double> norms(rows.rows(), 0.0);
  for (std::size_t r = 0; r < norms.size(); ++r) {
    for (const double value : rows.row_values(r)) norms[r] += value * value;
    norms[r] = std::sqrt(norms[r]);
  }
  return norms;
}

}  // namespace topograph::detail

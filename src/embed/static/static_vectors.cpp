#include "embed/static/static_vectors.hpp"

#include "kernels/kernels.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

std::size_t StaticVectors::n_rows() const {
  return bytes.size() > 0 ? bytes.rows() : floats.rows();
}

std::size_t StaticVectors::n_columns() const {
  return bytes.size() > 0 ? bytes.cols() : floats.cols();
}

void StaticVectors::add_up(std::vector<std::int32_t>& ids, std::vector<float>& scratch,
                           std::span<double> sum) const {
  TG_EXPECTS(sum.size() == n_columns());
  scratch.resize(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::size_t token = idx(ids[i]);
    scratch[i] = weights[token];
    if (!mapping.empty()) ids[i] = mapping[token];
  }
  const auto request = [&](std::size_t stride) {
    return kernels::RowSum{ids.data(), scratch.data(), ids.size(), stride, sum.size(), sum.data()};
  };
  if (bytes.size() > 0) {
    kernels::active().sum_rows_i8(bytes.data(), request(bytes.cols()));
  } else {
    kernels::active().sum_rows_f32(floats.data(), request(floats.cols()));
  }
}

void add_up_rows(MatrixView<const float> table, std::span<const std::int32_t> ids,
                 std::span<double> sum) {
  TG_EXPECTS(sum.size() == table.cols());
  kernels::active().sum_rows_f32(
      table.data(), {ids.data(), nullptr, ids.size(), table.stride(), sum.size(), sum.data()});
}

}  // namespace topograph::detail

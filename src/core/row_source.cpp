#include "topograph/core/row_source.hpp"

#include <algorithm>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

Result<void> MatrixRows::read(std::span<const std::int64_t> ids, MatrixView<float> out) const {
  TG_EXPECTS(out.rows() == ids.size() && out.cols() == x_.cols());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::ranges::copy(x_.row(idx(ids[i])), out.row(i).begin());
  }
  return {};
}

}  // namespace topograph

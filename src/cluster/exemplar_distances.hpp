#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/matrix.hpp"
#include "topograph/neighbors/types.hpp"

namespace topograph::detail {

/// Distance of points to the nearest exemplar of every cluster.
class ExemplarDistances {
 public:
  /// @param x          Search rows (see search_rows.hpp).
  /// @param exemplars  Rows of x by cluster.
  ExemplarDistances(MatrixView<const float> x, std::span<const std::vector<std::int32_t>> exemplars,
                    Metric metric);

  /// `out` by cluster; infinite for a cluster without exemplars. `scratch` is resized.
  void find(std::span<const float> point, std::vector<double>& scratch,
            std::span<double> out) const;

 private:
  std::size_t n_dims_ = 0;
  std::vector<double> columns_ = {};       ///< Coordinate c of exemplar e at c * n_exemplars + e.
  std::vector<std::size_t> offsets_ = {};  ///< First exemplar of each cluster, and the end.
  Metric metric_ = Metric::euclidean;
};

}  // namespace topograph::detail

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"

namespace topograph {

enum class Metric : std::uint8_t { cosine, euclidean, inner_product };
template <>
struct EnumNames<Metric> {
  static constexpr std::array<std::string_view, 3> names{"cosine", "euclidean", "inner_product"};
};

/// The k nearest other rows of every row: ids and distances (n, k), each row sorted by
/// (distance, id), the row itself left out. Cosine distance is 1 - cos, in [0, 2]; zero vectors are
/// at distance 0 from each other and 1 from every other row (as in umap-learn).
///
/// Inner product means the largest products come first; so that what comes out is a distance, it is
/// given as 1 - a.b / (M m), in [0, 2]: M is the largest norm of the searched rows and m the larger
/// of M and the query's norm. It orders the rows of a query exactly as the product does, equals
/// the cosine distance for unit rows, and a long row may be nearer to a row than its own copy is.
struct KnnGraph {
  Matrix<std::int32_t> ids = {};
  Matrix<float> distances = {};

  [[nodiscard]] std::size_t rows() const { return ids.rows(); }
  [[nodiscard]] std::size_t k() const { return ids.cols(); }
};

/// Symmetric (n, n) graph of membership weights in (0, 1], no self loops; plus what `transform`
/// needs to place new points.
struct FuzzyGraph {
  Csr<float> edges = {};

  [[nodiscard]] std::size_t rows() const { return edges.rows(); }
};

}  // namespace topograph

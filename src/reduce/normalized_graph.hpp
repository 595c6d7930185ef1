#pragma once

#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

/// A = D^-1/2 W D^-1/2 with its trivial eigenvector sqrt(degree), of unit length, for eigenvalue 1.
struct NormalizedGraph {
  Csr<float> matrix = {};
  std::vector<double> trivial = {};
};

/// @param graph  Symmetric, W.
[[nodiscard]] Result<NormalizedGraph> normalize(Csr<float> graph, RunContext& run);

/// out = scale * (A - shift) x + previous_scale * previous, row by row.
struct BlockStep {
  double scale = 1;
  double shift = 0;
  double previous_scale = 0;
};

/// Blocks of vectors, (n, width), the width a multiple of 8.
///
/// @determinism Bit-identical for any thread count.
/// @cost        One row of x for every edge, which is what it waits for.
[[nodiscard]] Result<void> multiply(const NormalizedGraph& a, const Matrix<float>& x,
                                    const BlockStep& step, const Matrix<float>& previous,
                                    Matrix<float>& out, RunContext& run);
[[nodiscard]] Result<void> multiply(const NormalizedGraph& a, const Matrix<double>& x,
                                    const BlockStep& step, const Matrix<double>& previous,
                                    Matrix<double>& out, RunContext& run);

}  // namespace topograph::detail

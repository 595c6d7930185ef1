#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// Reads a NumPy file holding an (n, d) matrix of float32, float16 or float64 (converted to
/// float32; C or Fortran order, little-endian).
///
/// @param expected_rows  When set, n must equal it.
/// @error  input subject: not_found, io, unsupported (another type), invalid_argument (another
///         number of rows), parse (broken header, truncated data, not a matrix); names the first
///         NaN or infinite value by row and column, counted from 0.
/// @determinism  Independent of the thread count.
[[nodiscard]] Result<Matrix<float>> read_npy(const std::filesystem::path& path,
                                             std::optional<std::size_t> expected_rows,
                                             RunContext& run);

/// Writes an (n, d) float32 matrix as NumPy format 1.0, atomically.
[[nodiscard]] Result<void> write_npy(const std::filesystem::path& path,
                                     MatrixView<const float> matrix);

}  // namespace topograph

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"

namespace topograph {

/// What the header of a NumPy file says.
struct NpyHeader {
  std::string dtype = {};  ///< NumPy's spelling: "<f4".
  bool is_fortran = false;
  std::vector<std::size_t> shape = {};
  std::size_t data_begin = 0;  ///< Offset of the first value.
};

/// Parses the header at the start of `file` (versions 1, 2 and 3) and accepts nothing but what the
/// format describes.
/// @error parse, `where` left empty for the caller to fill.
[[nodiscard]] Result<NpyHeader> parse_npy_header(std::string_view file);

/// Magic, version 1.0 and header of a C-ordered matrix: always 128 bytes, so that the number of
/// rows may be changed later.
/// @param dtype  NumPy's spelling: "<f4".
[[nodiscard]] std::string npy_header_bytes(std::string_view dtype, std::size_t rows,
                                           std::size_t cols);

/// The shape as NumPy writes it: "(3, 4)", "(5,)".
[[nodiscard]] std::string npy_shape_text(const std::vector<std::size_t>& shape);

}  // namespace topograph

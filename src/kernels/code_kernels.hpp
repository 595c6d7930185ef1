#pragma once

// Kernels of rows coded in 8 bits. As in kernels.hpp: declarations and plain data only.

#include <cstddef>
#include <cstdint>

#include "kernels/kernels.hpp"

namespace topograph::kernels {

/// The depth of codes is padded with zeros to a multiple of this.
inline constexpr std::size_t code_step = 64;
/// The largest depth whose sums fit 32 bits.
inline constexpr std::size_t largest_code_depth = 65536;

/// One 8 x 32 tile of half squared distances of rows coded in 8 bits: value[r][c] = a_half[r] -
/// (a_scale[r] * b_scale[c] * dot(a_r, b_c) - b_half[c]), compared with a limit of each row.
///
/// Codes lie in [-127, 127]. A panel holds 4 values of each of its 32 rows side by side, each 128
/// higher: value t of row r is panel[(t / 4) * 128 + r * 4 + t % 4] - 128. Depth is a multiple of
/// `code_step`, at most `largest_code_depth`.
struct CodeScan {
  const std::int8_t* a = nullptr;   ///< (8, depth) codes.
  const std::uint8_t* b = nullptr;  ///< A whole panel, 64-byte aligned.
  std::size_t depth = 0;
  const float* a_half = nullptr;    ///< (8) half squared norms.
  const float* b_half = nullptr;    ///< (32)
  const float* a_scale = nullptr;   ///< (8)
  const float* b_scale = nullptr;   ///< (32)
  const float* a_limit = nullptr;   ///< (8) value <= limit is a hit.
  float* values = nullptr;          ///< Out (8, 32), 64-byte aligned.
  std::uint32_t* a_hits = nullptr;  ///< Out (8): bit c of entry r.
};

struct CodeKernels {
  const char* name = nullptr;
  /// True when the tile has a hit. The same bits on every instruction set: integer dot products,
  /// then float32 operations in one order.
  bool (*scan_codes)(const CodeScan& scan) = nullptr;
  /// Integer dot product of n codes, n a multiple of `code_step`.
  std::int32_t (*dot_codes)(const std::int8_t* x, const std::int8_t* y, std::size_t n) = nullptr;
  /// float16 to float32, exactly: the same bits on every instruction set.
  void (*widen_halves)(const std::uint16_t* halves, float* out, std::size_t n) = nullptr;
};

/// The kernels of one instruction set; null when this processor or this build lacks it. AVX-512
/// without its 8-bit dot product (before Cascade Lake) has those of AVX2.
[[nodiscard]] const CodeKernels* code_kernels_for(Isa isa);

/// The kernels in use, chosen as `active()` is.
[[nodiscard]] const CodeKernels& active_codes();

namespace scalar {
extern const CodeKernels code_table;
}
namespace avx2 {
extern const CodeKernels code_table;
}
namespace vnni {
extern const CodeKernels code_table;
}

}  // namespace topograph::kernels

#pragma once

#include <optional>

#include "topograph/core/error.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph::detail {

/// Bumped when int8 gives other numbers for the same model and text.
inline constexpr int kQuantizeVersion = 1;

/// Whether this CPU multiplies bf16 numbers itself (AVX512-BF16, which every CPU with AMX has too).
[[nodiscard]] bool has_native_bf16();

/// What to compute in: what is asked for; unset: bf16 where it is native, else f32.
/// @error option subject when bf16 is asked for and the CPU does not have it: OpenVINO would
///        silently compute in f32.
[[nodiscard]] Result<Precision> choose_precision(std::optional<Precision> wanted);

}  // namespace topograph::detail

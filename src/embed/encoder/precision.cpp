#include "embed/encoder/precision.hpp"

namespace topograph::detail {

bool has_native_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

Result<Precision> choose_precision(std::optional<Precision> wanted) {
  if (!wanted) return has_native_bf16() ? Precision::bf16 : Precision::f32;
  if (*wanted == Precision::bf16 && !has_native_bf16()) {
    return option_error("embed.precision",
                        "expected a CPU with bf16 instructions (AVX512-BF16 or AMX), found none",
                        "--precision auto takes the best that this CPU has");
  }
  return *wanted;
}

}  // namespace topograph::detail

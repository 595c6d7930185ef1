#pragma once

#include <string_view>

namespace topograph {

/// The instruction set the numeric kernels use: "scalar", "avx2" or "avx512".
///
/// It is the best one this processor has, chosen once. The environment variable TG_FORCE_ISA asks
/// for another; one that the processor lacks, or an unknown name, is passed over. Results do not
/// depend on it, only the speed does.
[[nodiscard]] std::string_view isa_name();

}  // namespace topograph

#include <cstdlib>
#include <string_view>

#include "kernels/kernels.hpp"
#include "kernels/lanes.hpp"
#include "topograph/kernels/isa.hpp"

namespace topograph::kernels {
namespace {

bool has_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("f16c");
#else
  return false;
#endif
}

bool has_avx512() {
#if defined(__x86_64__)
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return false;
#endif
}

const KernelTable* choose() {
  if (const char* forced = std::getenv("TG_FORCE_ISA"); forced != nullptr) {
    for (const Isa isa : {Isa::scalar, Isa::avx2, Isa::avx512}) {
      const KernelTable* table = table_for(isa);
      if (table != nullptr && std::string_view(forced) == table->name) return table;
    }
  }
  for (const Isa isa : {Isa::avx512, Isa::avx2}) {
    if (const KernelTable* table = table_for(isa); table != nullptr) return table;
  }
  return &scalar::table;
}

}  // namespace

const KernelTable* table_for(Isa isa) {
  switch (isa) {
    case Isa::scalar: return &scalar::table;
#if defined(__x86_64__)
    case Isa::avx2: return has_avx2() ? &avx2::table : nullptr;
    case Isa::avx512: return has_avx512() ? &avx512::table : nullptr;
#else
    case Isa::avx2:
    case Isa::avx512: return nullptr;
#endif
  }
  return nullptr;
}

const KernelTable& active() {
  static const KernelTable* const chosen = choose();
  return *chosen;
}

const LaneKernels& lane_kernels() {
#if defined(__x86_64__)
  if (&active() != &scalar::table) return avx2::lanes;
#endif
  return scalar::lanes;
}

}  // namespace topograph::kernels

namespace topograph {

std::string_view isa_name() { return kernels::active().name; }

}  // namespace topograph

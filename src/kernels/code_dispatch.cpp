#include "kernels/code_kernels.hpp"

#include <initializer_list>

namespace topograph::kernels {

const CodeKernels* code_kernels_for(Isa isa) {
  if (table_for(isa) == nullptr) return nullptr;
#if defined(__x86_64__)
  if (isa == Isa::avx512 && __builtin_cpu_supports("avx512vnni")) return &vnni::code_table;
  if (isa != Isa::scalar) return &avx2::code_table;
#endif
  return &scalar::code_table;
}

const CodeKernels& active_codes() {
  static const CodeKernels* const chosen = [] {
    for (const Isa isa : {Isa::avx512, Isa::avx2}) {
      if (&active() == table_for(isa)) return code_kernels_for(isa);
    }
    return &scalar::code_table;
  }();
  return *chosen;
}

}  // namespace topograph::kernels

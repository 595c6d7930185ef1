#include "topograph/linalg/blas.hpp"

#include <cblas.h>

namespace topograph {

void hold_blas_to_one_thread() {
  [[maybe_unused]] static const bool is_held = [] {
    openblas_set_num_threads(1);
    return true;
  }();
}

}  // namespace topograph

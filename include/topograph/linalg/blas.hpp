#pragma once

namespace topograph {

/// Makes OpenBLAS compute in the thread that calls it, as our own tasks expect. To be called before
/// its functions; cheap after the first time, safe from any thread.
void hold_blas_to_one_thread();

}  // namespace topograph

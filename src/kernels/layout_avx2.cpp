#include "kernels/layout.hpp"

#if defined(__x86_64__)
namespace topograph::kernels::avx2 {
namespace {
#include "kernels/layout_lanes.inc"
}  // namespace

const LayoutKernel layout = {move_edges, sum_radius, power_of_sixteen};

}  // namespace topograph::kernels::avx2
#endif

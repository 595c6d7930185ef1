#include "kernels/layout.hpp"

namespace topograph::kernels::scalar {
namespace {
#include "kernels/layout_lanes.inc"
}  // namespace

const LayoutKernel layout = {move_edges, sum_radius, power_of_sixteen};

}  // namespace topograph::kernels::scalar

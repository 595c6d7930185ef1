#include "plot/dot_batches.hpp"

#include <utility>

namespace topograph::detail {

std::vector<DotBatch> dot_batches(const DotsMark& dots) {
  constexpr std::size_t batch_size = 64;
  std::vector<DotBatch> batches;
  std::vector<DotBatch> open(dots.colors.size());
  for (std::size_t i = 0; i < dots.centers.size(); ++i) {
    DotBatch& batch = open[dots.color_ids[i]];
    batch.color_id = dots.color_ids[i];
    batch.centers.push_back(dots.centers[i]);
    if (batch.centers.size() == batch_size) batches.push_back(std::exchange(batch, {}));
  }
  for (DotBatch& batch : open) {
    if (!batch.centers.empty()) batches.push_back(std::move(batch));
  }
  return batches;
}

}  // namespace topograph::detail

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reduce/edge_schedule.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/neighbors/types.hpp"
#include "topograph/reduce/umap.hpp"

namespace topograph::detail {

/// What densMAP wants of a layout.
struct DensityGoal {
  std::span<const float> log_radii = {};  ///< (n) of the rows; NaN: the row has no neighbour.
  double lambda = 2;
  double frac = 0.3;  ///< Share of the epochs, the last ones, in which it counts.
  double var_shift = 0.1;
};

/// The density term of densMAP: pulls the local radii of the layout towards a straight line of
/// those of the rows. All in the working order of the schedule.
class DensityTerm {
 public:
  DensityTerm(const FuzzyGraph& graph, const EdgeSchedule& schedule, const DensityGoal& goal);

  [[nodiscard]] bool counts_in(int epoch, int n_epochs) const;

  /// Measures the layout; afterwards `per_row` and `scale` are what the kernel takes.
  /// @determinism Bit-identical for any number of threads.
  [[nodiscard]] Result<void> measure(MatrixView<const float> rows, const CurveAb& curve,
                                     RunContext& run);

  [[nodiscard]] const float* per_row() const { return per_row_.data(); }
  [[nodiscard]] float scale() const { return scale_; }

 private:
  double lambda_;
  double frac_;
  double var_shift_;
  std::vector<std::size_t> offsets_ = {};  ///< (n + 1) of each row's neighbours.
  std::vector<std::int32_t> neighbors_ = {};
  std::vector<double> wanted_ = {};  ///< Log radii of mean 0 and deviation 1; 0 without neighbours.
  double edge_scale_ = 0;            ///< Sum of the weights over the largest, by row.
  std::vector<double> log_radii_ = {};
  std::vector<double> closeness_ = {};  ///< Sum of phi over a row's neighbours.
  Matrix<float> per_row_ = {};          ///< (n, 2)
  float scale_ = 0;
};

}  // namespace topograph::detail

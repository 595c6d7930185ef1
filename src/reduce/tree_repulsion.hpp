#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph::detail {

inline constexpr std::size_t max_tsne_dim = 3;

/// Force and sum of similarities at one point.
struct Repulsion {
  std::array<double, max_tsne_dim> force = {};
  double similarity = 0;
};

/// Repulsion by the centres of distant groups (Barnes-Hut), for 1 to 3 dimensions.
/// Groups are halved at the middle of the longest side of their bounding box.
/// @source van der Maaten 2014, JMLR 15.
class RepulsionTree {
 public:
  /// coords (n, 1..3) must outlive the tree. theta 0 is exact.
  RepulsionTree(MatrixView<const float> coords, double theta);
  /// Of all points but `self` (-1: none).
  [[nodiscard]] Repulsion at(std::span<const float> point, std::int32_t self) const;

 private:
  struct Node {
    std::array<double, max_tsne_dim> center = {};
    double square_side = 0;
    std::int32_t begin = 0;
    std::int32_t end = 0;
    std::int32_t skip = 0;  ///< The node after this one's descendants.
  };
  void add_node(std::size_t begin, std::size_t end);

  MatrixView<const float> coords_;
  double square_theta_;
  std::vector<std::int32_t> order_ = {};
  std::vector<Node> nodes_ = {};
};

/// As `GridRepulsion::forces`, by a tree. @determinism Bit-identical for any thread count.
[[nodiscard]] Result<double> tree_forces(MatrixView<const float> coords, double theta,
                                         Matrix<float>& force, RunContext& run);

}  // namespace topograph::detail

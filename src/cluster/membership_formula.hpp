#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cluster/fitted_tree.hpp"

namespace topograph::detail {

/// The three factors of a membership row, from the place of a point in the condensed tree. With
/// clusters j, M_j the lambda at which the point's cluster and j part (the point's own lambda when
/// one contains the other) and L_c the largest lambda of cluster c:
///   D_j = 1 / distance to the nearest exemplar of j, normalised;
///   O_j = softmax of exp(-L_own / M_j);
///   P   = max M / max(L_argmax M, lambda).
/// The row is P * D_j O_j / sum(D O). hdbscan takes another formula for new points:
/// sqrt(D_j) O_j^2 with O_j = softmax of L_own / (L_own - M_j).
class MembershipFormula {
 public:
  MembershipFormula(const FittedTree& fitted, bool compat);

  /// Lambda at which `cluster` and the cluster of each label part; negative where one contains the
  /// other. By label.
  void merge_lambdas(std::int32_t cluster, std::span<double> out) const;

  /// Row of a point that leaves `cluster` at `lambda`. `merges` as above for `cluster`, `distances`
  /// to the exemplars; both are scratch afterwards.
  void row(std::int32_t cluster, double lambda, std::span<double> merges,
           std::span<double> distances, std::span<double> out) const;

  /// The package's row of a new point.
  void new_point_row(std::int32_t cluster, double lambda, std::span<double> merges,
                     std::span<double> distances, std::span<double> out) const;

 private:
  [[nodiscard]] double finite(double lambda) const;
  /// Label of the largest M; among equal ones that of the smallest cluster number, as the peer.
  [[nodiscard]] std::size_t nearest_label(std::span<const double> merges) const;

  const FittedTree& fitted_;
  bool compat_;
  double densest_ = 1;  ///< Largest finite lambda: what infinite ones count as without compat.
};

/// Moves a row towards its label until the label is the largest of memberships and noise (the rest
/// to 1); `label` -1 is noise.
void agree_with_label(std::span<double> row, std::int32_t label);

}  // namespace topograph::detail

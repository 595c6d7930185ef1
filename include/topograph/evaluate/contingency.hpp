#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph {

/// How many documents have each pair of labels: rows are the labels of `truth`, columns those of
/// `clusters`, both ascending.
struct ContingencyTable {
  std::vector<std::int32_t> row_labels = {};
  std::vector<std::int32_t> column_labels = {};
  Matrix<std::int64_t> counts = {};
};

/// @error invalid_argument when the two differ in length.
[[nodiscard]] Result<ContingencyTable> contingency_table(std::span<const std::int32_t> truth,
                                                         std::span<const std::int32_t> clusters);

/// How well two labelings agree; 1 is perfect. All but purity and the first two of the V-measure
/// are symmetric.
struct Agreement {
  double adjusted_rand = 0;         ///< Pairs, corrected for chance: 0 for unrelated labels.
  double adjusted_mutual_info = 0;  ///< Information, corrected for chance (arithmetic mean).
  double normalized_mutual_info = 0;
  double homogeneity = 0;   ///< A cluster holds one label.
  double completeness = 0;  ///< A label lies in one cluster.
  double v_measure = 0;     ///< Harmonic mean of the two.
  double fowlkes_mallows = 0;
  double purity = 0;  ///< Share of documents with the commonest label of their cluster.
};

/// Labels that are all in one group on both sides, and no documents at all, agree perfectly.
/// @cost   O(rows * columns + expected mutual information: sum of the counts' possible values).
/// @source Hubert & Arabie 1985; Vinh, Epps & Bailey 2010; Rosenberg & Hirschberg 2007.
/// @peer   scikit-learn 1.9.1 (golden test).
[[nodiscard]] Agreement agreement(const ContingencyTable& table);

}  // namespace topograph

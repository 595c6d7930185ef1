#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

/// `count` occurrences of a term in a class.
struct ClassCount {
  std::int32_t class_id = 0;
  std::int32_t term_id = 0;
  double count = 0;
};

/// Sorts by (class, term) and adds up equal pairs. Counts are whole numbers, so their sums do not
/// depend on the order.
void add_up(std::vector<ClassCount>& entries);

/// Rows of classes from entries in any order, term t renamed to new_ids[t]; -1 drops the term.
[[nodiscard]] Result<Csr<double>> class_rows(const std::vector<ClassCount>& entries,
                                             std::size_t n_classes,
                                             const std::vector<std::int32_t>& new_ids,
                                             std::size_t n_terms, RunContext& run);

}  // namespace topograph

#pragma once

#include <cstdint>
#include <vector>

#include "topograph/core/csr.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph {

/// The union of several vocabularies.
struct SharedTerms {
  Vocabulary vocabulary = {};                             ///< Document frequencies add up.
  std::vector<std::vector<std::int32_t>> column_of = {};  ///< Of every vocabulary's terms.
};

[[nodiscard]] SharedTerms shared_terms(const std::vector<const Vocabulary*>& vocabularies);

/// Rows over the terms of vocabulary `which` as rows over the union.
[[nodiscard]] Csr<double> with_columns(CsrView<double> rows, const SharedTerms& terms,
                                       std::size_t which);

}  // namespace topograph

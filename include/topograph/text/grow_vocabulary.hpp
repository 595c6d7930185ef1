#pragma once

#include <cstdint>
#include <vector>

#include "topograph/text/count_terms.hpp"

namespace topograph {

struct GrownVocabulary {
  Vocabulary vocabulary = {};
  std::vector<std::int32_t> place_of_old = {};  ///< Id of each old term, ascending.
};

/// A vocabulary with the new terms of further documents. A term that is counted as a known one (by
/// its stem) is not new. Frequencies of known terms stay, those of new ones are 0.
[[nodiscard]] GrownVocabulary grow_vocabulary(const Vocabulary& known, const Vocabulary& more,
                                              const CountPlan& plan);

}  // namespace topograph

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/text/text_windows.hpp"

namespace topograph {

/// Where known terms stand in texts. Those of text i are `places[first[i]]` up to
/// `places[first[i + 1]]`, by where they begin, shorter ones first.
struct TermPlaces {
  std::vector<std::int64_t> first = {0};    ///< (n + 1)
  std::vector<std::int32_t> n_tokens = {};  ///< (n) Words of each text, stop words included.
  std::vector<TermPlace> places = {};
};

/// @param rows   Texts to look at; row k of the result is `texts[rows[k]]`.
/// @error        cancelled.
/// @determinism  The same for any number of threads. @cost  O(tokens).
[[nodiscard]] Result<TermPlaces> find_term_places(const TextColumn& texts,
                                                  std::span<const std::int64_t> rows,
                                                  const KnownTerms& terms, RunContext& run);

}  // namespace topograph

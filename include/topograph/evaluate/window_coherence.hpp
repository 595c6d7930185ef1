#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/text/term_places.hpp"

namespace topograph {

/// C_v: how well the words of each topic go together by what they stand near. A window slides over
/// every text token by token; of each topic's words all pairs get their normalised pointwise mutual
/// information by the share of windows; a word is the vector of those with all words of the topic;
/// the coherence is the mean cosine between each of these vectors and their sum.
///
/// @param texts   Where the words stand; a text shorter than the window is one window.
/// @param words   Terms of each topic; repeated ones, and those in no window, have no say.
/// @param window  Tokens, >= 1.
/// @return        A number in [-1, 1], in practice above 0, for each topic; none where fewer than
///                two words occur.
/// @error         cancelled.
/// @determinism   The same for any number of threads: counts are whole numbers.
/// @cost          O(places of words times the words they share a topic with).
/// @source        Roeder, Both & Hinneburg 2015, WSDM, C_v.
/// @peer          gensim 4.4.0 CoherenceModel(coherence="c_v"), golden test; it loses a word that
///                stands twice in a window when the first one leaves, and gives -1 to pairs that
///                are in every window (here 1).
[[nodiscard]] Result<std::vector<std::optional<double>>> cv_coherence(
    const TermPlaces& texts, std::span<const std::vector<std::int32_t>> words, std::size_t n_words,
    RunContext& run, std::size_t window = 110);

}  // namespace topograph

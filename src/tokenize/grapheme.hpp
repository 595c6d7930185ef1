#pragma once

#include <cstddef>

#include "tokenize/normalized_text.hpp"

namespace topograph::detail {

/// End of the extended grapheme cluster (Unicode Standard Annex 29) that begins at `begin`, which
/// must be the beginning of one and inside the text.
[[nodiscard]] std::size_t grapheme_end(NormalizedView text, std::size_t begin);

}  // namespace topograph::detail

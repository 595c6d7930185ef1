#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace topograph::detail {

/// What is done to the tokens of a single text: special tokens around it (the template or the
/// [CLS] … [SEP] pair of the file), and white space taken out of the offsets.
struct PostProcessor {
  /// Moves the offsets of tokens past the white space they begin and end with.
  struct Trim {
    /// A single space at the very beginning was put there and is not in the text.
    bool add_prefix_space = true;
    std::size_t n_before = 0;  ///< Special tokens that are there already.
  };
  std::vector<std::int32_t> before = {};
  std::vector<std::int32_t> after = {};
  std::vector<Trim> trims = {};
};

}  // namespace topograph::detail

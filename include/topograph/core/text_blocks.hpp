#pragma once

#include <cstddef>

#include "topograph/core/text_column.hpp"

namespace topograph {

/// How a long collection is cut into blocks that fit in memory: a block ends after `rows` texts, or
/// earlier, after the text that brings it to `bytes`. Blocks depend on the texts only, never on
/// threads or on how the texts arrived.
struct TextBlockLimits {
  std::size_t rows = 8192;
  std::size_t bytes = std::size_t{16} << 20U;

  [[nodiscard]] bool is_full(const TextColumn& block) const {
    return block.size() >= rows || block.bytes() >= bytes;
  }
};

}  // namespace topograph

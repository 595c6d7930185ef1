#pragma once

#include <cstdint>

namespace topograph::detail {

/// A piece of a word: its id and the byte of the normalised word where it ends.
struct Piece {
  std::int32_t id = 0;
  std::uint32_t end = 0;
};

}  // namespace topograph::detail

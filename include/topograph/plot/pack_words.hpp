#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "topograph/plot/text_ruler.hpp"

namespace topograph {

/// Pixels kept free around a shape, along and across its line of text.
struct MaskPadding {
  std::size_t along = 0;
  std::size_t across = 0;
};

/// A shape of pixels as bits, row by row.
class BitMask {
 public:
  BitMask() = default;
  BitMask(std::size_t width, std::size_t height);
  /// The pixels of `ink`, and all within `padding` of one; turned a quarter to the left if asked.
  [[nodiscard]] static BitMask of_ink(const InkMask& ink, const MaskPadding& padding,
                                      bool is_turned);

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] std::size_t height() const { return height_; }
  [[nodiscard]] bool get(std::size_t x, std::size_t y) const {
    return (bits_[y * stride_ + x / 64] >> (x % 64) & 1U) != 0;
  }
  void set(std::size_t x, std::size_t y) {
    bits_[y * stride_ + x / 64] |= std::uint64_t{1} << (x % 64);
  }
  /// Is a pixel set in both when `other` lies at (x, y), inside of this one?
  [[nodiscard]] bool meets(const BitMask& other, std::size_t x, std::size_t y) const;
  void add(const BitMask& other, std::size_t x, std::size_t y);

 private:
  std::size_t width_ = 0;
  std::size_t height_ = 0;
  std::size_t stride_ = 0;  ///< Words of a row; one more than needed, so that shifts have room.
  std::vector<std::uint64_t> bits_ = {};
};

struct PackedPlace {
  bool is_placed = false;
  std::size_t x = 0;  ///< Of the mask's left upper corner.
  std::size_t y = 0;
};

struct PackOptions {
  bool all_or_none = false;  ///< Stop at the first mask without room: no later one is placed.
};

/// Places masks one after another, each as near to the middle as it finds room along a spiral, so
/// that no two share a pixel: letters may reach into the gaps of others.
///
/// @return       One place per mask. @cost O(masks * places tried * mask / 64)
/// @source       Feinberg 2009 (Wordle), as in d3-cloud: masks of bits, Archimedean spiral.
[[nodiscard]] std::vector<PackedPlace> pack_masks(std::span<const BitMask> masks, std::size_t width,
                                                  std::size_t height,
                                                  const PackOptions& options = {});

}  // namespace topograph

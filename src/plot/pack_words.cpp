#include "topograph/plot/pack_words.hpp"

#include <algorithm>
#include <cmath>

namespace topograph {

BitMask::BitMask(std::size_t width, std::size_t height)
    : width_(width), height_(height), stride_(width / 64 + 2), bits_(stride_ * height, 0) {}

BitMask BitMask::of_ink(const InkMask& ink, const MaskPadding& padding, bool is_turned) {
  const std::size_t width = ink.width + 2 * padding.along;
  const std::size_t height = ink.height + 2 * padding.across;
  BitMask mask(is_turned ? height : width, is_turned ? width : height);
  std::vector<std::uint8_t> row(width);
  for (std::size_t y = 0; y < ink.height; ++y) {
    // The row made wider, then laid on all rows within reach.
    std::ranges::fill(row, std::uint8_t{0});
    std::size_t covered = 0;
    for (std::size_t x = 0; x < ink.width; ++x) {
      if (ink.pixels[y * ink.width + x] == 0) continue;
      for (std::size_t i = std::max(covered, x); i <= x + 2 * padding.along; ++i) row[i] = 1;
      covered = x + 2 * padding.along + 1;
    }
    for (std::size_t at = y; at <= y + 2 * padding.across; ++at) {
      for (std::size_t x = 0; x < width; ++x) {
        if (row[x] == 0) continue;
        if (is_turned) {
          mask.set(at, width - 1 - x);
        } else {
          mask.set(x, at);
        }
      }
    }
  }
  return mask;
}

bool BitMask::meets(const BitMask& other, std::size_t x, std::size_t y) const {
  const std::size_t shift = x % 64;
  const std::size_t n_words = other.width_ / 64 + 1;
  for (std::size_t row = 0; row < other.height_; ++row) {
    const std::uint64_t* ours = &bits_[(y + row) * stride_ + x / 64];
    const std::uint64_t* theirs = &other.bits_[row * other.stride_];
    for (std::size_t w = 0; w < n_words; ++w) {
      if ((ours[w] & theirs[w] << shift) != 0) return true;
      // Past the last word that may be set there is nothing to carry.
      if (shift != 0 && x / 64 + w + 1 < stride_ &&
          (ours[w + 1] & theirs[w] >> (64 - shift)) != 0) {
        return true;
      }
    }
  }
  return false;
}

void BitMask::add(const BitMask& other, std::size_t x, std::size_t y) {
  const std::size_t shift = x % 64;
  const std::size_t n_words = other.width_ / 64 + 1;
  for (std::size_t row = 0; row < other.height_; ++row) {
    std::uint64_t* ours = &bits_[(y + row) * stride_ + x / 64];
    const std::uint64_t* theirs = &other.bits_[row * other.stride_];
    for (std::size_t w = 0; w < n_words; ++w) {
      ours[w] |= theirs[w] << shift;
      if (shift != 0 && x / 64 + w + 1 < stride_) ours[w + 1] |= theirs[w] >> (64 - shift);
    }
  }
}

std::vector<PackedPlace> pack_masks(std::span<const BitMask> masks, std::size_t width,
                                    std::size_t height, const PackOptions& options) {
  BitMask taken(width, height);
  std::vector<PackedPlace> places(masks.size());
  const double aspect =
      static_cast<double>(width) / static_cast<double>(std::max<std::size_t>(height, 1));
  const double farthest =
      std::hypot(static_cast<double>(width), static_cast<double>(height) * aspect) / 2;
  for (std::size_t i = 0; i < masks.size(); ++i) {
    const BitMask& mask = masks[i];
    if (options.all_or_none && i > 0 && !places[i - 1].is_placed) break;
    if (mask.width() > width || mask.height() > height) continue;
    const double middle_x = static_cast<double>(width - mask.width()) / 2;
    const double middle_y = static_cast<double>(height - mask.height()) / 2;
    // Turns are two pixels apart, places on a turn too.
    double angle = 0;
    for (double radius = 0; radius <= farthest;) {
      const double x = middle_x + radius * std::cos(angle);
      const double y = middle_y + radius * std::sin(angle) / aspect;
      if (x >= 0 && y >= 0 && x <= static_cast<double>(width - mask.width()) &&
          y <= static_cast<double>(height - mask.height())) {
        const auto px = static_cast<std::size_t>(x);
        const auto py = static_cast<std::size_t>(y);
        if (!taken.meets(mask, px, py)) {
          taken.add(mask, px, py);
          places[i] = {true, px, py};
          break;
        }
      }
      angle += 2 / std::max(radius, 2.0);
      radius = angle * 2 / 6.283185307179586;
    }
  }
  return places;
}

}  // namespace topograph

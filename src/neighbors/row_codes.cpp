#include "neighbors/row_codes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/code_kernels.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr float largest_code = 127.0F;

}  // namespace

std::size_t RowCodes::depth_of(std::size_t cols) {
  return block_count(cols, kernels::code_step) * kernels::code_step;
}

RowCodes::RowCodes(std::size_t rows, std::size_t cols)
    : codes_(rows, depth_of(cols)), half_(rows, 0.0F), scale_(rows, 0.0F) {}

void RowCodes::set(std::size_t i, std::span<const float> centered, float half) {
  float largest = 0;
  for (const float value : centered) largest = std::max(largest, std::abs(value));
  const auto codes = codes_.row(i);
  half_[i] = half;
  scale_[i] = largest / largest_code;
  // Below this the quotient could overflow; such a row is the center itself.
  if (scale_[i] < std::numeric_limits<float>::min()) {
    scale_[i] = 0;
    std::fill(codes.begin(), codes.end(), std::int8_t{0});
    return;
  }
  // Adding and taking away 1.5 * 2^23 rounds to the nearest integer; |code| <= 127 by a hair.
  constexpr float to_integer = 0x1.8p23F;
  const float inverse = largest_code / largest;
  for (std::size_t t = 0; t < centered.size(); ++t) {
    codes[t] = static_cast<std::int8_t>((centered[t] * inverse + to_integer) - to_integer);
  }
}

void RowCodes::copy(std::size_t i, const RowCodes& from, std::size_t j) {
  const auto source = from.codes_.row(j);
  std::copy(source.begin(), source.end(), codes_.row(i).begin());
  half_[i] = from.half_[j];
  scale_[i] = from.scale_[j];
}

void CodePanels::set(std::size_t i, const RowCodes& from, std::size_t j) {
  const std::size_t in_panel = i % kernels::panel_rows;
  std::uint8_t* panel = panels_.data() + (i - in_panel) * panels_.cols();
  const std::int8_t* code = from.code(j);
  for (std::size_t t = 0; t < panels_.cols(); ++t) {
    panel[(t / 4) * 4 * kernels::panel_rows + in_panel * 4 + t % 4] =
        static_cast<std::uint8_t>(code[t] + 128);
  }
  half_[i] = from.half(j);
  scale_[i] = from.scale(j);
}

}  // namespace topograph

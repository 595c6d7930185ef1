#include "neighbors/tile_scan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

using kernels::panel_rows;
using kernels::scan_rows;

constexpr std::size_t block_rows = PackedRows::block_rows;
static_assert(block_rows % panel_rows == 0 && panel_rows % scan_rows == 0);

constexpr auto no_column_passes = [] {
  std::array<float, panel_rows> limits{};
  limits.fill(-std::numeric_limits<float>::infinity());
  return limits;
}();

/// What the kernel writes for one 8 x 32 tile.
struct TileOutput {
  alignas(64) std::array<float, scan_rows * panel_rows> values;
  std::array<std::uint32_t, scan_rows> a_hits;
  std::array<std::uint32_t, scan_rows> b_hits;
};

/// Calls take(r, c) for every set bit.
template <class Take>
void for_each_hit(const std::array<std::uint32_t, scan_rows>& hits, const Take& take) {
  for (std::size_t r = 0; r < scan_rows; ++r) {
    for (std::uint32_t bits = hits[r]; bits != 0; bits &= bits - 1) {
      take(r, narrow<std::size_t>(std::countr_zero(bits)));
    }
  }
}

struct BlockRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

BlockRange range_of(const PackedRows& rows, std::size_t block) {
  return {block * block_rows, std::min((block + 1) * block_rows, rows.padded_size())};
}

/// Walks the 8 x 32 tiles of a pair of blocks. `a_half` is lowered by the error bound, so that the
/// kernel's values are lower ends of the intervals and the limits need no correction. Without
/// `b_limits` only the rows of `a` look for neighbours.
template <class Skip, class OnTile>
void walk_tiles(const PackedRows& a, std::size_t block_a, const PackedRows& b, std::size_t block_b,
                float error, const float* a_limits, const float* b_limits, const Skip& skip,
                const OnTile& on_tile) {
  const auto scan_panel = kernels::active().scan_panel;
  const BlockRange rows = range_of(a, block_a);
  const BlockRange columns = range_of(b, block_b);
  std::array<float, block_rows> a_half{};
  for (std::size_t i = rows.begin; i < rows.end; ++i) a_half[i - rows.begin] = a.half()[i] - error;

  TileOutput out;
  kernels::PanelScan scan;
  scan.depth = a.depth();
  scan.values = out.values.data();
  scan.a_hits = out.a_hits.data();
  scan.b_hits = out.b_hits.data();
  for (std::size_t column = columns.begin; column < columns.end; column += panel_rows) {
    scan.b = b.panel(column);
    scan.b_half = b.half() + column;
    scan.b_limit = b_limits == nullptr ? no_column_passes.data() : b_limits + column;
    for (std::size_t row = rows.begin; row < rows.end; row += scan_rows) {
      if (skip(row, column)) continue;
      const std::size_t in_panel = row % panel_rows;
      scan.a = a.panel(row - in_panel) + in_panel;
      scan.a_half = a_half.data() + (row - rows.begin);
      scan.a_limit = a_limits + row;
      if (scan_panel(scan)) on_tile(out, row, column);
    }
  }
}

}  // namespace

void scan_one_way(const PackedRows& queries, std::size_t query_block, const PackedRows& references,
                  std::size_t reference_block, CandidateLists& lists, std::size_t first_reference) {
  const float error = product_error(queries.depth(), queries.radius(query_block),
                                    references.radius(reference_block));
  walk_tiles(
      queries, query_block, references, reference_block, error, lists.limits(), nullptr,
      [](std::size_t, std::size_t) { return false; },
      [&](const TileOutput& out, std::size_t row, std::size_t column) {
        for_each_hit(out.a_hits, [&](std::size_t r, std::size_t c) {
          const float low = out.values[r * panel_rows + c];
          lists.offer(row + r, narrow<std::int32_t>(first_reference + column + c), low,
                      low + 2 * error);
        });
      });
}

void scan_both_ways(const PackedRows& rows, std::size_t block_a, std::size_t block_b,
                    CandidateLists& lists) {
  const float error = product_error(rows.depth(), rows.radius(block_a), rows.radius(block_b));
  const bool is_diagonal = block_a == block_b;
  walk_tiles(
      rows, block_a, rows, block_b, error, lists.limits(), lists.limits(),
      [&](std::size_t row, std::size_t column) {
        return is_diagonal && column + panel_rows <= row + 1;  // no column after the first row
      },
      [&](const TileOutput& out, std::size_t row, std::size_t column) {
        for_each_hit(out.a_hits, [&](std::size_t r, std::size_t c) {
          if (is_diagonal && column + c <= row + r) return;
          const float low = out.values[r * panel_rows + c];
          lists.offer(row + r, narrow<std::int32_t>(column + c), low, low + 2 * error);
        });
        for_each_hit(out.b_hits, [&](std::size_t r, std::size_t c) {
          if (is_diagonal && column + c <= row + r) return;
          const float low = out.values[r * panel_rows + c];
          lists.offer(column + c, narrow<std::int32_t>(row + r), low, low + 2 * error);
        });
      });
}

}  // namespace topograph

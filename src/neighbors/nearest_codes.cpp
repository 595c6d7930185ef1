#include "neighbors/nearest_codes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "kernels/code_kernels.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

using kernels::panel_rows;
using kernels::scan_rows;

/// Eight rows of codes side by side, as the kernel takes them.
struct QueryTile {
  explicit QueryTile(std::size_t depth) : codes(scan_rows, depth) {}

  void load(const RowCodes& from, std::span<const std::int32_t> chosen,
            std::span<const std::int32_t> targets, const NearestCodes& nearest) {
    for (std::size_t r = 0; r < scan_rows; ++r) {
      limits[r] = -std::numeric_limits<float>::infinity();
      if (r >= chosen.size()) continue;
      const std::size_t row = idx(chosen[r]);
      std::copy_n(from.code(row), codes.cols(), codes.row(r).begin());
      halves[r] = from.half(row);
      scales[r] = from.scale(row);
      limits[r] = nearest.limit(idx(targets[r]));
    }
  }

  Matrix<std::int8_t> codes;
  std::array<float, scan_rows> halves{};
  std::array<float, scan_rows> scales{};
  std::array<float, scan_rows> limits{};
  alignas(64) std::array<float, scan_rows * panel_rows> values{};
  std::array<std::uint32_t, scan_rows> hits{};
};

}  // namespace

NearestCodes::NearestCodes(std::size_t n_queries, std::size_t keep)
    : keep_(keep), slots_(n_queries, 2 * keep + 16), counts_(n_queries), limits_(n_queries) {
  reset();
}

void NearestCodes::reset() {
  for (std::size_t i = 0; i < counts_.size(); ++i) reset_one(i);
}

void NearestCodes::reset_one(std::size_t query) {
  counts_[query] = 0;
  limits_[query] = std::numeric_limits<float>::max();
}

void NearestCodes::cut(std::size_t query) {
  const auto list = slots_.row(query).first(counts_[query]);
  if (list.size() <= keep_) return;
  std::nth_element(list.begin(), list.begin() + narrow<std::ptrdiff_t>(keep_ - 1), list.end());
  limits_[query] = list[keep_ - 1].score;
  counts_[query] = keep_;
}

std::span<const ScoredRow> NearestCodes::sorted(std::size_t query) {
  cut(query);
  const auto list = slots_.row(query).first(counts_[query]);
  std::sort(list.begin(), list.end());
  return list;
}

void scan_panels(const RowCodes& codes, std::span<const std::int32_t> chosen,
                 std::span<const std::int32_t> targets, const CodePanels& panels, std::size_t begin,
                 std::size_t end, NearestCodes& nearest) {
  const auto scan_codes = kernels::active_codes().scan_codes;
  QueryTile tile(codes.depth());
  kernels::CodeScan scan;
  scan.a = tile.codes.data();
  scan.depth = codes.depth();
  scan.a_half = tile.halves.data();
  scan.a_scale = tile.scales.data();
  scan.a_limit = tile.limits.data();
  scan.values = tile.values.data();
  scan.a_hits = tile.hits.data();
  for (std::size_t first = 0; first < chosen.size(); first += scan_rows) {
    const std::size_t n = std::min(scan_rows, chosen.size() - first);
    const auto to = targets.subspan(first, n);
    tile.load(codes, chosen.subspan(first, n), to, nearest);
    for (std::size_t column = begin; column < end; column += panel_rows) {
      scan.b = panels.panel(column);
      scan.b_half = panels.half(column);
      scan.b_scale = panels.scale(column);
      if (!scan_codes(scan)) continue;
      for (std::size_t r = 0; r < n; ++r) {
        for (std::uint32_t bits = tile.hits[r]; bits != 0; bits &= bits - 1) {
          const auto c = narrow<std::size_t>(std::countr_zero(bits));
          nearest.offer(idx(to[r]), tile.values[r * panel_rows + c],
                        narrow<std::int32_t>(column + c));
        }
        tile.limits[r] = nearest.limit(idx(to[r]));
      }
    }
  }
}

}  // namespace topograph

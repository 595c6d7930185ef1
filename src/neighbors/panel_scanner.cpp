#include "neighbors/panel_scanner.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <vector>

#include "kernels/code_kernels.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

using kernels::panel_rows;
using kernels::scan_rows;

constexpr float nothing_passes = -std::numeric_limits<float>::infinity();
constexpr auto no_column_passes = [] {
  std::array<float, panel_rows> limits{};
  limits.fill(nothing_passes);
  return limits;
}();

}  // namespace

PanelScanner::PanelScanner(NeighborStorage storage, std::size_t cols)
    : is_coded_(storage == NeighborStorage::int8), cols_(cols) {
  if (is_coded_) {
    codes_ = Matrix<std::int8_t>(scan_rows, RowCodes::depth_of(cols));
    return;
  }
  lanes_ = Matrix<float>(cols, panel_rows);
  if (storage == NeighborStorage::float16) widened_ = Matrix<float>(cols, panel_rows);
}

void PanelScanner::load(const Queries& tile, const NearestScores& nearest) {
  limits_.fill(nothing_passes);
  std::vector<float> scratch(is_coded_ ? 0 : cols_);
  for (std::size_t r = 0; r < tile.chosen.size(); ++r) {
    const std::size_t row = idx(tile.chosen[r]);
    halves_[r] = tile.rows.half(row);
    limits_[r] = nearest.limit(idx(tile.targets[r]));
    if (is_coded_) {
      const RowCodes& codes = tile.rows.codes();
      scales_[r] = codes.scale(row);
      std::copy_n(codes.code(row), codes_.cols(), codes_.row(r).begin());
    } else {
      const float* values = tile.rows.floats(row, scratch);
      for (std::size_t t = 0; t < cols_; ++t) lanes_[t, r] = values[t];
    }
  }
}

void PanelScanner::take_hits(const Queries& tile, std::size_t column, NearestScores& nearest) {
  for (std::size_t r = 0; r < tile.chosen.size(); ++r) {
    const std::size_t target = idx(tile.targets[r]);
    for (std::uint32_t bits = hits_[r]; bits != 0; bits &= bits - 1) {
      const auto c = narrow<std::size_t>(std::countr_zero(bits));
      nearest.offer(target, values_[r * panel_rows + c], narrow<std::int32_t>(column + c));
    }
    limits_[r] = nearest.limit(target);
  }
}

void PanelScanner::scan_codes(const Queries& tile, const CodePanels& panels, Range range,
                              NearestScores& nearest) {
  const auto scan_codes = kernels::active_codes().scan_codes;
  kernels::CodeScan scan;
  scan.a = codes_.data();
  scan.depth = codes_.cols();
  scan.a_half = halves_.data();
  scan.a_scale = scales_.data();
  scan.a_limit = limits_.data();
  scan.values = values_.data();
  scan.a_hits = hits_.data();
  for (std::size_t column = range.begin; column < range.end; column += panel_rows) {
    scan.b = panels.panel(column);
    scan.b_half = panels.half(column);
    scan.b_scale = panels.scale(column);
    if (scan_codes(scan)) take_hits(tile, column, nearest);
  }
}

void PanelScanner::scan_floats(const Queries& tile, const StoredPanels& panels, Range range,
                               NearestScores& nearest) {
  const auto scan_panel = kernels::active().scan_panel;
  kernels::PanelScan scan;
  scan.a = lanes_.data();
  scan.depth = cols_;
  scan.a_half = halves_.data();
  scan.a_limit = limits_.data();
  scan.b_limit = no_column_passes.data();
  scan.values = values_.data();
  scan.a_hits = hits_.data();
  scan.b_hits = column_hits_.data();
  for (std::size_t column = range.begin; column < range.end; column += panel_rows) {
    scan.b = panels.floats(column, widened_.data());
    scan.b_half = panels.half(column);
    if (scan_panel(scan)) take_hits(tile, column, nearest);
  }
}

void PanelScanner::scan(const Queries& queries, const StoredPanels& panels, std::size_t begin,
                        std::size_t end, NearestScores& nearest) {
  for (std::size_t first = 0; first < queries.chosen.size(); first += scan_rows) {
    const std::size_t n = std::min(scan_rows, queries.chosen.size() - first);
    const Queries tile{queries.rows, queries.chosen.subspan(first, n),
                       queries.targets.subspan(first, n)};
    load(tile, nearest);
    if (is_coded_) {
      scan_codes(tile, panels.codes(), {begin, end}, nearest);
    } else {
      scan_floats(tile, panels, {begin, end}, nearest);
    }
  }
}

}  // namespace topograph

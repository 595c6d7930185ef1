#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "kernels/kernels.hpp"
#include "neighbors/nearest_scores.hpp"
#include "neighbors/stored_rows.hpp"

namespace topograph {

/// Compares chosen rows with whole panels, eight rows at a time; scratch of one worker.
class PanelScanner {
 public:
  PanelScanner(NeighborStorage storage, std::size_t cols);

  /// Rows to compare: of `rows`, which are stored as the panels are (beside float16 panels they may
  /// be float32); `targets` are their numbers among the answers.
  struct Queries {
    const StoredRows& rows;
    std::span<const std::int32_t> chosen;
    std::span<const std::int32_t> targets;
  };
  /// Offers the rows [begin, end) of the panels (multiples of the panel) to the queries; row i is
  /// offered as id i.
  void scan(const Queries& queries, const StoredPanels& panels, std::size_t begin, std::size_t end,
            NearestScores& nearest);

 private:
  struct Range {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  void load(const Queries& tile, const NearestScores& nearest);
  void scan_codes(const Queries& tile, const CodePanels& panels, Range range,
                  NearestScores& nearest);
  void scan_floats(const Queries& tile, const StoredPanels& panels, Range range,
                   NearestScores& nearest);
  void take_hits(const Queries& tile, std::size_t column, NearestScores& nearest);

  bool is_coded_ = true;
  std::size_t cols_ = 0;
  Matrix<std::int8_t> codes_ = {};  ///< Eight rows one after the other,
  Matrix<float> lanes_ = {};        ///< or value by value at the distance of a panel.
  Matrix<float> widened_ = {};      ///< A panel that is float16.
  std::array<float, kernels::scan_rows> halves_{};
  std::array<float, kernels::scan_rows> scales_{};
  std::array<float, kernels::scan_rows> limits_{};
  std::array<std::uint32_t, kernels::scan_rows> hits_{};
  std::array<std::uint32_t, kernels::scan_rows> column_hits_{};
  alignas(64) std::array<float, kernels::scan_rows * kernels::panel_rows> values_{};
};

}  // namespace topograph

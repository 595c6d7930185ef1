#include "topograph/evaluate/preservation.hpp"

#include <algorithm>
#include <array>
#include <compare>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "evaluate/distance_panels.hpp"
#include "topograph/core/finite_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

using detail::DistancePanels;

/// A row as seen from another one; ordered by distance, then by number.
struct Seen {
  double distance = 0;
  std::size_t row = 0;
  auto operator<=>(const Seen&) const = default;
};

struct RowSums {
  double intruders = 0;  ///< Ranks beyond k, in x, of the neighbours in the layout.
  double missing = 0;    ///< Ranks beyond k, in the layout, of the neighbours in x.
  double kept = 0;       ///< Neighbours in both.
};

/// The k nearest, ascending; a row at infinity is the one that looks.
std::vector<Seen> nearest(std::span<const double> distances, std::size_t k) {
  std::vector<Seen> heap;
  heap.reserve(k + 1);
  for (std::size_t row = 0; row < distances.size(); ++row) {
    const Seen seen{distances[row], row};
    if (heap.size() == k && !(seen < heap.front())) continue;
    heap.push_back(seen);
    std::ranges::push_heap(heap);
    if (heap.size() <= k) continue;
    std::ranges::pop_heap(heap);
    heap.pop_back();
  }
  std::ranges::sort_heap(heap);
  return heap;
}

/// Sum over `rows` of (rank by `distances`) - k, ranks from 1; all of them rank beyond k.
double ranks_beyond(std::span<const double> distances, const std::vector<std::size_t>& rows,
                    std::size_t k) {
  if (rows.empty()) return 0;
  std::vector<Seen> wanted;
  for (const std::size_t row : rows) wanted.push_back({distances[row], row});
  std::ranges::sort(wanted);
  // nearer[i]: rows between the wanted i - 1 and i.
  std::vector<std::size_t> nearer(wanted.size(), 0);
  for (std::size_t row = 0; row < distances.size(); ++row) {
    const Seen seen{distances[row], row};
    if (!(seen < wanted.back())) continue;
    ++nearer[idx(std::ranges::upper_bound(wanted, seen) - wanted.begin())];
  }
  double sum = 0;
  std::size_t before = 0;
  for (const std::size_t count : nearer) {
    before += count;
    sum += static_cast<double>(before + 1) - static_cast<double>(k);
  }
  return sum;
}

/// Rows of a that b does not have.
std::vector<std::size_t> only_in(const std::vector<Seen>& a, const std::vector<Seen>& b) {
  std::vector<std::size_t> rows;
  for (const Seen& seen : a) {
    if (std::ranges::find(b, seen.row, &Seen::row) == b.end()) rows.push_back(seen.row);
  }
  return rows;
}

RowSums compare_row(std::span<const double> in_x, std::span<const double> in_layout,
                    std::size_t k) {
  const std::vector<Seen> near_x = nearest(in_x, k);
  const std::vector<Seen> near_layout = nearest(in_layout, k);
  const auto intruders = only_in(near_layout, near_x);
  return {ranks_beyond(in_x, intruders, k),
          ranks_beyond(in_layout, only_in(near_x, near_layout), k),
          static_cast<double>(k - intruders.size())};
}

Result<void> check(MatrixView<const float> x, MatrixView<const float> layout, std::size_t k,
                   RunContext& run) {
  if (layout.rows() != x.rows()) {
    return input_error(
        ErrorCode::invalid_argument, "layout",
        "expected " + std::to_string(x.rows()) + " rows, found " + std::to_string(layout.rows()));
  }
  if (k < 1 || 2 * k >= x.rows()) {
    return option_error("n_neighbors", "expected at least 1 and less than half of the " +
                                           std::to_string(x.rows()) + " rows, found " +
                                           std::to_string(k));
  }
  TG_TRY(check_finite_rows(x, "x", run));
  return check_finite_rows(layout, "layout", run);
}

std::vector<std::size_t> rows_asked(std::size_t n, std::size_t sample, const RunContext& run) {
  std::vector<std::size_t> rows;
  if (sample == 0 || sample >= n) {
    rows.resize(n);
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return rows;
  }
  const RandomKey key = random_key(run.seed(), "evaluate.preservation");
  for (const std::int32_t row : sample_without_replacement(key, n, sample)) {
    rows.push_back(idx(row));
  }
  return rows;
}

}  // namespace

Result<NeighborPreservation> neighbor_preservation(MatrixView<const float> x,
                                                   MatrixView<const float> layout,
                                                   const PreservationOptions& options,
                                                   RunContext& run) {
  const std::size_t k = options.n_neighbors;
  const std::size_t n = x.rows();
  TG_TRY(check(x, layout, k, run));
  const DistancePanels of_x(x, options.metric);
  const DistancePanels of_layout(layout, Metric::euclidean);
  const std::vector<std::size_t> asked = rows_asked(n, options.sample, run);
  std::vector<RowSums> each(asked.size());
  std::vector<std::array<Matrix<double>, 2>> scratch(idx(run.threads()));
  Stage stage(run, "preservation", asked.size());
  TG_TRY(parallel_blocks(run, asked.size(), DistancePanels::batch, [&](const Block& block) {
    auto& [in_x, in_layout] = scratch[block.worker];
    if (in_x.rows() == 0) in_x = in_layout = Matrix<double>(DistancePanels::batch, n);
    const auto rows = std::span(asked).subspan(block.begin, block.end - block.begin);
    of_x.distances(rows, in_x);
    of_layout.distances(rows, in_layout);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      in_x[i, rows[i]] = in_layout[i, rows[i]] = std::numeric_limits<double>::infinity();
      each[block.begin + i] = compare_row(in_x.row(i), in_layout.row(i), k);
    }
    stage.advance(rows.size());
  }));
  RowSums total;
  for (const RowSums& row : each) {
    total.intruders += row.intruders;
    total.missing += row.missing;
    total.kept += row.kept;
  }
  const auto pairs = static_cast<double>(asked.size() * k);
  // The largest sum of ranks beyond k that a row can have, for k < n / 2, is k (2n - 3k - 1) / 2.
  const double worst = pairs * static_cast<double>(2 * n - 3 * k - 1) / 2;
  return NeighborPreservation{1 - total.intruders / worst, 1 - total.missing / worst,
                              total.kept / pairs};
}

}  // namespace topograph

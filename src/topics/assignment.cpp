// Rows are paired one after another, each along the shortest path of changes to the pairs so far:
// Dijkstra over columns with costs made non-negative by the prices (potentials) u of rows and v of
// columns. There are at most as many rows as columns; otherwise the matrix is read the other way.
#include "topograph/topics/assignment.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr std::int32_t kNobody = -1;

struct Pairing {
  MatrixView<const double> gain;
  bool is_transposed = false;
  std::vector<double> u = {};
  std::vector<double> v = {};
  std::vector<std::int32_t> column_of = {};
  std::vector<std::int32_t> row_of = {};

  [[nodiscard]] double cost(std::size_t row, std::size_t column) const {
    return is_transposed ? -gain[column, row] : -gain[row, column];
  }
};

/// Gives `first` a column, changing earlier pairs along the shortest path.
void add_row(Pairing& pairs, std::size_t first) {
  const std::size_t n_columns = pairs.v.size();
  std::vector<double> distance(n_columns, std::numeric_limits<double>::infinity());
  std::vector<std::int32_t> before(n_columns, kNobody);
  std::vector<std::uint8_t> is_settled(n_columns, 0);
  std::vector<std::size_t> settled_rows;
  std::size_t row = first;
  std::size_t end = n_columns;
  double length = 0;
  while (end == n_columns) {
    settled_rows.push_back(row);
    std::size_t nearest = n_columns;
    for (std::size_t c = 0; c < n_columns; ++c) {
      if (is_settled[c] != 0) continue;
      const double through = length + pairs.cost(row, c) - pairs.u[row] - pairs.v[c];
      if (through < distance[c]) {
        distance[c] = through;
        before[c] = narrow<std::int32_t>(row);
      }
      if (nearest == n_columns || distance[c] < distance[nearest]) nearest = c;
    }
    length = distance[nearest];
    is_settled[nearest] = 1;
    if (pairs.row_of[nearest] == kNobody)
      end = nearest;
    else
      row = idx(pairs.row_of[nearest]);
  }
  for (const std::size_t r : settled_rows) {
    pairs.u[r] += r == first ? length : length - distance[idx(pairs.column_of[r])];
  }
  for (std::size_t c = 0; c < n_columns; ++c) {
    if (is_settled[c] != 0) pairs.v[c] -= length - distance[c];
  }
  for (std::int32_t column = narrow<std::int32_t>(end); column != kNobody;) {
    const auto owner = idx(before[idx(column)]);
    pairs.row_of[idx(column)] = narrow<std::int32_t>(owner);
    std::swap(pairs.column_of[owner], column);
    if (owner == first) break;
  }
}

}  // namespace

Result<std::vector<std::int32_t>> best_pairs(MatrixView<const double> gain, RunContext& run) {
  const bool is_transposed = gain.rows() > gain.cols();
  const std::size_t n_rows = std::min(gain.rows(), gain.cols());
  const std::size_t n_columns = std::max(gain.rows(), gain.cols());
  Pairing pairs{.gain = gain,
                .is_transposed = is_transposed,
                .u = std::vector<double>(n_rows, 0.0),
                .v = std::vector<double>(n_columns, 0.0),
                .column_of = std::vector<std::int32_t>(n_rows, kNobody),
                .row_of = std::vector<std::int32_t>(n_columns, kNobody)};
  for (std::size_t row = 0; row < n_rows; ++row) {
    if (run.stop_requested()) return cancelled();
    add_row(pairs, row);
  }
  std::vector<std::int32_t> found = is_transposed ? pairs.row_of : pairs.column_of;
  for (std::size_t row = 0; row < found.size(); ++row) {
    if (found[row] >= 0 && !(gain[row, idx(found[row])] > 0)) found[row] = kNobody;
  }
  return found;
}

}  // namespace topograph

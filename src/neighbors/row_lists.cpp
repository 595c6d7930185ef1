#include "neighbors/row_lists.hpp"

#include <algorithm>
#include <numeric>

#include "kernels/kernels.hpp"
#include "neighbors/nearest_scores.hpp"
#include "neighbors/panel_scanner.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

// Lists come from k-means on a sample: 40 rows a center and few passes are enough, as the lists
// need only be compact. All assignments are made on stored rows by the same kernels as the search,
// centers are means of the sample's float32 rows. Rows are read in their order twice, to find each
// one's list and to store it there, and never all at once: they may lie in a file.

namespace topograph {
namespace {

constexpr std::size_t row_grain = 256;
constexpr std::size_t sample_per_list = 40;
constexpr int training_passes = 6;
/// A list longer than this many times the mean is cut, so that one dense spot cannot make the
/// search quadratic.
constexpr std::size_t longest_list = 4;

std::size_t padded(std::size_t rows) {
  return block_count(rows, kernels::panel_rows) * kernels::panel_rows;
}

/// Which half norm the centers get: the distance to them, or (to find products) none.
enum class CenterHalf : std::uint8_t { squared, none };

StoredPanels store_centers(const Matrix<float>& centers, NeighborStorage storage, CenterHalf half) {
  StoredRows rows(storage, centers.rows(), centers.cols());
  StoredPanels panels(storage, padded(centers.rows()), centers.cols());
  for (std::size_t c = 0; c < centers.rows(); ++c) {
    double squared = 0;
    for (const float value : centers.row(c)) {
      squared += static_cast<double>(value) * static_cast<double>(value);
    }
    const float norm = half == CenterHalf::squared ? static_cast<float>(0.5 * squared) : 0.0F;
    rows.set(c, centers.row(c), {.norm = norm});
    panels.set(c, rows, c);
  }
  return panels;
}

/// The nearest center of each of `rows` from `first` on, as many as `home` asks for.
void find_homes(const StoredRows& rows, std::size_t first, const StoredPanels& centers,
                std::span<std::int32_t> home) {
  PanelScanner scanner(rows.storage(), rows.cols());
  NearestScores nearest(home.size(), 1);
  std::vector<std::int32_t> chosen(home.size());
  std::vector<std::int32_t> targets(home.size());
  std::iota(chosen.begin(), chosen.end(), narrow<std::int32_t>(first));
  std::iota(targets.begin(), targets.end(), 0);
  scanner.scan({rows, chosen, targets}, centers, 0, centers.size(), nearest);
  for (std::size_t i = 0; i < home.size(); ++i) home[i] = nearest.sorted(i).front().id;
}

/// Items sorted by their list: (offsets, items), items ascending within a list.
struct Members {
  std::vector<std::size_t> offsets = {};
  std::vector<std::int32_t> items = {};
};

Members members_of(const std::vector<std::int32_t>& home, std::size_t n_lists) {
  Members members{std::vector<std::size_t>(n_lists + 1, 0), std::vector<std::int32_t>(home.size())};
  for (const std::int32_t list : home) ++members.offsets[idx(list) + 1];
  std::partial_sum(members.offsets.begin(), members.offsets.end(), members.offsets.begin());
  std::vector<std::size_t> next(members.offsets.begin(), members.offsets.end() - 1);
  for (std::size_t i = 0; i < home.size(); ++i) {
    members.items[next[idx(home[i])]++] = narrow<std::int32_t>(i);
  }
  return members;
}

/// Centers become the means of their members; one without members stays where it is.
Result<void> move_centers(const Matrix<float>& sample, const Members& members,
                          Matrix<float>& centers, RunContext& run) {
  return parallel_blocks(run, centers.rows(), 8, [&](const Block& block) {
    std::vector<double> sum(centers.cols());
    for (std::size_t c = block.begin; c < block.end; ++c) {
      const std::size_t n = members.offsets[c + 1] - members.offsets[c];
      if (n == 0) continue;
      std::fill(sum.begin(), sum.end(), 0.0);
      for (std::size_t m = members.offsets[c]; m < members.offsets[c + 1]; ++m) {
        const auto row = sample.row(idx(members.items[m]));
        for (std::size_t t = 0; t < sum.size(); ++t) sum[t] += static_cast<double>(row[t]);
      }
      for (std::size_t t = 0; t < sum.size(); ++t) {
        centers[c, t] = static_cast<float>(sum[t] / static_cast<double>(n));
      }
    }
  });
}

Result<Matrix<float>> train_centers(const MetricRows& rows, const EqualRows& groups,
                                    const SearchFrame& frame, NeighborStorage storage,
                                    std::size_t n_lists, RunContext& run) {
  // A key of its own: which rows are searched must not depend on whoever builds the index.
  const auto chosen =
      sample_without_replacement(random_key(0, "neighbors.lists"), groups.size(),
                                 std::min(groups.size(), n_lists * sample_per_list));
  Matrix<float> sample(chosen.size(), rows.cols());
  StoredRows stored(storage, sample.rows(), sample.cols());
  TG_TRY(parallel_blocks(run, sample.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const std::size_t row = idx(groups.first[idx(chosen[i])]);
      stored.set(i, sample.row(i), center_row(rows, row, frame, sample.row(i)));
    }
  }));
  Matrix<float> centers(n_lists, rows.cols());
  for (std::size_t c = 0; c < n_lists; ++c) {
    const auto start = sample.row(c * sample.rows() / n_lists);
    std::copy(start.begin(), start.end(), centers.row(c).begin());
  }
  Stage stage(run, "neighbors", idx(training_passes) * sample.rows());
  std::vector<std::int32_t> home(sample.rows());
  for (int pass = 0; pass < training_passes; ++pass) {
    const StoredPanels panels = store_centers(centers, storage, CenterHalf::squared);
    TG_TRY(parallel_blocks(run, home.size(), row_grain, [&](const Block& block) {
      const std::size_t n = block.end - block.begin;
      find_homes(stored, block.begin, panels, std::span(home).subspan(block.begin, n));
      stage.advance(n);
    }));
    TG_TRY(move_centers(sample, members_of(home, n_lists), centers, run));
  }
  return centers;
}

/// Calls take(stored, block) for the groups block by block, stored in the frame.
template <class Take>
Result<void> for_stored_groups(const MetricRows& rows, const EqualRows& groups,
                               const SearchFrame& frame, NeighborStorage storage, RunContext& run,
                               const Take& take) {
  Stage stage(run, "neighbors", groups.size());
  return parallel_blocks(run, groups.size(), row_grain, [&](const Block& block) {
    StoredRows stored(storage, block.end - block.begin, rows.cols());
    std::vector<float> centered(rows.cols());
    for (std::size_t g = block.begin; g < block.end; ++g) {
      const RowHalf half = center_row(rows, idx(groups.first[g]), frame, centered);
      stored.set(g - block.begin, centered, half);
    }
    take(stored, block);
    stage.advance(block.end - block.begin);
  });
}

/// Lists with members, long ones cut; the center of each.
struct Cut {
  std::vector<std::size_t> begins = {};  ///< Into Members::items; one more than lists.
  std::vector<std::int32_t> centers = {};
};

Cut cut_lists(const Members& members, std::size_t n_lists) {
  const std::size_t mean = std::max<std::size_t>(members.items.size() / n_lists, 1);
  const std::size_t longest = std::max(longest_list * mean, kernels::panel_rows);
  Cut cut;
  for (std::size_t c = 0; c < n_lists; ++c) {
    const std::size_t n = members.offsets[c + 1] - members.offsets[c];
    const std::size_t pieces = block_count(n, longest);
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      cut.begins.push_back(members.offsets[c] + n * piece / pieces);
      cut.centers.push_back(narrow<std::int32_t>(c));
    }
  }
  cut.begins.push_back(members.items.size());
  return cut;
}

}  // namespace

Result<RowLists> RowLists::make(const MetricRows& rows, const EqualRows& groups,
                                const SearchFrame& frame, NeighborStorage storage,
                                std::size_t n_lists, RunContext& run) {
  n_lists = std::min(n_lists, groups.size());
  TG_TRY(const Matrix<float> centers, train_centers(rows, groups, frame, storage, n_lists, run));
  std::vector<std::int32_t> home(groups.size());
  {
    const StoredPanels panels = store_centers(centers, storage, CenterHalf::squared);
    TG_TRY(for_stored_groups(
        rows, groups, frame, storage, run, [&](const StoredRows& stored, const Block& block) {
          find_homes(stored, 0, panels,
                     std::span(home).subspan(block.begin, block.end - block.begin));
        }));
  }
  const Members members = members_of(home, n_lists);
  const Cut cut = cut_lists(members, n_lists);

  RowLists lists;
  lists.starts.push_back(0);
  Matrix<float> list_centers(cut.centers.size(), rows.cols());
  for (std::size_t l = 0; l < cut.centers.size(); ++l) {
    lists.starts.push_back(lists.starts.back() + padded(cut.begins[l + 1] - cut.begins[l]));
    const auto center = centers.row(idx(cut.centers[l]));
    std::copy(center.begin(), center.end(), list_centers.row(l).begin());
  }
  lists.centers = store_centers(
      list_centers, storage,
      rows.metric() == Metric::inner_product ? CenterHalf::none : CenterHalf::squared);
  lists.group_at.assign(lists.starts.back(), -1);
  std::vector<std::int32_t>& position_of = home;  // known from here on, home no more needed
  for (std::size_t l = 0; l < lists.size(); ++l) {
    std::size_t position = lists.starts[l];
    for (std::size_t m = cut.begins[l]; m < cut.begins[l + 1]; ++m, ++position) {
      lists.group_at[position] = members.items[m];
      position_of[idx(members.items[m])] = narrow<std::int32_t>(position);
    }
  }
  lists.rows = StoredRows(storage, lists.positions(), rows.cols());
  lists.panels = StoredPanels(storage, lists.positions(), rows.cols());
  TG_TRY(for_stored_groups(rows, groups, frame, storage, run,
                           [&](const StoredRows& stored, const Block& block) {
                             for (std::size_t g = block.begin; g < block.end; ++g) {
                               const std::size_t position = idx(position_of[g]);
                               lists.rows.copy(position, stored, g - block.begin);
                               lists.panels.set(position, stored, g - block.begin);
                             }
                           }));
  return lists;
}

std::size_t RowLists::bytes(std::size_t rows, std::size_t cols, NeighborStorage storage,
                            std::size_t n_lists) {
  const std::size_t positions = rows + 2 * n_lists * kernels::panel_rows;
  const std::size_t sample = std::min(rows, n_lists * sample_per_list);
  const std::size_t kept = StoredRows::bytes(storage, positions, cols) +
                           StoredPanels::bytes(storage, positions, cols) +
                           (2 * rows + positions) * sizeof(std::int32_t);
  const std::size_t training =
      sample * cols * sizeof(float) + StoredRows::bytes(storage, sample, cols);
  return std::max(kept, training) + 2 * n_lists * cols * sizeof(float);
}

std::size_t RowLists::bytes() const {
  return StoredRows::bytes(rows.storage(), positions(), rows.cols()) +
         StoredPanels::bytes(rows.storage(), positions() + centers.size(), rows.cols()) +
         positions() * sizeof(std::int32_t) + starts.size() * sizeof(std::size_t);
}

}  // namespace topograph

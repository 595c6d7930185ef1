#include "neighbors/row_lists.hpp"

#include <algorithm>
#include <numeric>

#include "kernels/code_kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

// Lists come from k-means on a sample: 40 rows a center and few passes are enough, as the lists
// need only be compact. All assignments are made with codes by the same kernel as the search,
// centers are means of the sample's float32 rows.

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

CodePanels code_centers(const Matrix<float>& centers, CenterHalf half) {
  RowCodes codes(centers.rows(), centers.cols());
  CodePanels panels(padded(centers.rows()), codes.depth());
  for (std::size_t c = 0; c < centers.rows(); ++c) {
    double squared = 0;
    for (const float value : centers.row(c)) {
      squared += static_cast<double>(value) * static_cast<double>(value);
    }
    codes.set(c, centers.row(c),
              half == CenterHalf::squared ? static_cast<float>(0.5 * squared) : 0.0F);
    panels.set(c, codes, c);
  }
  return panels;
}

/// The nearest center of every coded row.
Result<std::vector<std::int32_t>> assign(const RowCodes& codes, const CodePanels& centers,
                                         RunContext& run) {
  std::vector<std::int32_t> home(codes.size());
  TG_TRY(parallel_blocks(run, codes.size(), row_grain, [&](const Block& block) {
    NearestCodes nearest(block.end - block.begin, 1);
    std::vector<std::int32_t> chosen(block.end - block.begin);
    std::vector<std::int32_t> targets(chosen.size());
    std::iota(chosen.begin(), chosen.end(), narrow<std::int32_t>(block.begin));
    std::iota(targets.begin(), targets.end(), 0);
    scan_panels(codes, chosen, targets, centers, 0, centers.size(), nearest);
    for (std::size_t i = block.begin; i < block.end; ++i) {
      home[i] = nearest.sorted(i - block.begin).front().id;
    }
  }));
  return home;
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
                                    const SearchFrame& frame, std::size_t n_lists,
                                    RunContext& run) {
  const RandomKey key = random_key(run.seed(), "neighbors.lists");
  const auto order = random_permutation(key, groups.size());
  Matrix<float> sample(std::min(groups.size(), n_lists * sample_per_list), rows.cols());
  RowCodes codes(sample.rows(), sample.cols());
  TG_TRY(parallel_blocks(run, sample.rows(), row_grain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const float half = center_row(rows, idx(groups.first[idx(order[i])]), frame, sample.row(i));
      codes.set(i, sample.row(i), half);
    }
  }));
  Matrix<float> centers(n_lists, rows.cols());
  for (std::size_t c = 0; c < n_lists; ++c) {
    std::copy_n(sample.row(c).begin(), rows.cols(), centers.row(c).begin());
  }
  for (int pass = 0; pass < training_passes; ++pass) {
    TG_TRY(const auto home, assign(codes, code_centers(centers, CenterHalf::squared), run));
    TG_TRY(move_centers(sample, members_of(home, n_lists), centers, run));
  }
  return centers;
}

Result<RowCodes> code_groups(const MetricRows& rows, const EqualRows& groups,
                             const SearchFrame& frame, RunContext& run) {
  RowCodes codes(groups.size(), rows.cols());
  TG_TRY(parallel_blocks(run, groups.size(), row_grain, [&](const Block& block) {
    std::vector<float> centered(rows.cols());
    for (std::size_t g = block.begin; g < block.end; ++g) {
      const float half = center_row(rows, idx(groups.first[g]), frame, centered);
      codes.set(g, centered, half);
    }
  }));
  return codes;
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
                                const SearchFrame& frame, std::size_t n_lists, RunContext& run) {
  n_lists = std::min(n_lists, groups.size());
  TG_TRY(const Matrix<float> centers, train_centers(rows, groups, frame, n_lists, run));
  TG_TRY(const RowCodes coded, code_groups(rows, groups, frame, run));
  TG_TRY(const auto home, assign(coded, code_centers(centers, CenterHalf::squared), run));
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
  lists.centers =
      code_centers(list_centers,
                   rows.metric() == Metric::inner_product ? CenterHalf::none : CenterHalf::squared);
  lists.group_at.assign(lists.starts.back(), -1);
  lists.codes = RowCodes(lists.starts.back(), rows.cols());
  lists.panels = CodePanels(lists.starts.back(), coded.depth());
  TG_TRY(parallel_blocks(run, lists.size(), 1, [&](const Block& block) {
    std::size_t position = lists.starts[block.index];
    for (std::size_t m = cut.begins[block.index]; m < cut.begins[block.index + 1]; ++m) {
      const std::int32_t group = members.items[m];
      lists.group_at[position] = group;
      lists.codes.copy(position, coded, idx(group));
      lists.panels.set(position, coded, idx(group));
      ++position;
    }
    for (; position < lists.starts[block.index + 1]; ++position) lists.codes.clear(position);
  }));
  return lists;
}

std::size_t RowLists::bytes(std::size_t rows, std::size_t cols, std::size_t n_lists) {
  const std::size_t positions = rows + 2 * n_lists * kernels::panel_rows;
  const std::size_t sample = std::min(rows, n_lists * sample_per_list);
  return RowCodes::bytes(rows, cols) + 2 * RowCodes::bytes(positions, cols) +
         sample * cols * sizeof(float) + RowCodes::bytes(sample, cols) +
         (2 * rows + positions) * sizeof(std::int32_t);
}

}  // namespace topograph

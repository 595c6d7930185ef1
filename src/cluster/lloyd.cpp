#include "cluster/lloyd.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "cluster/center_panels.hpp"
#include "cluster/member_sums.hpp"
#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

// Hamerly 2010: a row keeps u >= its distance to its own center and l <= its distance to every
// other one. When centers move by p_c, u grows by p of its own, l shrinks by the largest p of the
// others. A row with u < max(l, half the distance from its center to the nearest other one) keeps
// its label unseen; else u is measured, and only if that is not enough are all centers compared.
namespace topograph::detail {
namespace {

constexpr std::size_t kRowGrain = 1024;
// Sums of bounds are rounded; this much more than they say is far above that.
constexpr double kSlack = 1 + 1e-9;
// Distances between all centers cost k^2 d; beyond this k they save less than they cost.
constexpr std::size_t kMostGaps = 256;

double distance(std::span<const float> a, std::span<const float> b) {
  return std::sqrt(kernels::active().squared_distance(a.data(), b.data(), a.size()));
}

class Lloyd {
 public:
  Lloyd(MatrixView<const float> x, std::span<const double> squared,
        std::span<const std::int32_t> weights, Matrix<float> starts, const LloydOptions& options)
      : x_(x),
        squared_(squared),
        weights_(weights),
        options_(options),
        centers_(std::move(starts)),
        sums_(centers_.rows(), x.cols()),
        labels_(x.rows(), -1),
        upper_(x.rows(), 0.0),
        lower_(x.rows(), 0.0),
        drift_(centers_.rows(), 0.0),
        half_gap_(centers_.rows(), 0.0) {}

  Result<LloydResult> solve(RunContext& run) {
    LloydResult result;
    for (int i = 0; i < options_.max_iter; ++i) {
      result.n_iter = i + 1;
      TG_TRY(const std::size_t n_moves, assign(run));
      if (i > 0 && n_moves == 0) {
        result.has_converged = true;
        break;
      }
      TG_TRY(const double moved, move_centers(run));
      if (moved <= options_.tolerance) {
        result.has_converged = true;
        TG_TRY(assign(run));
        break;
      }
      if (result.n_iter == options_.max_iter) TG_TRY(assign(run));
    }
    result.centers = std::move(centers_);
    result.labels = std::move(labels_);
    return result;
  }

 private:
  /// Gives every row its nearest center; returns how many changed.
  Result<std::size_t> assign(RunContext& run) {
    const CenterPanels panels(centers_.view());
    find_largest_drifts();
    TG_TRY(find_half_gaps(run));
    std::vector<std::vector<MemberMove>> moves(block_count(x_.rows(), kRowGrain));
    TG_TRY(parallel_blocks(run, x_.rows(), kRowGrain, [&](const Block& block) {
      const std::vector<std::int32_t> doubtful = rows_in_doubt(block);
      std::vector<NearestCenter> found(doubtful.size());
      panels.nearest(x_, doubtful, squared_, found);
      for (std::size_t i = 0; i < doubtful.size(); ++i) {
        const std::size_t row = idx(doubtful[i]);
        upper_[row] = found[i].upper;
        lower_[row] = found[i].lower;
        if (labels_[row] == found[i].center) continue;
        moves[block.index].push_back({doubtful[i], labels_[row], found[i].center});
        labels_[row] = found[i].center;
      }
    }));
    std::size_t n_moves = 0;
    for (const auto& of_block : moves) n_moves += of_block.size();
    TG_TRY(sums_.apply(x_, weights_, moves, run));
    return n_moves;
  }

  void find_largest_drifts() {
    most_ = 0;
    for (std::size_t c = 0; c < drift_.size(); ++c) {
      if (drift_[c] > drift_[most_]) most_ = c;
    }
    next_drift_ = 0;
    for (std::size_t c = 0; c < drift_.size(); ++c) {
      if (c != most_) next_drift_ = std::max(next_drift_, drift_[c]);
    }
  }

  Result<void> find_half_gaps(RunContext& run) {
    const std::size_t k = centers_.rows();
    if (k > kMostGaps) return {};
    return parallel_blocks(run, k, 8, [&](const Block& block) {
      for (std::size_t a = block.begin; a < block.end; ++a) {
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t b = 0; b < k; ++b) {
          if (b != a) least = std::min(least, distance(centers_.row(a), centers_.row(b)));
        }
        half_gap_[a] = least / 2;
      }
    });
  }

  std::vector<std::int32_t> rows_in_doubt(const Block& block) {
    std::vector<std::int32_t> rows;
    for (std::size_t row = block.begin; row < block.end; ++row) {
      if (labels_[row] >= 0) {
        const std::size_t own = idx(labels_[row]);
        upper_[row] += drift_[own];
        lower_[row] -= own == most_ ? next_drift_ : drift_[most_];
        const double limit = std::max(lower_[row], half_gap_[own]);
        if (upper_[row] * kSlack < limit) continue;
        upper_[row] = distance(x_.row(row), centers_.row(own));
        if (upper_[row] * kSlack < limit) continue;
      }
      rows.push_back(narrow<std::int32_t>(row));
    }
    return rows;
  }

  /// Puts centers at the means of their rows; returns the sum of squared moves.
  Result<double> move_centers(RunContext& run) {
    TG_TRY(Matrix<float> moved, next_centers(run));
    double total = 0;
    for (std::size_t c = 0; c < centers_.rows(); ++c) {
      drift_[c] = distance(moved.row(c), centers_.row(c));
      total += drift_[c] * drift_[c];
    }
    centers_ = std::move(moved);
    return total;
  }

  Result<Matrix<float>> next_centers(RunContext& run) {
    const std::size_t k = centers_.rows();
    MemberSums sums = sums_;
    Matrix<float> moved(k, x_.cols());
    std::vector<std::size_t> empty;
    for (std::size_t c = 0; c < k; ++c) {
      if (sums.weight(c) == 0) empty.push_back(c);
    }
    if (!empty.empty()) TG_TRY(fill_empty(empty, sums, run));
    std::size_t heaviest = 0;
    for (std::size_t c = 1; c < k; ++c) {
      if (sums.weight(c) > sums.weight(heaviest)) heaviest = c;
    }
    for (std::size_t c = 0; c < k; ++c) {
      const std::size_t from = sums.weight(c) > 0 ? c : heaviest;
      sums.write_mean(from, options_.is_spherical, centers_.row(from), moved.row(c));
    }
    return moved;
  }

  /// Each center without rows takes the row farthest from its own center (ties: smaller row).
  Result<void> fill_empty(std::span<const std::size_t> empty, MemberSums& sums, RunContext& run) {
    std::vector<double> far(x_.rows());
    TG_TRY(parallel_blocks(run, x_.rows(), kRowGrain, [&](const Block& block) {
      for (std::size_t row = block.begin; row < block.end; ++row) {
        far[row] = distance(x_.row(row), centers_.row(idx(labels_[row])));
      }
    }));
    std::vector<std::int32_t> order(x_.rows());
    for (std::size_t row = 0; row < order.size(); ++row) order[row] = narrow<std::int32_t>(row);
    const std::size_t count = std::min(empty.size(), order.size());
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count),
                      order.end(), [&](std::int32_t a, std::int32_t b) {
                        return far[idx(a)] != far[idx(b)] ? far[idx(a)] > far[idx(b)] : a < b;
                      });
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t row = idx(order[i]);
      if (far[row] == 0) break;
      const std::int64_t weight = weights_.empty() ? 1 : weights_[row];
      sums.add(x_.row(row), -weight, idx(labels_[row]));
      sums.add(x_.row(row), weight, empty[i]);
    }
    return {};
  }

  MatrixView<const float> x_;
  std::span<const double> squared_;
  std::span<const std::int32_t> weights_;
  LloydOptions options_;
  Matrix<float> centers_;
  MemberSums sums_;
  std::vector<std::int32_t> labels_;
  std::vector<double> upper_;
  std::vector<double> lower_;
  std::vector<double> drift_;
  std::vector<double> half_gap_;
  std::size_t most_ = 0;
  double next_drift_ = 0;
};

}  // namespace

Result<LloydResult> lloyd(MatrixView<const float> x, std::span<const double> squared,
                          std::span<const std::int32_t> weights, Matrix<float> starts,
                          const LloydOptions& options, RunContext& run) {
  return Lloyd(x, squared, weights, std::move(starts), options).solve(run);
}

}  // namespace topograph::detail

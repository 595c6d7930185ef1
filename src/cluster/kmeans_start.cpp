#include "cluster/kmeans_start.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "cluster/center_panels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kRowGrain = 1024;

/// What all rows weigh together, and in each block: draws in proportion to `mass`.
class Lottery {
 public:
  Lottery(std::span<const double> mass, std::vector<double> blocks)
      : mass_(mass), blocks_(std::move(blocks)) {
    for (const double block : blocks_) total_ += block;
  }
  [[nodiscard]] double total() const { return total_; }
  /// The row at `share` (in [0, 1)) of the total; never one without mass, unless all are.
  [[nodiscard]] std::size_t draw(double share) const {
    double left = share * total_;
    std::size_t block = 0;
    while (block + 1 < blocks_.size() && left >= blocks_[block]) left -= blocks_[block++];
    const std::size_t end = std::min(mass_.size(), (block + 1) * kRowGrain);
    std::size_t last = block * kRowGrain;
    for (std::size_t row = block * kRowGrain; row < end; ++row) {
      if (mass_[row] <= 0) continue;
      last = row;
      if (left < mass_[row]) break;
      left -= mass_[row];
    }
    return last;
  }

 private:
  std::span<const double> mass_;
  std::vector<double> blocks_;
  double total_ = 0;
};

class GreedyDraw {
 public:
  GreedyDraw(MatrixView<const float> x, std::span<const double> squared,
             std::span<const std::int32_t> weights, RandomKey key)
      : x_(x), squared_(squared), weights_(weights), key_(key), mass_(x.rows()) {}

  Result<Matrix<float>> draw(std::size_t k, RunContext& run) {
    const std::size_t n_draws = 2 + static_cast<std::size_t>(std::log(static_cast<double>(k)));
    std::vector<double> blocks(block_count(x_.rows(), kRowGrain), 0.0);
    for (std::size_t row = 0; row < x_.rows(); ++row) {
      mass_[row] = weight(row);
      blocks[row / kRowGrain] += mass_[row];
    }
    std::vector<std::size_t> chosen = {Lottery(mass_, blocks).draw(uniform(key_, 0, 0))};
    TG_TRY(blocks, measure(chosen, run));
    take(0);
    while (chosen.size() < k) {
      const Lottery lottery(mass_, blocks);
      if (!(lottery.total() > 0)) break;
      std::vector<std::size_t> drawn(n_draws);
      for (std::size_t i = 0; i < n_draws; ++i) {
        drawn[i] = lottery.draw(uniform(key_, chosen.size(), i));
      }
      TG_TRY(const auto candidate_blocks, measure(drawn, run));
      blocks = candidate_blocks;
      chosen.push_back(drawn[best_]);
      take(best_);
    }
    Matrix<float> starts(chosen.size(), x_.cols());
    for (std::size_t c = 0; c < chosen.size(); ++c) {
      std::ranges::copy(x_.row(chosen[c]), starts.row(c).begin());
    }
    return starts;
  }

 private:
  [[nodiscard]] double weight(std::size_t row) const {
    return weights_.empty() ? 1.0 : static_cast<double>(weights_[row]);
  }

  /// Fills `offered_` with what each row would weigh after each candidate, notes the best one and
  /// returns its sums over blocks.
  Result<std::vector<double>> measure(std::span<const std::size_t> candidates, RunContext& run) {
    Matrix<float> rows(candidates.size(), x_.cols());
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      std::ranges::copy(x_.row(candidates[i]), rows.row(i).begin());
    }
    const CenterPanels panels(rows.view());
    const bool is_first = offered_.empty();
    if (offered_.cols() != candidates.size()) {
      offered_ = Matrix<double>(x_.rows(), candidates.size());
    }
    Matrix<double> sums(block_count(x_.rows(), kRowGrain), candidates.size());
    TG_TRY(parallel_blocks(run, x_.rows(), kRowGrain, [&](const Block& block) {
      panels.squared_distances(
          x_, block.begin, block.end, squared_,
          {offered_.row(block.begin).data(), block.end - block.begin, candidates.size()});
      for (std::size_t row = block.begin; row < block.end; ++row) {
        for (std::size_t i = 0; i < candidates.size(); ++i) {
          double& offer = offered_[row, i];
          offer *= weight(row);
          if (!is_first) offer = std::min(offer, mass_[row]);
          sums[block.index, i] += offer;
        }
      }
    }));
    std::vector<double> totals(candidates.size(), 0.0);
    for (std::size_t b = 0; b < sums.rows(); ++b) {
      for (std::size_t i = 0; i < totals.size(); ++i) totals[i] += sums[b, i];
    }
    best_ = idx(std::ranges::min_element(totals) - totals.begin());
    std::vector<double> blocks(sums.rows());
    for (std::size_t b = 0; b < sums.rows(); ++b) blocks[b] = sums[b, best_];
    return blocks;
  }

  void take(std::size_t candidate) {
    for (std::size_t row = 0; row < x_.rows(); ++row) mass_[row] = offered_[row, candidate];
  }

  MatrixView<const float> x_;
  std::span<const double> squared_;
  std::span<const std::int32_t> weights_;
  RandomKey key_;
  std::vector<double> mass_;
  Matrix<double> offered_ = {};
  std::size_t best_ = 0;
};

}  // namespace

Result<Matrix<float>> draw_starts(MatrixView<const float> x, std::span<const double> squared,
                                  std::span<const std::int32_t> weights, std::size_t k,
                                  KMeansInit init, RandomKey key, RunContext& run) {
  k = std::min(k, x.rows());
  if (init == KMeansInit::kmeans_plus_plus) {
    return GreedyDraw(x, squared, weights, key).draw(k, run);
  }
  Matrix<float> starts(k, x.cols());
  const auto rows = sample_without_replacement(key, x.rows(), k);
  for (std::size_t c = 0; c < k; ++c) {
    std::ranges::copy(x.row(idx(rows[c])), starts.row(c).begin());
  }
  return starts;
}

}  // namespace topograph::detail

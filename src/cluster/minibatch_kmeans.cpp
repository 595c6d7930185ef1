#include "topograph/cluster/minibatch_kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "cluster/center_panels.hpp"
#include "cluster/kmeans_start.hpp"
#include "cluster/member_sums.hpp"
#include "cluster/number_by_size.hpp"
#include "cluster/point_checks.hpp"
#include "topograph/cluster/unit_rows.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 256;
constexpr std::size_t kPassRows = 8192;

/// A batch in memory: the rows, of unit length if asked for, and their weights.
struct Batch {
  Matrix<float> x = {};
  std::vector<std::int32_t> weights = {};
  std::vector<double> squared = {};
};

class Minibatch {
 public:
  Minibatch(const RowSource& rows, std::span<const std::int32_t> weights,
            const MinibatchKMeansOptions& options, std::uint64_t seed)
      : rows_(rows), weights_(weights), options_(options), seed_(seed) {}

  Result<KMeansResult> solve(RunContext& run) {
    const std::size_t n = rows_.rows();
    const std::size_t batch_size = std::min(idx(options_.batch_size), n);
    const std::size_t n_steps = std::max<std::size_t>(1, idx(options_.max_iter) * n / batch_size);
    Stage stage(run, "minibatch", n);
    TG_TRY(start(batch_size, run));
    KMeansResult result;
    for (std::size_t step = 0; step < n_steps && !result.has_converged; ++step) {
      if (run.stop_requested()) return cancelled();
      TG_TRY(const Batch batch, draw("minibatch.batch", step, batch_size, run));
      TG_TRY(const Step done, move_centers(batch, step, run));
      result.n_iter = narrow<int>(step) + 1;
      result.has_converged = is_done(done, step, batch_size, n);
    }
    TG_TRY(label_all(result, stage, run));
    return result;
  }

 private:
  struct Step {
    double inertia = 0;
    double squared_moves = 0;
  };

  Result<Batch> load(std::span<const std::int64_t> ids, RunContext& run) const {
    Batch batch{.x = Matrix<float>(ids.size(), rows_.cols())};
    TG_TRY(rows_.read(ids, batch.x.view()));
    if (auto checked = detail::check_points(batch.x.view(), "minibatch", run); !checked) {
      return name_row(ids, batch.x, std::move(checked).error());
    }
    if (options_.spherical) {
      TG_TRY(batch.x, unit_rows(batch.x.view(), run));
    }
    TG_TRY(batch.squared, detail::squared_norms(batch.x.view(), run));
    for (const std::int64_t id : ids) {
      batch.weights.push_back(weights_.empty() ? 1 : weights_[idx(id)]);
    }
    return batch;
  }

  /// The error with the row's number in the source instead of that in the batch.
  static std::unexpected<Error> name_row(std::span<const std::int64_t> ids, const Matrix<float>& x,
                                         Error error) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (std::ranges::all_of(x.row(i), [](float value) { return std::isfinite(value); })) continue;
      error.where = "row " + std::to_string(ids[i]);
      break;
    }
    return std::unexpected(std::move(error));
  }

  Result<Batch> draw(std::string_view stream, std::size_t step, std::size_t count,
                     RunContext& run) const {
    const RandomKey key = random_key(seed_, stream);
    std::vector<std::int64_t> ids(count);
    for (std::size_t i = 0; i < count; ++i) {
      ids[i] = narrow<std::int64_t>(uniform_below(key, step, i, rows_.rows()));
    }
    return load(ids, run);
  }

  /// The best of `n_init` starts on a sample of its own.
  Result<void> start(std::size_t batch_size, RunContext& run) {
    const std::size_t k = idx(options_.n_clusters);
    std::size_t size = options_.init_size ? idx(*options_.init_size) : 3 * batch_size;
    if (size < k) size = 3 * k;
    size = std::min(size, rows_.rows());
    TG_TRY(const Batch sample, draw("minibatch.check", 0, size, run));
    TG_TRY(variance_of(sample, run));
    double least = std::numeric_limits<double>::infinity();
    for (int i = 0; i < options_.n_init; ++i) {
      const auto number = static_cast<std::uint64_t>(i);
      TG_TRY(const Batch source, sample_rows(number, size, run));
      TG_TRY(auto centers,
             detail::draw_starts(source.x.view(), source.squared, source.weights, k, options_.init,
                                 random_key(seed_ + number, "minibatch.starts"), run));
      TG_TRY(const auto found, nearest(sample, centers, run));
      const double inertia = inertia_of(sample, found);
      if (i > 0 && !(inertia < least)) continue;
      least = inertia;
      centers_ = std::move(centers);
    }
    counts_.assign(centers_.rows(), 0.0);
    return {};
  }

  Result<Batch> sample_rows(std::uint64_t start, std::size_t size, RunContext& run) const {
    const auto drawn = sample_without_replacement(random_key(seed_ + start, "minibatch.sample"),
                                                  rows_.rows(), size);
    const std::vector<std::int64_t> ids(drawn.begin(), drawn.end());
    return load(ids, run);
  }

  Result<void> variance_of(const Batch& sample, RunContext& run) {
    if (options_.tol == 0) return {};
    detail::MemberSums sums(1, sample.x.cols());
    TG_TRY(sums.apply(sample.x.view(), sample.weights,
                      all_to(std::vector<std::int32_t>(sample.x.rows(), 0)), run));
    Matrix<float> mean(1, sample.x.cols());
    sums.write_mean(0, false, {}, mean.row(0));
    TG_TRY(const auto found, nearest(sample, mean, run));
    variance_ = inertia_of(sample, found) / static_cast<double>(sums.weight(0)) /
                static_cast<double>(sample.x.cols());
    return {};
  }

  static std::vector<std::vector<detail::MemberMove>> all_to(
      const std::vector<std::int32_t>& labels) {
    std::vector<std::vector<detail::MemberMove>> moves(1);
    for (std::size_t row = 0; row < labels.size(); ++row) {
      moves[0].push_back({narrow<std::int32_t>(row), -1, labels[row]});
    }
    return moves;
  }

  static Result<CenterPrediction> nearest(const Batch& batch, const Matrix<float>& centers,
                                          RunContext& run) {
    return predict_centers(centers.view(), batch.x.view(), false, run);
  }

  static double inertia_of(const Batch& batch, const CenterPrediction& found) {
    double sum = 0;
    for (std::size_t row = 0; row < batch.x.rows(); ++row) {
      sum += static_cast<double>(batch.weights[row]) * found.distance[row] * found.distance[row];
    }
    return sum;
  }

  Result<Step> move_centers(const Batch& batch, std::size_t step, RunContext& run) {
    TG_TRY(const auto found, nearest(batch, centers_, run));
    const Matrix<float> before = centers_;
    detail::MemberSums sums(centers_.rows(), centers_.cols());
    TG_TRY(sums.apply(batch.x.view(), batch.weights, all_to(found.labels), run));
    for (std::size_t c = 0; c < centers_.rows(); ++c) {
      const auto added = static_cast<double>(sums.weight(c));
      if (added == 0) continue;
      std::vector<double> mean = sums.sum(c);
      const double total = counts_[c] + added;
      for (std::size_t t = 0; t < mean.size(); ++t) {
        mean[t] = (mean[t] + counts_[c] * static_cast<double>(centers_[c, t])) / total;
      }
      if (options_.spherical) scale_to_unit(mean);
      std::ranges::transform(mean, centers_.row(c).begin(),
                             [](double value) { return static_cast<float>(value); });
      counts_[c] = total;
    }
    reassign(batch, step);
    Step done{.inertia = inertia_of(batch, found)};
    for (std::size_t i = 0; i < centers_.size(); ++i) {
      const double move =
          static_cast<double>(centers_.data()[i]) - static_cast<double>(before.data()[i]);
      done.squared_moves += move * move;
    }
    return done;
  }

  static void scale_to_unit(std::vector<double>& row) {
    double squared = 0;
    for (const double value : row) squared += value * value;
    if (squared == 0) return;
    for (double& value : row) value /= std::sqrt(squared);
  }

  /// Now and then, centers with few rows jump to rows of the batch.
  void reassign(const Batch& batch, std::size_t step) {
    since_reassigned_ += batch.x.rows();
    const bool is_due = std::ranges::find(counts_, 0.0) != counts_.end() ||
                        since_reassigned_ >= 10 * centers_.rows();
    if (!is_due || options_.reassignment_ratio == 0) return;
    since_reassigned_ = 0;
    const double limit = options_.reassignment_ratio * *std::ranges::max_element(counts_);
    std::vector<std::int32_t> weak;
    double least_kept = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < counts_.size(); ++c) {
      if (counts_[c] < limit) weak.push_back(narrow<std::int32_t>(c));
      if (counts_[c] >= limit) least_kept = std::min(least_kept, counts_[c]);
    }
    std::ranges::stable_sort(
        weak, [&](std::int32_t a, std::int32_t b) { return counts_[idx(a)] < counts_[idx(b)]; });
    weak.resize(std::min(weak.size(), batch.x.rows() / 2));
    const auto chosen = sample_without_replacement(random_key(seed_ + step, "minibatch.reassign"),
                                                   batch.x.rows(), weak.size());
    for (std::size_t i = 0; i < weak.size(); ++i) {
      std::ranges::copy(batch.x.row(idx(chosen[i])), centers_.row(idx(weak[i])).begin());
      counts_[idx(weak[i])] = least_kept;
    }
  }

  bool is_done(const Step& done, std::size_t step, std::size_t batch_size, std::size_t n) {
    if (step == 0) return false;  // its inertia is that of the start
    const double inertia = done.inertia / static_cast<double>(batch_size);
    const double alpha =
        std::min(1.0, 2.0 * static_cast<double>(batch_size) / static_cast<double>(n + 1));
    smoothed_ = step == 1 ? inertia : smoothed_ * (1 - alpha) + inertia * alpha;
    if (options_.tol > 0 && done.squared_moves <= options_.tol * variance_) return true;
    if (step == 1 || smoothed_ < least_smoothed_) {
      least_smoothed_ = smoothed_;
      n_without_improvement_ = 0;
      return false;
    }
    ++n_without_improvement_;
    return options_.max_no_improvement > 0 && n_without_improvement_ >= options_.max_no_improvement;
  }

  /// One pass over all rows, numbering clusters by size.
  Result<void> label_all(KMeansResult& result, Stage& stage, RunContext& run) {
    std::vector<std::int32_t>& labels = result.clusters.labels;
    for (std::size_t begin = 0; begin < rows_.rows(); begin += kPassRows) {
      if (run.stop_requested()) return cancelled();
      std::vector<std::int64_t> ids(std::min(kPassRows, rows_.rows() - begin));
      std::iota(ids.begin(), ids.end(), narrow<std::int64_t>(begin));
      TG_TRY(const Batch batch, load(ids, run));
      TG_TRY(const auto found, nearest(batch, centers_, run));
      labels.insert(labels.end(), found.labels.begin(), found.labels.end());
      result.clusters.strength.insert(result.clusters.strength.end(), found.strength.begin(),
                                      found.strength.end());
      result.inertia += inertia_of(batch, found);
      stage.advance(ids.size());
    }
    const auto order = detail::number_by_size(labels, weights_);
    result.clusters.n_clusters = narrow<std::int32_t>(order.size());
    result.centers = Matrix<float>(order.size(), centers_.cols());
    for (std::size_t c = 0; c < order.size(); ++c) {
      std::ranges::copy(centers_.row(idx(order[c])), result.centers.row(c).begin());
    }
    return {};
  }

  const RowSource& rows_;
  std::span<const std::int32_t> weights_;
  const MinibatchKMeansOptions& options_;
  std::uint64_t seed_;
  Matrix<float> centers_ = {};
  std::vector<double> counts_ = {};
  double variance_ = 0;
  std::size_t since_reassigned_ = 0;
  double smoothed_ = 0;
  double least_smoothed_ = 0;
  int n_without_improvement_ = 0;
};

}  // namespace

Result<KMeansResult> minibatch_kmeans(const RowSource& rows, std::span<const std::int32_t> weights,
                                      const MinibatchKMeansOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "minibatch"));
  TG_TRY(detail::check_weights(weights, rows.rows(), "minibatch"));
  if (rows.rows() == 0 || rows.cols() == 0) {
    return input_error(ErrorCode::invalid_argument, "minibatch", "expected points, found none");
  }
  return Minibatch(rows, weights, options, run.seed()).solve(run);
}

}  // namespace topograph

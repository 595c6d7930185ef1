#include "embed/static/learn_vectors.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "embed/static/static_vectors.hpp"
#include "kernels/kernels.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kTextsPerBlock = 32;
constexpr std::size_t kTokensPerBlock = 64;
// Adam's constants; the second moment forgets faster than usual because most tokens are rare.
constexpr double kMomentum = 0.9;
constexpr double kSquareMomentum = 0.99;
constexpr float kSmallest = 1e-8F;

/// The texts of a batch by token: token ids[t] is in the texts rows[offsets[t] .. offsets[t + 1]),
/// as often as it occurs.
struct TokenLists {
  std::vector<std::int32_t> ids = {};
  std::vector<std::size_t> offsets = {};
  std::vector<std::int32_t> rows = {};
};

class Learner {
 public:
  Learner(const TokenBatch& texts, MatrixView<const float> targets, const LearnOptions& options,
          Matrix<float>& vectors)
      : texts_(texts),
        targets_(targets),
        options_(options),
        vectors_(vectors),
        start_(options.pull > 0 ? vectors : Matrix<float>()),
        gradients_(idx(options.batch_texts), vectors.cols()),
        cosines_(idx(options.batch_texts)),
        mean_(vectors.rows(), vectors.cols()),
        square_(vectors.rows(), vectors.cols()),
        n_steps_(vectors.rows()),
        counts_(vectors.rows()) {}

  /// One step on the texts `batch`. @return the sum of their cosines before it.
  Result<double> step(std::span<const std::int32_t> batch, double rate, RunContext& run) {
    TG_TRY(parallel_blocks(run, batch.size(), kTextsPerBlock, [&](const Block& block) {
      std::vector<double> sum(vectors_.cols());
      for (std::size_t i = block.begin; i < block.end; ++i) differentiate(i, idx(batch[i]), sum);
    }));
    list_tokens(batch);
    const auto scale = static_cast<float>(1.0 / static_cast<double>(batch.size()));
    TG_TRY(parallel_blocks(run, lists_.ids.size(), kTokensPerBlock, [&](const Block& block) {
      std::vector<double> sum(vectors_.cols());
      for (std::size_t t = block.begin; t < block.end; ++t) move_token(t, scale, rate, sum);
    }));
    double total = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) total += cosines_[i];
    return total;
  }

 private:
  /// The gradient of 1 - cos(sum, target) with respect to the sum of the text's vectors:
  /// (cos * unit(sum) - target) / |sum|.
  void differentiate(std::size_t i, std::size_t text, std::span<double> sum) {
    add_up_rows(std::as_const(vectors_).view(), texts_[text], sum);
    const auto target = targets_.row(text);
    double squared = 0;
    double along = 0;
    for (std::size_t j = 0; j < sum.size(); ++j) {
      squared += sum[j] * sum[j];
      along += sum[j] * static_cast<double>(target[j]);
    }
    const double norm = std::max(std::sqrt(squared), 1e-12);
    const double cosine = along / norm;
    const auto gradient = gradients_.row(i);
    for (std::size_t j = 0; j < sum.size(); ++j) {
      gradient[j] =
          static_cast<float>((cosine * sum[j] / norm - static_cast<double>(target[j])) / norm);
    }
    cosines_[i] = cosine;
  }

  void list_tokens(std::span<const std::int32_t> batch) {
    lists_.ids.clear();
    for (const std::int32_t text : batch) {
      for (const std::int32_t id : texts_[idx(text)]) {
        if (counts_[idx(id)]++ == 0) lists_.ids.push_back(id);
      }
    }
    std::ranges::sort(lists_.ids);
    lists_.offsets.assign(1, 0);
    for (const std::int32_t id : lists_.ids) {
      lists_.offsets.push_back(lists_.offsets.back() + counts_[idx(id)]);
      counts_[idx(id)] = lists_.offsets[lists_.offsets.size() - 2];  // where its list goes on
    }
    lists_.rows.resize(lists_.offsets.back());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      for (const std::int32_t id : texts_[idx(batch[i])]) {
        lists_.rows[counts_[idx(id)]++] = narrow<std::int32_t>(i);
      }
    }
    for (const std::int32_t id : lists_.ids) counts_[idx(id)] = 0;
  }

  void move_token(std::size_t t, float scale, double rate, std::span<double> sum) {
    const std::size_t token = idx(lists_.ids[t]);
    const std::span<const std::int32_t> all(lists_.rows);
    add_up_rows(std::as_const(gradients_).view(),
                all.subspan(lists_.offsets[t], lists_.offsets[t + 1] - lists_.offsets[t]), sum);
    const double n = ++n_steps_[token];
    const auto step = static_cast<float>(rate / (1 - std::pow(kMomentum, n)));
    const auto spread = static_cast<float>(1 / (1 - std::pow(kSquareMomentum, n)));
    const auto pull = static_cast<float>(options_.pull);
    const auto vector = vectors_.row(token);
    const auto mean = mean_.row(token);
    const auto square = square_.row(token);
    for (std::size_t j = 0; j < sum.size(); ++j) {
      float gradient = scale * static_cast<float>(sum[j]);
      if (pull > 0) gradient += pull * (vector[j] - start_[token, j]);
      mean[j] += static_cast<float>(1 - kMomentum) * (gradient - mean[j]);
      square[j] += static_cast<float>(1 - kSquareMomentum) * (gradient * gradient - square[j]);
      vector[j] -= step * mean[j] / (std::sqrt(square[j] * spread) + kSmallest);
    }
  }

  const TokenBatch& texts_;
  MatrixView<const float> targets_;
  const LearnOptions& options_;
  Matrix<float>& vectors_;
  Matrix<float> start_;
  Matrix<float> gradients_;
  std::vector<double> cosines_;
  Matrix<float> mean_;
  Matrix<float> square_;
  std::vector<double> n_steps_;
  std::vector<std::size_t> counts_;
  TokenLists lists_ = {};
};

/// The texts that have tokens and a target.
std::vector<std::int32_t> usable_texts(const TokenBatch& texts, MatrixView<const float> targets) {
  std::vector<std::int32_t> usable;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto target = targets.row(i);
    const bool has_target = std::ranges::any_of(target, [](float x) { return x != 0; });
    if (!texts[i].empty() && has_target) usable.push_back(narrow<std::int32_t>(i));
  }
  return usable;
}

}  // namespace

Result<double> learn_vectors(const TokenBatch& texts, MatrixView<const float> targets,
                             const LearnOptions& options, Matrix<float>& vectors, Stage& stage,
                             RunContext& run) {
  TG_EXPECTS(targets.rows() == texts.size() && targets.cols() == vectors.cols());
  const std::vector<std::int32_t> usable = usable_texts(texts, targets);
  const std::size_t batch_texts = idx(options.batch_texts);
  const std::size_t n_batches = block_count(usable.size(), batch_texts);
  const auto n_all = static_cast<double>(n_batches * idx(options.epochs));
  Learner learner(texts, targets, options, vectors);
  const RandomKey key = random_key(run.seed(), "distill.batches");
  std::vector<std::int32_t> batch;
  double cosine = 0;
  std::size_t n_done = 0;
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    const auto order =
        random_permutation(RandomKey{random_bits(key, idx(epoch), 0)}, usable.size());
    cosine = 0;
    for (std::size_t b = 0; b < n_batches; ++b) {
      const std::size_t end = std::min(usable.size(), (b + 1) * batch_texts);
      batch.clear();
      for (std::size_t i = b * batch_texts; i < end; ++i) batch.push_back(usable[idx(order[i])]);
      const double rate = options.learning_rate * (1 - static_cast<double>(++n_done) / n_all);
      TG_TRY(const double sum, learner.step(batch, rate, run));
      cosine += sum;
      stage.advance(batch.size());
    }
    cosine /= static_cast<double>(std::max<std::size_t>(usable.size(), 1));
  }
  return cosine;
}

}  // namespace topograph::detail

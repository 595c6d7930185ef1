#include "embed/static/corpus_start.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <vector>

#include "embed/encoder/pooling.hpp"
#include "embed/static/static_vectors.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph::detail {
namespace {

constexpr std::size_t kSampleTexts = 65536;
constexpr std::size_t kRowsPerBlock = 1024;
constexpr double kRidge = 1e-3;     // of the mean diagonal entry
constexpr double kDeviation = 0.1;  // of the entries at the start: the learning rate's unit

using Moment = Eigen::MatrixXd;
using FloatRows =
    Eigen::Map<const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>, 0,
               Eigen::OuterStride<>>;

FloatRows rows_of(MatrixView<const float> x, std::size_t begin, std::size_t end) {
  return {x.data() + begin * x.stride(), narrow<Eigen::Index>(end - begin),
          narrow<Eigen::Index>(x.cols()), Eigen::OuterStride<>(narrow<Eigen::Index>(x.stride()))};
}

/// x^T z
Result<Moment> cross_moment(MatrixView<const float> x, MatrixView<const float> z, RunContext& run) {
  std::vector<Moment> parts(block_count(x.rows(), kRowsPerBlock));
  TG_TRY(parallel_blocks(run, x.rows(), kRowsPerBlock, [&](const Block& block) {
    parts[block.index].noalias() = rows_of(x, block.begin, block.end).cast<double>().transpose() *
                                   rows_of(z, block.begin, block.end).cast<double>();
  }));
  Moment sum = Moment::Zero(narrow<Eigen::Index>(x.cols()), narrow<Eigen::Index>(z.cols()));
  for (const Moment& part : parts) sum += part;
  return sum;
}

/// out = x * map
Result<Matrix<float>> times(MatrixView<const float> x, const Moment& map, RunContext& run) {
  Matrix<float> out(x.rows(), idx(map.cols()));
  TG_TRY(parallel_blocks(run, x.rows(), kRowsPerBlock, [&](const Block& block) {
    const Moment product = rows_of(x, block.begin, block.end).cast<double>() * map;
    for (std::size_t i = block.begin; i < block.end; ++i) {
      for (std::size_t j = 0; j < out.cols(); ++j) {
        out[i, j] = static_cast<float>(
            product(narrow<Eigen::Index>(i - block.begin), narrow<Eigen::Index>(j)));
      }
    }
  }));
  return out;
}

/// Every `step`-th row, so that at most kSampleTexts remain.
std::size_t sample_step(std::size_t n_texts) {
  return std::max<std::size_t>(1, (n_texts + kSampleTexts - 1) / kSampleTexts);
}

Matrix<float> sample_rows(MatrixView<const float> x) {
  const std::size_t step = sample_step(x.rows());
  Matrix<float> out((x.rows() + step - 1) / step, x.cols());
  for (std::size_t i = 0; i < out.rows(); ++i)
    std::ranges::copy(x.row(i * step), out.row(i).begin());
  return out;
}

/// The unit sums of the sampled texts' token vectors.
Result<Matrix<float>> sample_texts(const TokenBatch& texts, MatrixView<const float> token_vectors,
                                   RunContext& run) {
  const std::size_t step = sample_step(texts.size());
  Matrix<float> out((texts.size() + step - 1) / step, token_vectors.cols());
  TG_TRY(parallel_blocks(run, out.rows(), kRowsPerBlock, [&](const Block& block) {
    std::vector<double> sum(out.cols());
    for (std::size_t i = block.begin; i < block.end; ++i) {
      add_up_rows(token_vectors, texts[i * step], sum);
      std::ranges::transform(sum, out.row(i).begin(),
                             [](double x) { return static_cast<float>(x); });
      normalize_row(out.row(i));
    }
  }));
  return out;
}

/// The axes with the largest eigenvalues as columns; in each the entry of largest magnitude (the
/// first of equals) is positive.
Moment principal_axes(const Eigen::SelfAdjointEigenSolver<Moment>& solver, std::size_t dimension) {
  Moment axes =
      solver.eigenvectors().rightCols(narrow<Eigen::Index>(dimension)).rowwise().reverse();
  for (Eigen::Index j = 0; j < axes.cols(); ++j) {
    double largest = 0;
    for (Eigen::Index i = 0; i < axes.rows(); ++i) {
      if (std::abs(axes(i, j)) > std::abs(largest)) largest = axes(i, j);
    }
    if (largest < 0) axes.col(j) = -axes.col(j);
  }
  return axes;
}

Moment ridge(Moment gram, const Moment& right) {
  const double mean = gram.trace() / static_cast<double>(std::max<Eigen::Index>(gram.rows(), 1));
  gram.diagonal().array() += kRidge * mean;
  return gram.ldlt().solve(right);
}

void scale_to_deviation(Matrix<float>& x) {
  double squares = 0;
  const std::span<float> values(x.data(), x.size());
  for (const float value : values)
    squares += static_cast<double>(value) * static_cast<double>(value);
  const double deviation =
      std::sqrt(squares / static_cast<double>(std::max<std::size_t>(x.size(), 1)));
  if (deviation == 0) return;
  for (float& value : values)
    value = static_cast<float>(static_cast<double>(value) * kDeviation / deviation);
}

}  // namespace

Result<CorpusStart> start_from_corpus(const TokenBatch& texts, MatrixView<const float> teacher,
                                      MatrixView<const float> token_vectors, std::size_t dimension,
                                      RunContext& run) {
  TG_EXPECTS(teacher.rows() == texts.size() && dimension >= 1 && dimension <= teacher.cols());
  CorpusStart start;
  const Matrix<float> sample = sample_rows(teacher);
  TG_TRY(const Moment spread, cross_moment(sample.view(), sample.view(), run));
  const Eigen::SelfAdjointEigenSolver<Moment> solver(spread);
  const Eigen::VectorXd lengths = solver.eigenvalues().cwiseMax(0.0);
  const double all = lengths.sum();
  const double kept = lengths.tail(narrow<Eigen::Index>(dimension)).sum();
  start.explained_variance = all > 0 ? kept / all : 1.0;
  TG_TRY(start.targets, times(teacher, principal_axes(solver, dimension), run));
  for (std::size_t i = 0; i < start.targets.rows(); ++i) normalize_row(start.targets.row(i));

  TG_TRY(const auto means, sample_texts(texts, token_vectors, run));
  const Matrix<float> sample_targets = sample_rows(start.targets.view());
  TG_TRY(Moment gram, cross_moment(means.view(), means.view(), run));
  TG_TRY(const Moment right, cross_moment(means.view(), sample_targets.view(), run));
  TG_TRY(start.vectors, times(token_vectors, ridge(std::move(gram), right), run));
  scale_to_deviation(start.vectors);
  return start;
}

}  // namespace topograph::detail

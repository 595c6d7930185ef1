#include "topograph/topics/topic_distances.hpp"

#include <algorithm>
#include <cmath>

#include "topics/transposed.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowsPerBlock = 4;

/// Where the pairs of row a with the rows behind it start.
std::size_t first_pair(std::size_t a, std::size_t n) { return a * (2 * n - a - 1) / 2; }

double distance(double dot, double norms) {
  return norms > 0 ? std::max(0.0, 1.0 - dot / norms) : 1.0;
}

}  // namespace

std::size_t pair_position(std::size_t a, std::size_t b, std::size_t n) {
  return first_pair(a, n) + (b - a - 1);
}

Result<std::vector<double>> cosine_distances(MatrixView<const float> rows, RunContext& run) {
  const std::size_t n = rows.rows();
  std::vector<double> norms(n, 0.0);
  for (std::size_t r = 0; r < n; ++r) {
    for (const float v : rows.row(r)) norms[r] += static_cast<double>(v) * static_cast<double>(v);
    norms[r] = std::sqrt(norms[r]);
  }
  std::vector<double> distances(n * (n - std::min<std::size_t>(n, 1)) / 2);
  TG_TRY(parallel_blocks(run, n, kRowsPerBlock, [&](const Block& block) {
    for (std::size_t a = block.begin; a < block.end; ++a) {
      double* out = distances.data() + first_pair(a, n);
      for (std::size_t b = a + 1; b < n; ++b) {
        double dot = 0;
        for (std::size_t j = 0; j < rows.cols(); ++j) {
          dot += static_cast<double>(rows[a, j]) * static_cast<double>(rows[b, j]);
        }
        *out++ = distance(dot, norms[a] * norms[b]);
      }
    }
  }));
  return distances;
}

Result<std::vector<double>> cosine_distances(CsrView<double> rows, RunContext& run) {
  const std::size_t n = rows.rows();
  const std::vector<double> norms = detail::row_norms(rows);
  TG_TRY(const Csr<double> terms, detail::transposed(rows, run));
  const CsrView<double> rows_of = terms.view();
  std::vector<double> distances(n * (n - std::min<std::size_t>(n, 1)) / 2);
  TG_TRY(parallel_blocks(run, n, kRowsPerBlock, [&](const Block& block) {
    std::vector<double> dots(n);
    for (std::size_t a = block.begin; a < block.end; ++a) {
      std::ranges::fill(dots, 0.0);
      const auto columns = rows.row_columns(a);
      const auto values = rows.row_values(a);
      for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto others = rows_of.row_columns(idx(columns[i]));
        const auto weights = rows_of.row_values(idx(columns[i]));
        for (std::size_t j = others.size(); j-- > 0 && idx(others[j]) > a;) {
          dots[idx(others[j])] += values[i] * weights[j];
        }
      }
      double* out = distances.data() + first_pair(a, n);
      for (std::size_t b = a + 1; b < n; ++b) *out++ = distance(dots[b], norms[a] * norms[b]);
    }
  }));
  return distances;
}

std::vector<FoundTopic> topics_by_similarity(MatrixView<const float> topics,
                                             std::span<const float> query, std::size_t n) {
  TG_EXPECTS(topics.rows() == 0 || topics.cols() == query.size());
  double length = 0;
  for (const float v : query) length += static_cast<double>(v) * static_cast<double>(v);
  std::vector<FoundTopic> found;
  for (std::size_t t = 0; t < topics.rows(); ++t) {
    double dot = 0;
    double own = 0;
    for (std::size_t j = 0; j < query.size(); ++j) {
      const auto v = static_cast<double>(topics[t, j]);
      dot += v * static_cast<double>(query[j]);
      own += v * v;
    }
    const double norms = std::sqrt(own * length);
    found.push_back({narrow<std::int32_t>(t), norms > 0 ? dot / norms : 0.0});
  }
  std::ranges::stable_sort(
      found, [](const FoundTopic& a, const FoundTopic& b) { return a.similarity > b.similarity; });
  if (found.size() > n) found.resize(n);
  return found;
}

}  // namespace topograph

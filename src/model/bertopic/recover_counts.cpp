// With shares p_ct, idf_t and A = floor(mean_c N_c):
//   default  idf_t = ln(A / f_t + 1)          =>  sum_c (N_c / A) p_ct = 1 / (e^idf_t - 1)
//   BM25     idf_t = ln((A + 1) / (f_t + 1/2)) =>  sum_c N_c p_ct - (A + 1) e^-idf_t = -1/2
// The unknown sizes (and A + 1) are the least squares solution, found by conjugate gradients on
// columns of unit length (CGLS): topics share few of their words, so few steps are enough.
#include "model/bertopic/recover_counts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/topics/class_tfidf.hpp"

namespace topograph::bertopic {
namespace {

constexpr int kMostSteps = 500;
constexpr double kEnough = 1e-15;  // Of the first gradient.
constexpr double kWhole = 0.01;    // How far from a whole number rounding may have carried a count.
constexpr int kLargestLeast = 16;  // The rarest term of a corpus occurs at most this often.
constexpr double kSameWeight = 1e-9;

using Values = std::vector<double>;

/// Shares of terms in classes, as columns of unit length; with BM25 one more for A + 1.
struct Equations {
  Csr<double> shares = {};
  Values extra = {};   ///< Values of the last unknown per term; empty: there is none.
  Values right = {};   ///< Per term.
  Values length = {};  ///< Of each column before it was scaled.

  [[nodiscard]] std::size_t n_unknown() const { return shares.rows() + (extra.empty() ? 0 : 1); }
  /// One value a term.
  [[nodiscard]] Values forward(const Values& x) const {
    Values out(right.size(), 0.0);
    const auto view = shares.view();
    for (std::size_t c = 0; c < view.rows(); ++c) {
      const auto columns = view.row_columns(c);
      const auto values = view.row_values(c);
      for (std::size_t i = 0; i < columns.size(); ++i) out[idx(columns[i])] += values[i] * x[c];
    }
    for (std::size_t t = 0; t < extra.size(); ++t) out[t] += extra[t] * x.back();
    return out;
  }
  /// One value an unknown.
  [[nodiscard]] Values backward(const Values& y) const {
    Values out(n_unknown(), 0.0);
    const auto view = shares.view();
    for (std::size_t c = 0; c < view.rows(); ++c) {
      const auto columns = view.row_columns(c);
      const auto values = view.row_values(c);
      for (std::size_t i = 0; i < columns.size(); ++i) out[c] += values[i] * y[idx(columns[i])];
    }
    for (std::size_t t = 0; t < extra.size(); ++t) out.back() += extra[t] * y[t];
    return out;
  }
};

double dot(const Values& a, const Values& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Shares p_ct; not a number where an idf of 0 hides them.
Csr<double> shares_of(const Weights& weights) {
  Csr<double> shares = weights.rows;
  for (std::size_t i = 0; i < shares.values.size(); ++i) {
    double& value = shares.values[i];
    value /= weights.idf[idx(shares.columns[i])];
    if (weights.tfidf.reduce_frequent_words) value *= value;
  }
  return shares;
}

Equations equations_of(const Weights& weights, const Csr<double>& shares) {
  Equations system{.shares = shares};
  for (const double idf : weights.idf) {
    if (weights.tfidf.bm25_weighting) {
      system.extra.push_back(-std::exp(-idf));
      system.right.push_back(-0.5);
    } else {
      system.right.push_back(idf > 0 ? 1.0 / std::expm1(idf) : 0.0);
    }
  }
  const auto view = system.shares.view();
  for (std::size_t c = 0; c < view.rows(); ++c) {
    double squares = 0;
    for (const double share : view.row_values(c)) squares += share * share;
    system.length.push_back(squares > 0 ? std::sqrt(squares) : 1.0);
    for (std::size_t i = view.begin(c); i < view.end(c); ++i) {
      system.shares.values[i] /= system.length.back();
    }
  }
  if (!system.extra.empty()) {
    system.length.push_back(std::sqrt(dot(system.extra, system.extra)));
    for (double& value : system.extra) value /= system.length.back();
  }
  return system;
}

/// N_c / A, or N_c and A + 1.
Values solve(const Equations& system) {
  Values x(system.n_unknown(), 0.0);
  Values rest = system.right;
  Values gradient = system.backward(rest);
  Values direction = gradient;
  double size = dot(gradient, gradient);
  const double first = size;
  for (int step = 0; step < kMostSteps && size > kEnough * kEnough * first; ++step) {
    const Values image = system.forward(direction);
    const double width = dot(image, image);
    if (!(width > 0)) break;
    const double length = size / width;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += length * direction[i];
    for (std::size_t t = 0; t < rest.size(); ++t) rest[t] -= length * image[t];
    gradient = system.backward(rest);
    const double next = dot(gradient, gradient);
    for (std::size_t i = 0; i < x.size(); ++i) {
      direction[i] = gradient[i] + next / size * direction[i];
    }
    size = next;
  }
  for (std::size_t i = 0; i < x.size(); ++i) x[i] /= system.length[i];
  return x;
}

/// shares times sizes, row by row.
Csr<double> scaled(const Csr<double>& shares, std::span<const double> sizes) {
  Csr<double> counts = shares;
  for (std::size_t c = 0; c < counts.rows(); ++c) {
    for (std::size_t i = idx(counts.offsets[c]); i < idx(counts.offsets[c + 1]); ++i) {
      counts.values[i] *= sizes[c];
    }
  }
  return counts;
}

bool become_whole(Csr<double>& counts, double factor) {
  for (double& value : counts.values) {
    const double whole = std::round(value * factor);
    if (!(whole >= 1) || !(std::abs(value * factor - whole) <= kWhole)) return false;
    value = whole;
  }
  return true;
}

/// True when the counts say what the folder says.
bool agrees(const Csr<double>& counts, const Weights& weights) {
  const auto same = [](double a, double b) {
    return std::abs(a - b) <= kSameWeight * std::max(std::abs(a), std::abs(b));
  };
  const Values idf = class_idf(counts.view(), weights.tfidf);
  if (!std::ranges::equal(idf, weights.idf, same)) return false;
  const Csr<double> rows = class_tfidf(counts.view(), weights.idf, weights.tfidf);
  return rows.offsets == weights.rows.offsets && rows.columns == weights.rows.columns &&
         std::ranges::equal(rows.values, weights.rows.values, same);
}

}  // namespace

RecoveredCounts recover_counts(const Weights& weights, std::span<const std::int64_t> sizes) {
  const Csr<double> shares = shares_of(weights);
  Values documents;
  for (const std::int64_t size : sizes) {
    documents.push_back(static_cast<double>(std::max<std::int64_t>(size, 1)));
  }
  RecoveredCounts out{scaled(shares, documents), false};
  if (shares.nnz() == 0 || !std::ranges::all_of(shares.values, [](double value) {
        return std::isfinite(value) && value > 0;
      })) {
    return out;
  }
  Values solution = solve(equations_of(weights, shares));
  solution.resize(shares.rows());
  const Csr<double> relative = scaled(shares, solution);
  const double least = *std::ranges::min_element(relative.values);
  const int n_tries = weights.tfidf.bm25_weighting ? 1 : kLargestLeast;
  for (int rarest = 1; rarest <= n_tries && least > 0; ++rarest) {
    Csr<double> counts = relative;
    const double factor = weights.tfidf.bm25_weighting ? 1.0 : rarest / least;
    if (!become_whole(counts, factor) || !agrees(counts, weights)) continue;
    return {std::move(counts), true};
  }
  return out;
}

}  // namespace topograph::bertopic

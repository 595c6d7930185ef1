#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/evaluate/contingency.hpp"

namespace topograph {
namespace {

std::vector<std::int32_t> distinct(std::span<const std::int32_t> labels) {
  std::vector<std::int32_t> sorted(labels.begin(), labels.end());
  std::ranges::sort(sorted);
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted;
}

std::size_t position(const std::vector<std::int32_t>& labels, std::int32_t label) {
  return idx(std::ranges::lower_bound(labels, label) - labels.begin());
}

/// Sums of the table: of rows, of columns, of everything.
struct Margins {
  std::vector<std::int64_t> rows;
  std::vector<std::int64_t> columns;
  std::int64_t total = 0;
};

Margins margins_of(const Matrix<std::int64_t>& counts) {
  Margins sums{std::vector<std::int64_t>(counts.rows(), 0),
               std::vector<std::int64_t>(counts.cols(), 0)};
  for (std::size_t r = 0; r < counts.rows(); ++r) {
    for (std::size_t c = 0; c < counts.cols(); ++c) {
      sums.rows[r] += counts[r, c];
      sums.columns[c] += counts[r, c];
      sums.total += counts[r, c];
    }
  }
  return sums;
}

double entropy(const std::vector<std::int64_t>& counts, std::int64_t total) {
  double sum = 0;
  for (const std::int64_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(total);
    sum -= share * std::log(share);
  }
  return sum;
}

double mutual_information(const Matrix<std::int64_t>& counts, const Margins& margins) {
  const auto n = static_cast<double>(margins.total);
  double sum = 0;
  for (std::size_t r = 0; r < counts.rows(); ++r) {
    for (std::size_t c = 0; c < counts.cols(); ++c) {
      if (counts[r, c] == 0) continue;
      const auto count = static_cast<double>(counts[r, c]);
      sum += count / n *
             std::log(count * n / static_cast<double>(margins.rows[r]) /
                      static_cast<double>(margins.columns[c]));
    }
  }
  return std::max(0.0, sum);
}

/// Mean of the mutual information over all tables with these margins (hypergeometric).
double expected_information(const Margins& margins) {
  const std::int64_t n = margins.total;
  std::vector<double> log_factorial(idx(n) + 1, 0.0);
  for (std::size_t i = 2; i < log_factorial.size(); ++i) {
    log_factorial[i] = log_factorial[i - 1] + std::log(static_cast<double>(i));
  }
  const auto lf = [&](std::int64_t i) { return log_factorial[idx(i)]; };
  const auto total = static_cast<double>(n);
  double sum = 0;
  for (const std::int64_t a : margins.rows) {
    for (const std::int64_t b : margins.columns) {
      const double fixed = lf(a) + lf(b) + lf(n - a) + lf(n - b) - lf(n);
      for (std::int64_t k = std::max<std::int64_t>(1, a + b - n); k <= std::min(a, b); ++k) {
        const auto count = static_cast<double>(k);
        const double term =
            count / total *
            std::log(total * count / static_cast<double>(a) / static_cast<double>(b));
        sum += term * std::exp(fixed - lf(k) - lf(a - k) - lf(b - k) - lf(n - a - b + k));
      }
    }
  }
  return sum;
}

void add_pair_scores(const Matrix<std::int64_t>& counts, const Margins& margins, Agreement& out) {
  const auto squares = [](const auto& values) {
    double sum = 0;
    for (const std::int64_t value : values) {
      sum += static_cast<double>(value) * static_cast<double>(value);
    }
    return sum;
  };
  const auto n = static_cast<double>(margins.total);
  const double together = squares(std::span(counts.data(), counts.size()));  // ordered pairs and n
  const double rows = squares(margins.rows);
  const double columns = squares(margins.columns);
  const double both = together - n;
  const double only_rows = rows - together;
  const double only_columns = columns - together;
  const double neither = n * n - rows - columns + together;
  out.adjusted_rand = 1;
  if (only_rows != 0 || only_columns != 0) {
    out.adjusted_rand = 2 * (both * neither - only_rows * only_columns) /
                        ((both + only_rows) * (only_rows + neither) +
                         (both + only_columns) * (only_columns + neither));
  }
  out.fowlkes_mallows =
      both == 0 ? 0 : std::sqrt(both / (rows - n)) * std::sqrt(both / (columns - n));
  double best = 0;
  for (std::size_t c = 0; c < counts.cols(); ++c) {
    std::int64_t most = 0;
    for (std::size_t r = 0; r < counts.rows(); ++r) most = std::max(most, counts[r, c]);
    best += static_cast<double>(most);
  }
  out.purity = best / n;
}

void add_information_scores(const Matrix<std::int64_t>& counts, const Margins& margins,
                            Agreement& out) {
  const double row_entropy = entropy(margins.rows, margins.total);
  const double column_entropy = entropy(margins.columns, margins.total);
  const double information = mutual_information(counts, margins);
  out.homogeneity = row_entropy > 0 ? information / row_entropy : 1;
  out.completeness = column_entropy > 0 ? information / column_entropy : 1;
  const double sum = out.homogeneity + out.completeness;
  out.v_measure = sum > 0 ? 2 * out.homogeneity * out.completeness / sum : 0;
  const double mean = (row_entropy + column_entropy) / 2;
  out.normalized_mutual_info = mean > 0 ? information / mean : 1;
  const double expected = expected_information(margins);
  // As the peer: neither a zero nor a sign that rounding made.
  constexpr double tiny = std::numeric_limits<double>::epsilon();
  double room = mean - expected;
  room = room < 0 ? std::min(room, -tiny) : std::max(room, tiny);
  out.adjusted_mutual_info = (information - expected) / room;
}

}  // namespace

Result<ContingencyTable> contingency_table(std::span<const std::int32_t> truth,
                                           std::span<const std::int32_t> clusters) {
  if (truth.size() != clusters.size()) {
    return input_error(ErrorCode::invalid_argument, "labels",
                       "expected two labelings of the same documents, found " +
                           std::to_string(truth.size()) + " and " +
                           std::to_string(clusters.size()) + " labels");
  }
  ContingencyTable table{distinct(truth), distinct(clusters)};
  table.counts = Matrix<std::int64_t>(table.row_labels.size(), table.column_labels.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    ++table
          .counts[position(table.row_labels, truth[i]), position(table.column_labels, clusters[i])];
  }
  return table;
}

Agreement agreement(const ContingencyTable& table) {
  if (table.counts.rows() <= 1 && table.counts.cols() <= 1) return {1, 1, 1, 1, 1, 1, 1, 1};
  Agreement out;
  const Margins margins = margins_of(table.counts);
  add_pair_scores(table.counts, margins, out);
  add_information_scores(table.counts, margins, out);
  return out;
}

}  // namespace topograph

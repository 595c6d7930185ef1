#include "topograph/topics/topic_sums.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// One row under construction.
class RowAdder {
 public:
  explicit RowAdder(std::size_t n_cols) : n_cols_(n_cols) {}

  void add(std::span<const std::int32_t> columns, std::span<const double> values, double factor) {
    if (sums_.empty()) sums_.resize(n_cols_, 0.0);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      double& sum = sums_[idx(columns[i])];
      if (sum == 0) touched_.push_back(columns[i]);
      sum += factor * values[i];
    }
  }

  void move_to(Csr<double>& out) {
    std::ranges::sort(touched_);
    for (const std::int32_t column : touched_) {
      // A column whose sum was 0 on the way comes twice.
      if (const double sum = std::exchange(sums_[idx(column)], 0.0); sum != 0) {
        out.columns.push_back(column);
        out.values.push_back(sum);
      }
    }
    touched_.clear();
  }

 private:
  std::size_t n_cols_;
  std::vector<double> sums_ = {};  ///< Of every column.
  std::vector<std::int32_t> touched_ = {};
};

struct Row {
  std::span<const std::int32_t> columns = {};
  std::span<const double> values = {};
  double factor = 1;
};

void append(std::int32_t column, double value, Csr<double>& out) {
  if (value == 0) return;
  out.columns.push_back(column);
  out.values.push_back(value);
}

/// Two rows, side by side.
void merge(const Row& a, const Row& b, Csr<double>& out) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.columns.size() && j < b.columns.size()) {
    if (a.columns[i] < b.columns[j]) {
      append(a.columns[i], a.factor * a.values[i], out);
      ++i;
    } else if (a.columns[i] > b.columns[j]) {
      append(b.columns[j], b.factor * b.values[j], out);
      ++j;
    } else {
      append(a.columns[i], a.factor * a.values[i] + b.factor * b.values[j], out);
      ++i;
      ++j;
    }
  }
  for (; i < a.columns.size(); ++i) append(a.columns[i], a.factor * a.values[i], out);
  for (; j < b.columns.size(); ++j) append(b.columns[j], b.factor * b.values[j], out);
}

}  // namespace

Csr<double> sum_rows(CsrView<double> rows, std::span<const std::int32_t> row_of, std::size_t n_rows,
                     std::span<const double> scale) {
  TG_EXPECTS(row_of.size() == rows.rows() && (scale.empty() || scale.size() == rows.rows()));
  std::vector<std::vector<std::size_t>> sources(n_rows);
  for (std::size_t r = 0; r < row_of.size(); ++r) {
    if (row_of[r] >= 0) sources[idx(row_of[r])].push_back(r);
  }
  Csr<double> sums;
  sums.n_cols = rows.cols();
  RowAdder many(rows.cols());
  for (const auto& group : sources) {
    const auto row = [&](std::size_t i) {
      const std::size_t r = group[i];
      return Row{rows.row_columns(r), rows.row_values(r), scale.empty() ? 1.0 : scale[r]};
    };
    if (group.size() <= 2) {
      merge(group.empty() ? Row() : row(0), group.size() < 2 ? Row() : row(1), sums);
    } else {
      for (std::size_t i = 0; i < group.size(); ++i) {
        const Row next = row(i);
        many.add(next.columns, next.values, next.factor);
      }
      many.move_to(sums);
    }
    sums.offsets.push_back(narrow<std::int64_t>(sums.columns.size()));
  }
  return sums;
}

Csr<double> stack_rows(CsrView<double> first, CsrView<double> second) {
  TG_EXPECTS(first.cols() == second.cols());
  Csr<double> all;
  all.n_cols = first.cols();
  for (const CsrView<double>& part : {first, second}) {
    const auto base = all.offsets.back();
    all.columns.insert(all.columns.end(), part.columns.begin(), part.columns.end());
    all.values.insert(all.values.end(), part.values.begin(), part.values.end());
    for (std::size_t r = 0; r < part.rows(); ++r) {
      all.offsets.push_back(base + narrow<std::int64_t>(part.end(r)));
    }
  }
  return all;
}

Csr<double> without_small(CsrView<double> rows, double least) {
  Csr<double> kept;
  kept.n_cols = rows.cols();
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t i = rows.begin(r); i < rows.end(r); ++i) {
      if (rows.values[i] < least) continue;
      kept.columns.push_back(rows.columns[i]);
      kept.values.push_back(rows.values[i]);
    }
    kept.offsets.push_back(narrow<std::int64_t>(kept.columns.size()));
  }
  return kept;
}

Csr<double> sum_of(CsrView<double> first, CsrView<double> second, double scale) {
  TG_EXPECTS(first.rows() == 1 && second.rows() == 1 && first.cols() == second.cols());
  Csr<double> sum;
  sum.n_cols = first.cols();
  sum.columns.reserve(first.nnz() + second.nnz());
  sum.values.reserve(first.nnz() + second.nnz());
  merge({first.row_columns(0), first.row_values(0), scale},
        {second.row_columns(0), second.row_values(0), scale}, sum);
  sum.offsets.push_back(narrow<std::int64_t>(sum.columns.size()));
  return sum;
}

Csr<double> row_of(CsrView<double> rows, std::size_t row) {
  Csr<double> one;
  one.n_cols = rows.cols();
  const auto columns = rows.row_columns(row);
  const auto values = rows.row_values(row);
  one.columns.assign(columns.begin(), columns.end());
  one.values.assign(values.begin(), values.end());
  one.offsets.push_back(narrow<std::int64_t>(one.columns.size()));
  return one;
}

Csr<double> unit_sums(CsrView<double> rows) {
  Csr<double> out;
  out.n_cols = rows.cols();
  out.offsets.assign(rows.offsets.begin(), rows.offsets.end());
  out.columns.assign(rows.columns.begin(), rows.columns.end());
  out.values.assign(rows.values.begin(), rows.values.end());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    double sum = 0;
    for (const double value : rows.row_values(r)) sum += std::abs(value);
    for (std::size_t i = rows.begin(r); i < rows.end(r) && sum > 0; ++i) out.values[i] /= sum;
  }
  return out;
}

}  // namespace topograph

#include "topograph/topics/topic_sums.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

using Entry = std::pair<std::int32_t, double>;

void append_sum(std::vector<Entry>& entries, Csr<double>& sums) {
  // Stable: equal columns are added in the order of their rows.
  std::ranges::stable_sort(entries, {}, &Entry::first);
  for (std::size_t i = 0; i < entries.size();) {
    const std::int32_t column = entries[i].first;
    double sum = 0;
    for (; i < entries.size() && entries[i].first == column; ++i) sum += entries[i].second;
    if (sum == 0) continue;
    sums.columns.push_back(column);
    sums.values.push_back(sum);
  }
  sums.offsets.push_back(narrow<std::int64_t>(sums.columns.size()));
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
  std::vector<Entry> entries;
  for (const auto& group : sources) {
    entries.clear();
    for (const std::size_t r : group) {
      const auto columns = rows.row_columns(r);
      const auto values = rows.row_values(r);
      const double factor = scale.empty() ? 1.0 : scale[r];
      for (std::size_t i = 0; i < columns.size(); ++i) {
        entries.emplace_back(columns[i], factor * values[i]);
      }
    }
    append_sum(entries, sums);
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

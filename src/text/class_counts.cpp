#include "text/class_counts.hpp"

#include <algorithm>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kClassesPerBlock = 4;

// A row under construction: terms with repetitions, then ascending and added up.
using Row = std::vector<std::pair<std::int32_t, double>>;

void add_up_row(Row& row) {
  std::ranges::sort(row, {}, &Row::value_type::first);
  std::size_t to = 0;
  for (std::size_t from = 0; from < row.size(); ++from) {
    if (to > 0 && row[to - 1].first == row[from].first) {
      row[to - 1].second += row[from].second;
    } else {
      row[to++] = row[from];
    }
  }
  row.resize(to);
}

}  // namespace

void add_up(std::vector<ClassCount>& entries) {
  const auto key = [](const ClassCount& entry) {
    return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(entry.class_id)) << 32U) |
           static_cast<std::uint32_t>(entry.term_id);
  };
  std::ranges::sort(entries, {}, key);
  std::size_t to = 0;
  for (std::size_t from = 0; from < entries.size(); ++from) {
    if (to > 0 && key(entries[to - 1]) == key(entries[from])) {
      entries[to - 1].count += entries[from].count;
    } else {
      entries[to++] = entries[from];
    }
  }
  entries.resize(to);
}

Result<Csr<double>> class_rows(const std::vector<ClassCount>& entries, std::size_t n_classes,
                               const std::vector<std::int32_t>& new_ids, std::size_t n_terms,
                               RunContext& run) {
  std::vector<std::size_t> sizes(n_classes, 0);
  for (const ClassCount& entry : entries) {
    if (new_ids[idx(entry.term_id)] >= 0) ++sizes[idx(entry.class_id)];
  }
  std::vector<Row> rows(n_classes);
  for (std::size_t c = 0; c < n_classes; ++c) rows[c].reserve(sizes[c]);
  for (const ClassCount& entry : entries) {
    const std::int32_t term = new_ids[idx(entry.term_id)];
    if (term >= 0) rows[idx(entry.class_id)].emplace_back(term, entry.count);
  }
  TG_TRY(parallel_blocks(run, n_classes, kClassesPerBlock, [&](const Block& block) {
    for (std::size_t c = block.begin; c < block.end; ++c) add_up_row(rows[c]);
  }));

  Csr<double> counts;
  counts.n_cols = n_terms;
  counts.offsets.reserve(n_classes + 1);
  std::size_t n_entries = 0;
  for (const Row& row : rows) n_entries += row.size();
  counts.columns.reserve(n_entries);
  counts.values.reserve(n_entries);
  for (Row& row : rows) {
    for (const auto& [term, count] : row) {
      counts.columns.push_back(term);
      counts.values.push_back(count);
    }
    counts.offsets.push_back(narrow<std::int64_t>(counts.columns.size()));
    row = {};  // Give the memory back as the result grows.
  }
  return counts;
}

}  // namespace topograph

#include "topograph/topics/topic_slices.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/topics/topic_sums.hpp"

namespace topograph {
namespace {

constexpr std::size_t kDocumentsAtOnce = 50000;  // Bounds the counts that are alive at once.

using Key = std::pair<std::int32_t, std::int32_t>;  // Slice, topic.

/// The pairs there are, ascending, and the one of every document.
struct Cells {
  std::vector<Key> keys = {};
  std::vector<std::int64_t> counts = {};
  std::vector<std::int64_t> rows = {};     ///< Documents that are in a slice.
  std::vector<std::int32_t> cell_of = {};  ///< Of each of them.
};

Cells find_cells(std::span<const std::int32_t> topics, std::span<const std::int32_t> slices) {
  Cells cells;
  std::map<Key, std::int32_t> number;
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (slices[i] >= 0) number.try_emplace({slices[i], topics[i]}, 0);
  }
  for (auto& [key, id] : number) {
    id = narrow<std::int32_t>(cells.keys.size());
    cells.keys.push_back(key);
  }
  cells.counts.assign(cells.keys.size(), 0);
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (slices[i] < 0) continue;
    const std::int32_t cell = number.at({slices[i], topics[i]});
    cells.rows.push_back(narrow<std::int64_t>(i));
    cells.cell_of.push_back(cell);
    ++cells.counts[idx(cell)];
  }
  return cells;
}

Result<Csr<double>> count_cells(const TextColumn& texts, const Cells& cells,
                                const TermCounts& counts, RunContext& run) {
  const std::size_t n = cells.keys.size();
  std::vector<std::int32_t> all_cells(n);
  for (std::size_t c = 0; c < n; ++c) all_cells[c] = narrow<std::int32_t>(c);
  Csr<double> sums;
  sums.n_cols = counts.vocabulary.size();
  sums.offsets.assign(n + 1, 0);
  Stage stage(run, "count words", cells.rows.size());
  for (std::size_t begin = 0; begin < cells.rows.size(); begin += kDocumentsAtOnce) {
    const std::size_t size = std::min(kDocumentsAtOnce, cells.rows.size() - begin);
    TG_TRY(const auto documents, count_documents(texts, std::span(cells.rows).subspan(begin, size),
                                                 counts.vocabulary, counts.plan, run));
    auto batch = sum_rows(documents.view(), std::span(cells.cell_of).subspan(begin, size), n);
    if (begin == 0) {
      sums = std::move(batch);
    } else {
      std::vector<std::int32_t> twice = all_cells;
      twice.insert(twice.end(), all_cells.begin(), all_cells.end());
      sums = sum_rows(stack_rows(sums.view(), batch.view()).view(), twice, n);
    }
    stage.advance(size);
  }
  return sums;
}

}  // namespace

Result<std::vector<TopicInSlice>> topic_slices(const TextColumn& texts,
                                               std::span<const std::int32_t> topics,
                                               std::span<const std::int32_t> slices,
                                               const TopicDescription& description,
                                               const ClassTfidfOptions& tfidf,
                                               const SliceOptions& options, RunContext& run) {
  TG_EXPECTS(topics.size() == texts.size() && slices.size() == texts.size());
  TG_TRY(validate_options(options));
  const Cells cells = find_cells(topics, slices);
  TG_TRY(const auto counts, count_cells(texts, cells, description.counts, run));
  Csr<double> weights = class_tfidf(counts.view(), description.idf, tfidf);
  if (options.global_tuning || options.evolution_tuning) weights = unit_sums(weights.view());
  Csr<double> global;
  if (options.global_tuning) {
    global =
        unit_sums(class_tfidf(description.counts.counts.view(), description.idf, tfidf).view());
  }
  const std::size_t first = description.has_outliers ? 1 : 0;

  std::vector<TopicInSlice> out;
  struct Last {
    std::int32_t place = -2;  // Among the slices that have documents.
    Csr<double> row = {};
  };
  std::map<std::int32_t, Last> last;
  std::int32_t place = -1;
  for (std::size_t c = 0; c < cells.keys.size(); ++c) {
    const auto [slice, topic] = cells.keys[c];
    if (c == 0 || cells.keys[c - 1].first != slice) ++place;
    Csr<double> row = row_of(weights.view(), c);
    Last& before = last[topic];
    if (options.evolution_tuning && before.place == place - 1) {
      row = sum_of(row.view(), before.row.view(), 0.5);
    }
    const bool is_known = topic >= 0 || first == 1;
    if (options.global_tuning && is_known) {
      const auto whole = row_of(global.view(), idx(topic + narrow<std::int32_t>(first)));
      row = sum_of(whole.view(), row.view(), 0.5);
    }
    out.push_back(
        {slice, topic, cells.counts[c],
         top_words(row.view(), 0, description.counts.vocabulary, idx(options.top_n_words))});
    before = {place, std::move(row)};
  }
  return out;
}

}  // namespace topograph

#include "topograph/evaluate/coherence.hpp"

#include <algorithm>
#include <cmath>

#include "evaluate/word_meetings.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// Words of a document and the pairs among them that some topic names.
void count_row(std::span<const std::int32_t> row, const detail::NamedPairs& pairs,
               std::vector<std::uint8_t>& is_there, detail::Meetings& meetings) {
  for (const std::int32_t word : row) is_there[idx(word)] = 1;
  for (const std::int32_t word : row) {
    ++meetings.of_word[idx(word)];
    for (std::size_t p = pairs.first[idx(word)]; p < pairs.first[idx(word) + 1]; ++p) {
      meetings.of_pair[p] += is_there[idx(pairs.other[p])];
    }
  }
  for (const std::int32_t word : row) is_there[idx(word)] = 0;
}

double npmi(std::int64_t both, std::int64_t one, std::int64_t other, double n) {
  if (both == 0) return -1;
  const double p = static_cast<double>(both) / n;
  if (p >= 1) return 1;
  return std::log(p * n * n / (static_cast<double>(one) * static_cast<double>(other))) /
         -std::log(p);
}

}  // namespace

Result<std::vector<std::optional<double>>> npmi_coherence(
    CsrView<double> documents, std::span<const std::vector<std::int32_t>> words, RunContext& run) {
  constexpr std::size_t block = 8192;
  const detail::NamedPairs pairs = detail::named_pairs(words, documents.n_cols);
  detail::Meetings meetings(pairs);
  std::vector<std::uint8_t> is_there(documents.n_cols, 0);
  const auto n = static_cast<double>(documents.rows());
  for (std::size_t r = 0; r < documents.rows(); ++r) {
    if (r % block == 0 && run.stop_requested()) return cancelled();
    count_row(documents.row_columns(r), pairs, is_there, meetings);
  }
  std::vector<std::optional<double>> coherence;
  for (const auto& topic : words) {
    double sum = 0;
    int n_pairs = 0;
    for (std::size_t i = 0; i < topic.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const auto [a, b] = std::minmax(topic[i], topic[j]);
        const std::int64_t one = meetings.of_word[idx(a)];
        const std::int64_t other = meetings.of_word[idx(b)];
        if (a == b || one == 0 || other == 0) continue;
        sum += npmi(meetings.of_pair[pairs.find(a, b)], one, other, n);
        ++n_pairs;
      }
    }
    coherence.push_back(n_pairs > 0 ? std::optional(sum / n_pairs) : std::nullopt);
  }
  return coherence;
}

}  // namespace topograph

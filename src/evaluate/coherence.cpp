#include "topograph/evaluate/coherence.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// How often words occur, and pairs of words that some topic names.
struct Meetings {
  std::vector<std::int64_t> of_word = {};
  std::vector<std::pair<std::int32_t, std::int32_t>> pairs = {};  ///< Ascending; smaller id first.
  std::vector<std::int64_t> of_pair = {};
  std::vector<std::size_t> first_pair =
      {};  ///< Of each word as the smaller one; one more at the end.

  [[nodiscard]] std::size_t find(std::int32_t a, std::int32_t b) const {
    const auto begin = pairs.begin() + narrow<std::ptrdiff_t>(first_pair[idx(a)]);
    const auto end = pairs.begin() + narrow<std::ptrdiff_t>(first_pair[idx(a) + 1]);
    const auto found = std::lower_bound(begin, end, std::pair{a, b});
    return found != end && found->second == b ? idx(found - pairs.begin()) : pairs.size();
  }
};

Meetings named_pairs(std::span<const std::vector<std::int32_t>> words, std::size_t n_words) {
  Meetings meetings;
  meetings.of_word.assign(n_words, 0);
  for (const auto& topic : words) {
    for (std::size_t i = 0; i < topic.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (topic[i] != topic[j]) meetings.pairs.emplace_back(std::minmax(topic[i], topic[j]));
      }
    }
  }
  std::ranges::sort(meetings.pairs);
  const auto repeated = std::ranges::unique(meetings.pairs);
  meetings.pairs.erase(repeated.begin(), repeated.end());
  meetings.of_pair.assign(meetings.pairs.size(), 0);
  meetings.first_pair.assign(n_words + 1, 0);
  for (const auto& pair : meetings.pairs) ++meetings.first_pair[idx(pair.first) + 1];
  for (std::size_t w = 0; w < n_words; ++w) {
    meetings.first_pair[w + 1] += meetings.first_pair[w];
  }
  return meetings;
}

void count_row(std::span<const std::int32_t> row, Meetings& meetings) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    ++meetings.of_word[idx(row[i])];
    if (meetings.first_pair[idx(row[i])] == meetings.first_pair[idx(row[i]) + 1]) continue;
    for (std::size_t j = i + 1; j < row.size(); ++j) {
      const std::size_t pair = meetings.find(row[i], row[j]);
      if (pair < meetings.pairs.size()) ++meetings.of_pair[pair];
    }
  }
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
  Meetings meetings = named_pairs(words, documents.n_cols);
  const auto n = static_cast<double>(documents.rows());
  for (std::size_t r = 0; r < documents.rows(); ++r) {
    if (r % block == 0 && run.stop_requested()) return cancelled();
    count_row(documents.row_columns(r), meetings);
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
        sum += npmi(meetings.of_pair[meetings.find(a, b)], one, other, n);
        ++n_pairs;
      }
    }
    coherence.push_back(n_pairs > 0 ? std::optional(sum / n_pairs) : std::nullopt);
  }
  return coherence;
}

}  // namespace topograph

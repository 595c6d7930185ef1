#include "evaluate/word_meetings.hpp"

#include <algorithm>
#include <utility>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {

std::size_t NamedPairs::find(std::int32_t a, std::int32_t b) const {
  const auto [smaller, greater] = std::minmax(a, b);
  const auto begin = other.begin() + narrow<std::ptrdiff_t>(first[idx(smaller)]);
  const auto end = other.begin() + narrow<std::ptrdiff_t>(first[idx(smaller) + 1]);
  const auto found = std::lower_bound(begin, end, greater);
  TG_EXPECTS(found != end && *found == greater);
  return idx(found - other.begin());
}

NamedPairs named_pairs(std::span<const std::vector<std::int32_t>> words, std::size_t n_words) {
  std::vector<std::pair<std::int32_t, std::int32_t>> pairs;
  for (const auto& topic : words) {
    for (std::size_t i = 0; i < topic.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (topic[i] != topic[j]) pairs.emplace_back(std::minmax(topic[i], topic[j]));
      }
    }
  }
  std::ranges::sort(pairs);
  const auto repeated = std::ranges::unique(pairs);
  pairs.erase(repeated.begin(), repeated.end());
  NamedPairs named;
  named.first.assign(n_words + 1, 0);
  for (const auto& [smaller, greater] : pairs) {
    named.other.push_back(greater);
    ++named.first[idx(smaller) + 1];
  }
  for (std::size_t w = 0; w < n_words; ++w) named.first[w + 1] += named.first[w];
  return named;
}

void Meetings::add(const Meetings& more) {
  for (std::size_t w = 0; w < of_word.size(); ++w) of_word[w] += more.of_word[w];
  for (std::size_t p = 0; p < of_pair.size(); ++p) of_pair[p] += more.of_pair[p];
}

}  // namespace topograph::detail

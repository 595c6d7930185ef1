#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace topograph::detail {

/// The pairs of words that some topic names, each once, by the smaller id and then the greater one.
struct NamedPairs {
  std::vector<std::int32_t> other = {};  ///< The greater word of each pair.
  std::vector<std::size_t> first = {};   ///< (n_words + 1) where the pairs of a smaller word begin.

  [[nodiscard]] std::size_t n_words() const { return first.size() - 1; }
  /// The pair of two words that a topic names, in either order.
  [[nodiscard]] std::size_t find(std::int32_t a, std::int32_t b) const;
};

[[nodiscard]] NamedPairs named_pairs(std::span<const std::vector<std::int32_t>> words,
                                     std::size_t n_words);

/// In how many places (documents, or windows of them) words and named pairs occur.
struct Meetings {
  explicit Meetings(const NamedPairs& pairs)
      : of_word(pairs.n_words(), 0), of_pair(pairs.other.size(), 0) {}
  void add(const Meetings& more);

  std::vector<std::int64_t> of_word = {};
  std::vector<std::int64_t> of_pair = {};
};

}  // namespace topograph::detail

#include <algorithm>

#include "topograph/core/narrow.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph {

std::vector<TopicWord> top_words(CsrView<double> weights, std::size_t row,
                                 const Vocabulary& vocabulary, std::size_t n) {
  const auto columns = weights.row_columns(row);
  const auto values = weights.row_values(row);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] > 0) order.push_back(i);
  }
  const std::size_t n_kept = std::min(n, order.size());
  // Columns ascend, so the position decides ties as the term id does.
  std::ranges::partial_sort(order, order.begin() + narrow<std::ptrdiff_t>(n_kept),
                            [values](std::size_t a, std::size_t b) {
                              return values[a] != values[b] ? values[a] > values[b] : a < b;
                            });
  std::vector<TopicWord> words;
  for (std::size_t i = 0; i < n_kept; ++i) {
    words.push_back({std::string(vocabulary.term(columns[order[i]])), values[order[i]]});
  }
  return words;
}

}  // namespace topograph

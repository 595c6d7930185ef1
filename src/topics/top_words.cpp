#include <algorithm>

#include "topograph/topics/describe_topics.hpp"

namespace topograph {

std::vector<TopicWord> top_words(CsrView<double> weights, std::size_t row,
                                 const Vocabulary& vocabulary, std::size_t n) {
  const auto columns = weights.row_columns(row);
  const auto values = weights.row_values(row);
  // Columns ascend, so the position decides ties as the term id does.
  const auto is_better = [values](std::size_t a, std::size_t b) {
    return values[a] != values[b] ? values[a] > values[b] : a < b;
  };
  std::vector<std::size_t> best;  // A heap, the worst first.
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] <= 0 || n == 0) continue;
    if (best.size() == n) {
      if (!is_better(i, best.front())) continue;
      std::ranges::pop_heap(best, is_better);
      best.back() = i;
    } else {
      best.push_back(i);
    }
    std::ranges::push_heap(best, is_better);
  }
  std::ranges::sort_heap(best, is_better);
  std::vector<TopicWord> words;
  for (const std::size_t i : best) {
    words.push_back({std::string(vocabulary.term(columns[i])), values[i]});
  }
  return words;
}

}  // namespace topograph

#include "topograph/represent/steps.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "topograph/core/expects.hpp"

namespace topograph {
namespace {

double cosine(std::span<const float> a, std::span<const float> b) {
  double dot = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    const auto x = static_cast<double>(a[j]);
    const auto y = static_cast<double>(b[j]);
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? dot / std::sqrt(aa * bb) : 0;
}

}  // namespace

std::vector<std::size_t> maximal_marginal_relevance(MatrixView<const float> words,
                                                    std::span<const float> topic, double diversity,
                                                    std::size_t n) {
  const std::size_t m = words.rows();
  TG_EXPECTS(m == 0 || words.cols() == topic.size());
  std::vector<double> to_topic(m);
  for (std::size_t i = 0; i < m; ++i) to_topic[i] = cosine(words.row(i), topic);
  std::vector<double> to_chosen(m, -std::numeric_limits<double>::infinity());
  std::vector<std::uint8_t> is_chosen(m, 0);
  std::vector<std::size_t> chosen;
  while (chosen.size() < std::min(n, m)) {
    std::size_t best = m;
    double most = 0;
    for (std::size_t i = 0; i < m; ++i) {
      if (is_chosen[i] != 0) continue;
      const double score =
          chosen.empty() ? to_topic[i] : (1 - diversity) * to_topic[i] - diversity * to_chosen[i];
      if (best == m || score > most) {
        best = i;
        most = score;
      }
    }
    is_chosen[best] = 1;
    chosen.push_back(best);
    for (std::size_t i = 0; i < m; ++i) {
      to_chosen[i] = std::max(to_chosen[i], cosine(words.row(i), words.row(best)));
    }
  }
  return chosen;
}

std::vector<TopicWord> words_by_similarity(const std::vector<TopicWord>& words,
                                           MatrixView<const float> vectors,
                                           std::span<const float> topic, std::size_t n) {
  TG_EXPECTS(vectors.rows() == words.size());
  std::vector<TopicWord> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    found.push_back({words[i].term, cosine(vectors.row(i), topic)});
  }
  std::ranges::stable_sort(
      found, [](const TopicWord& a, const TopicWord& b) { return a.weight > b.weight; });
  if (found.size() > n) found.resize(n);
  return found;
}

}  // namespace topograph

// With P(a) the share of windows that hold a, over the distinct words w of a topic:
//   m(a, b) = log((P(a, b) + eps) / (P(a) P(b))) / -log(P(a, b) + eps)
//   v(a)    = (m(a, w))_w,   coherence = mean over a of cos(v(a), sum over b of v(b))
// A place [b, e) is inside of the windows that begin at e - window .. b, so that windows are
// counted by the lengths of runs of such beginnings, not one by one.
#include "topograph/evaluate/window_coherence.hpp"

#include <algorithm>
#include <cmath>

#include "evaluate/word_meetings.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGrain = 512;
constexpr double kEpsilon = 1e-12;  // gensim's, and the paper's.

/// First and last window of a run of windows.
struct Run {
  std::int64_t first = 0;
  std::int64_t last = -1;
};

std::int64_t length(std::span<const Run> runs) {
  std::int64_t sum = 0;
  for (const Run& run : runs) sum += run.last - run.first + 1;
  return sum;
}

/// Windows in both lists; each list is ascending and without overlaps.
std::int64_t common(std::span<const Run> a, std::span<const Run> b) {
  std::int64_t sum = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    const std::int64_t first = std::max(a[i].first, b[j].first);
    const std::int64_t last = std::min(a[i].last, b[j].last);
    sum += std::max<std::int64_t>(0, last - first + 1);
    if (a[i].last < b[j].last) {
      ++i;
    } else {
      ++j;
    }
  }
  return sum;
}

/// Counts the windows of one text after another. One object per thread.
class WindowCounter {
 public:
  WindowCounter(const detail::NamedPairs& pairs, std::size_t window)
      : pairs_(pairs),
        window_(narrow<std::int64_t>(window)),
        meetings_(pairs),
        runs_of_(pairs.n_words()) {}

  void count(std::span<const TermPlace> places, std::int64_t n_tokens) {
    const std::int64_t n_windows = std::max<std::int64_t>(1, n_tokens - window_ + 1);
    n_windows_ += n_windows;
    for (const TermPlace& place : places) add(place, n_windows);
    for (const std::int32_t word : present_) {
      const std::span<const Run> runs = runs_of_[idx(word)];
      meetings_.of_word[idx(word)] += length(runs);
      for (std::size_t p = pairs_.first[idx(word)]; p < pairs_.first[idx(word) + 1]; ++p) {
        meetings_.of_pair[p] += common(runs, runs_of_[idx(pairs_.other[p])]);
      }
    }
    for (const std::int32_t word : present_) runs_of_[idx(word)].clear();
    present_.clear();
  }

  [[nodiscard]] const detail::Meetings& meetings() const { return meetings_; }
  [[nodiscard]] std::int64_t n_windows() const { return n_windows_; }

 private:
  /// Places of a word come by where they begin; of those that begin together the longer ones,
  /// later, are in no further windows.
  void add(const TermPlace& place, std::int64_t n_windows) {
    auto& runs = runs_of_[idx(place.term)];
    const std::int64_t first =
        std::max<std::int64_t>(0, static_cast<std::int64_t>(place.end) - window_);
    const std::int64_t last = std::min<std::int64_t>(place.begin, n_windows - 1);
    if (first > last) return;  // Longer than a window.
    if (runs.empty()) present_.push_back(place.term);
    if (!runs.empty() && first <= runs.back().last + 1) {
      runs.back().last = std::max(runs.back().last, last);
    } else {
      runs.push_back({first, last});
    }
  }

  const detail::NamedPairs& pairs_;
  std::int64_t window_ = 0;
  std::int64_t n_windows_ = 0;
  detail::Meetings meetings_;
  std::vector<std::vector<Run>> runs_of_;   // Of every word in the text at hand.
  std::vector<std::int32_t> present_ = {};  // Words with runs.
};

struct WindowCounts {
  detail::Meetings meetings;
  std::int64_t n_windows = 0;
};

Result<WindowCounts> count_windows(const TermPlaces& texts, const detail::NamedPairs& pairs,
                                   std::size_t window, RunContext& run) {
  std::vector<WindowCounter> counters(idx(run.threads()), WindowCounter(pairs, window));
  TG_TRY(parallel_blocks(run, texts.n_tokens.size(), kGrain, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      const auto places =
          std::span(texts.places)
              .subspan(idx(texts.first[i]), idx(texts.first[i + 1] - texts.first[i]));
      counters[block.worker].count(places, texts.n_tokens[i]);
    }
  }));
  WindowCounts counts{detail::Meetings(pairs)};
  for (const WindowCounter& counter : counters) {
    counts.meetings.add(counter.meetings());
    counts.n_windows += counter.n_windows();
  }
  return counts;
}

double normalised_information(std::int64_t both, std::int64_t one, std::int64_t other, double n) {
  const double p = static_cast<double>(both) / n;
  if (p >= 1) return 1;
  const double chance = static_cast<double>(one) / n * (static_cast<double>(other) / n);
  return std::log((p + kEpsilon) / chance) / -std::log(p + kEpsilon);
}

/// m(a, b) of the words of a topic.
Matrix<double> information(std::span<const std::int32_t> topic, const WindowCounts& counts,
                           const detail::NamedPairs& pairs) {
  const auto n = static_cast<double>(counts.n_windows);
  const auto& [of_word, of_pair] = counts.meetings;
  Matrix<double> m(topic.size(), topic.size());
  for (std::size_t i = 0; i < topic.size(); ++i) {
    const std::int64_t one = of_word[idx(topic[i])];
    m[i, i] = normalised_information(one, one, one, n);
    for (std::size_t j = 0; j < i; ++j) {
      const std::int64_t both = of_pair[pairs.find(topic[i], topic[j])];
      m[i, j] = m[j, i] = normalised_information(both, one, of_word[idx(topic[j])], n);
    }
  }
  return m;
}

double mean_cosine_with_sum(const Matrix<double>& m) {
  const std::size_t n = m.rows();
  std::vector<double> sum(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) sum[j] += m[i, j];
  }
  double sum_square = 0;
  for (const double value : sum) sum_square += value * value;
  double cosines = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double dot = 0;
    double square = 0;
    for (std::size_t j = 0; j < n; ++j) {
      dot += m[i, j] * sum[j];
      square += m[i, j] * m[i, j];
    }
    const double lengths = std::sqrt(square * sum_square);
    cosines += lengths > 0 ? dot / lengths : 0;
  }
  return cosines / static_cast<double>(n);
}

}  // namespace

Result<std::vector<std::optional<double>>> cv_coherence(
    const TermPlaces& texts, std::span<const std::vector<std::int32_t>> words, std::size_t n_words,
    RunContext& run, std::size_t window) {
  TG_EXPECTS(window >= 1);
  const detail::NamedPairs pairs = detail::named_pairs(words, n_words);
  TG_TRY(const WindowCounts counts, count_windows(texts, pairs, window, run));
  std::vector<std::optional<double>> coherence;
  for (const auto& topic : words) {
    std::vector<std::int32_t> distinct;
    for (const std::int32_t word : topic) {
      const bool is_new = std::ranges::find(distinct, word) == distinct.end();
      if (is_new && counts.meetings.of_word[idx(word)] > 0) distinct.push_back(word);
    }
    coherence.push_back(distinct.size() < 2 ? std::nullopt
                                            : std::optional(mean_cosine_with_sum(
                                                  information(distinct, counts, pairs))));
  }
  return coherence;
}

}  // namespace topograph

#include "topograph/topics/match_topics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/topics/assignment.hpp"

namespace topograph {
namespace {

// A third of the documents in common: half of each of two topics of one size.
constexpr double kLeastOverlap = 1.0 / 3;
constexpr double kLeastPart = 0.5;
constexpr double kLeastCosine = 0.7;  // BERTopic's `merge_models`.
constexpr double kLeastWords = 0.3;

/// Similar topics are parts of each other.
TopicAffinity of_cosines(Matrix<double>&& cosines, double least) {
  TopicAffinity affinity{
      .similarity = std::move(cosines), .least_similarity = least, .least_share = least};
  affinity.share_of_old = affinity.similarity;
  affinity.share_of_new = affinity.similarity;
  return affinity;
}

double length_of(std::span<const double> values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

double length_of(std::span<const float> values) {
  double squares = 0;
  for (const float value : values)
    squares += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(squares);
}

double bounded(double dot, double lengths) {
  return lengths > 0 ? std::clamp(dot / lengths, 0.0, 1.0) : 0.0;
}

/// The most of a column or row with at least `least`; -1: none.
template <class At>
std::int32_t largest(std::size_t n, double least, At&& at) {
  std::int32_t best = -1;
  for (std::size_t i = 0; i < n; ++i) {
    if (at(i) >= least && at(i) > 0 && (best < 0 || at(i) > at(idx(best)))) {
      best = narrow<std::int32_t>(i);
    }
  }
  return best;
}

/// Leaves nothing beside the pairs that are each other's most similar: no sum of several middling
/// similarities shall part them.
void settle_mutual_pairs(Matrix<double>& gain) {
  const std::size_t n_old = gain.rows();
  const std::size_t n_new = gain.cols();
  std::vector<std::int32_t> best_old(n_new);
  for (std::size_t n = 0; n < n_new; ++n) {
    best_old[n] = largest(n_old, 0, [&](std::size_t o) { return gain[o, n]; });
  }
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t o = 0; o < n_old; ++o) {
    const auto n = largest(n_new, 0, [&](std::size_t i) { return gain[o, i]; });
    if (n >= 0 && best_old[idx(n)] == narrow<std::int32_t>(o)) pairs.emplace_back(o, idx(n));
  }
  for (const auto& [older, newer] : pairs) {
    for (std::size_t n = 0; n < n_new; ++n) gain[older, n] = n == newer ? gain[older, n] : 0;
    for (std::size_t o = 0; o < n_old; ++o) gain[o, newer] = o == older ? gain[o, newer] : 0;
  }
}

}  // namespace

TopicAffinity affinity_by_documents(std::span<const std::int32_t> old_topics,
                                    std::span<const std::int32_t> new_topics, std::size_t n_old,
                                    std::size_t n_new) {
  TG_EXPECTS(old_topics.size() == new_topics.size());
  Matrix<double> both(n_old, n_new);
  std::vector<double> in_old(n_old, 0.0);
  std::vector<double> in_new(n_new, 0.0);
  for (std::size_t i = 0; i < old_topics.size(); ++i) {
    if (old_topics[i] >= 0) in_old[idx(old_topics[i])] += 1;
    if (new_topics[i] >= 0) in_new[idx(new_topics[i])] += 1;
    if (old_topics[i] >= 0 && new_topics[i] >= 0) {
      both[idx(old_topics[i]), idx(new_topics[i])] += 1;
    }
  }
  TopicAffinity affinity{.similarity = Matrix<double>(n_old, n_new),
                         .share_of_old = Matrix<double>(n_old, n_new),
                         .share_of_new = Matrix<double>(n_old, n_new),
                         .least_similarity = kLeastOverlap,
                         .least_share = kLeastPart};
  for (std::size_t o = 0; o < n_old; ++o) {
    for (std::size_t n = 0; n < n_new; ++n) {
      const double shared = both[o, n];
      if (shared == 0) continue;
      affinity.similarity[o, n] = shared / (in_old[o] + in_new[n] - shared);
      affinity.share_of_old[o, n] = shared / in_old[o];
      affinity.share_of_new[o, n] = shared / in_new[n];
    }
  }
  return affinity;
}

TopicAffinity affinity_by_vectors(MatrixView<const float> old_vectors,
                                  MatrixView<const float> new_vectors) {
  TG_EXPECTS(old_vectors.rows() == 0 || new_vectors.rows() == 0 ||
             old_vectors.cols() == new_vectors.cols());
  Matrix<double> cosines(old_vectors.rows(), new_vectors.rows());
  for (std::size_t o = 0; o < cosines.rows(); ++o) {
    const auto a = old_vectors.row(o);
    const double length = length_of(a);
    for (std::size_t n = 0; n < cosines.cols(); ++n) {
      const auto b = new_vectors.row(n);
      double dot = 0;
      for (std::size_t j = 0; j < a.size(); ++j)
        dot += static_cast<double>(a[j]) * static_cast<double>(b[j]);
      cosines[o, n] = bounded(dot, length * length_of(b));
    }
  }
  return of_cosines(std::move(cosines), kLeastCosine);
}

TopicAffinity affinity_by_words(CsrView<double> old_weights, CsrView<double> new_weights) {
  TG_EXPECTS(old_weights.cols() == new_weights.cols());
  Matrix<double> cosines(old_weights.rows(), new_weights.rows());
  std::vector<double> dense(old_weights.cols(), 0.0);
  for (std::size_t o = 0; o < cosines.rows(); ++o) {
    const auto columns = old_weights.row_columns(o);
    const auto values = old_weights.row_values(o);
    for (std::size_t i = 0; i < columns.size(); ++i) dense[idx(columns[i])] = values[i];
    const double length = length_of(values);
    for (std::size_t n = 0; n < cosines.cols(); ++n) {
      const auto others = new_weights.row_columns(n);
      const auto weights = new_weights.row_values(n);
      double dot = 0;
      for (std::size_t i = 0; i < others.size(); ++i) dot += dense[idx(others[i])] * weights[i];
      cosines[o, n] = bounded(dot, length * length_of(weights));
    }
    for (const std::int32_t column : columns) dense[idx(column)] = 0;
  }
  return of_cosines(std::move(cosines), kLeastWords);
}

Result<std::vector<TopicMatch>> match_topics(const TopicAffinity& affinity, RunContext& run) {
  const Matrix<double>& similarity = affinity.similarity;
  const std::size_t n_old = similarity.rows();
  const std::size_t n_new = similarity.cols();
  // What is too unlike to be the same topic shall not keep others from finding theirs.
  Matrix<double> gain = similarity;
  for (std::size_t i = 0; i < gain.size(); ++i) {
    if (gain.data()[i] < affinity.least_similarity) gain.data()[i] = 0;
  }
  settle_mutual_pairs(gain);
  TG_TRY(const auto partner, best_pairs(std::as_const(gain).view(), run));
  std::vector<std::uint8_t> is_taken(n_new, 0);
  std::vector<TopicMatch> matches;
  for (std::size_t o = 0; o < n_old; ++o) {
    TopicMatch match{
        .fate = TopicFate::kept, .old_id = narrow<std::int32_t>(o), .new_id = partner[o]};
    if (partner[o] >= 0) {
      is_taken[idx(partner[o])] = 1;
    } else {
      match.new_id = largest(n_new, affinity.least_share,
                             [&](std::size_t n) { return affinity.share_of_old[o, n]; });
      match.fate = match.new_id < 0 ? TopicFate::died : TopicFate::merged;
    }
    if (match.new_id >= 0) match.similarity = similarity[o, idx(match.new_id)];
    matches.push_back(match);
  }
  for (std::size_t n = 0; n < n_new; ++n) {
    if (is_taken[n] != 0) continue;
    TopicMatch match{.fate = TopicFate::born, .new_id = narrow<std::int32_t>(n)};
    match.old_id = largest(n_old, affinity.least_share,
                           [&](std::size_t o) { return affinity.share_of_new[o, n]; });
    if (match.old_id >= 0) {
      match.fate = TopicFate::split;
      match.similarity = similarity[idx(match.old_id), n];
    }
    matches.push_back(match);
  }
  return matches;
}

std::vector<std::int32_t> stable_numbers(std::span<const TopicMatch> matches, std::size_t n_new) {
  std::vector<std::int32_t> numbers(n_new, -1);
  std::vector<std::uint8_t> is_used(n_new, 0);
  for (const TopicMatch& match : matches) {
    if (match.fate != TopicFate::kept || std::cmp_greater_equal(match.old_id, n_new)) continue;
    numbers[idx(match.new_id)] = match.old_id;
    is_used[idx(match.old_id)] = 1;
  }
  std::size_t next = 0;
  for (std::int32_t& number : numbers) {
    if (number >= 0) continue;
    while (is_used[next] != 0) ++next;
    number = narrow<std::int32_t>(next++);
  }
  return numbers;
}

}  // namespace topograph

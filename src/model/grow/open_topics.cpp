#include "model/grow/open_topics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "topograph/cluster/communities.hpp"
#include "topograph/cluster/number_by_size.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/neighbors/fuzzy_graph.hpp"

namespace topograph {
namespace {

/// Groups are looked for at the resolution of the fit and, among those that open nothing, an octave
/// finer and another: documents of known topics lie between and tie small groups to large ones.
constexpr int kOctaves = 3;

/// Newcomers prevail by this much over what is expected: then most of them are something new.
constexpr double kExcess = 2;

/// Newcomers and documents of the model around something.
struct Around {
  double newcomers = 0;
  double others = 0;

  [[nodiscard]] bool exceeds(double expected) const { return newcomers > expected * others; }
};

Around around(const Newcomers& all, std::size_t row, std::size_t n_nearest) {
  Around found;
  for (std::size_t j = 0; j < n_nearest; ++j) {
    (all.places[row, j] >= 0 ? found.newcomers : found.others) += 1;
  }
  return found;
}

/// The graph among some newcomers; who is not one of them is infinitely far.
KnnGraph graph_among(const Newcomers& all, const std::vector<std::size_t>& rows) {
  const std::size_t k = all.places.cols();
  std::vector<std::int32_t> place_of(all.size(), -1);
  for (std::size_t i = 0; i < rows.size(); ++i) place_of[rows[i]] = narrow<std::int32_t>(i);
  KnnGraph graph{Matrix<std::int32_t>(rows.size(), k), Matrix<float>(rows.size(), k)};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::size_t to = 0;
    for (std::size_t j = 0; j < k; ++j) {
      const std::int32_t newcomer = all.places[rows[i], j];
      if (newcomer < 0 || place_of[idx(newcomer)] < 0) continue;
      graph.ids[i, to] = place_of[idx(newcomer)];
      graph.distances[i, to++] = all.distances[rows[i], j];
    }
    for (; to < k; ++to) {
      graph.ids[i, to] = narrow<std::int32_t>(i);
      graph.distances[i, to] = std::numeric_limits<float>::infinity();
    }
  }
  return graph;
}

/// Candidates by group, each list ascending.
Result<std::vector<std::vector<std::size_t>>> groups_of(const Newcomers& all,
                                                        const std::vector<std::size_t>& candidates,
                                                        double resolution, int min_topic_size,
                                                        RunContext& run) {
  if (candidates.size() < 2) return std::vector<std::vector<std::size_t>>();
  std::vector<std::int32_t> weights;
  for (const std::size_t row : candidates) weights.push_back(all.weights[row]);
  TG_TRY(const FuzzyGraph edges, fuzzy_graph(graph_among(all, candidates), {}, run));
  const CommunitiesOptions leiden{
      .resolution = resolution, .min_size = min_topic_size, .n_layers = 0};
  TG_TRY(const auto found, communities(edges, weights, leiden, run));
  std::vector<std::vector<std::size_t>> groups(idx(found.base.n_clusters));
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (found.base.labels[i] >= 0) groups[idx(found.base.labels[i])].push_back(candidates[i]);
  }
  return groups;
}

std::int64_t documents(const Newcomers& all, const std::vector<std::size_t>& group) {
  std::int64_t n = 0;
  for (const std::size_t row : group) n += all.weights[row];
  return n;
}

/// True when the nearest documents of the members, members among them, name the group.
bool is_named_by_votes(const Newcomers& all, const std::vector<std::size_t>& group,
                       std::size_t n_nearest) {
  std::vector<std::uint8_t> is_member(all.size(), 0);
  for (const std::size_t row : group) is_member[row] = 1;
  std::size_t own = 0;
  std::map<std::int32_t, std::size_t> votes;
  for (const std::size_t row : group) {
    for (std::size_t j = 0; j < n_nearest; ++j) {
      const std::int32_t place = all.places[row, j];
      if (place >= 0) {
        own += is_member[idx(place)];
      } else if (all.topics[row, j] >= 0) {
        ++votes[all.topics[row, j]];
      }
    }
  }
  return std::ranges::all_of(votes, [&](const auto& vote) { return vote.second < own; });
}

/// The members that stay; nothing when the group opens no topic.
std::vector<std::size_t> members_that_open(const Newcomers& all,
                                           const std::vector<std::size_t>& group,
                                           const OpenTopicsOptions& options) {
  const std::size_t n_nearest = std::min(all.places.cols(), group.size() - 1);
  Around of_group;
  double expected = 0;
  std::vector<double> shares;
  std::vector<std::size_t> members;
  for (const std::size_t row : group) {
    const Around of_row = around(all, row, n_nearest);
    of_group.newcomers += of_row.newcomers;
    of_group.others += of_row.others;
    expected += all.expected[row] / static_cast<double>(group.size());
    shares.push_back(all.share_as_far[row]);
    const Around near = around(all, row, all.places.cols());
    if (near.exceeds(kExcess * all.expected[row])) members.push_back(row);
  }
  const bool opens = of_group.exceeds(kExcess * expected) && chance_of(shares) <= options.chance &&
                     is_named_by_votes(all, group, n_nearest) &&
                     documents(all, members) >= options.min_topic_size;
  return opens ? members : std::vector<std::size_t>();
}

/// Newcomers whose nearest documents name an opened topic rather than another.
void follow(const Newcomers& all, std::vector<std::int32_t>& labels) {
  const std::vector<std::int32_t> opened = labels;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (opened[i] >= 0) continue;
    std::map<std::int32_t, std::size_t> votes;  // Opened topics before the others: -2, -3 …
    for (std::size_t j = 0; j < all.places.cols(); ++j) {
      const std::int32_t place = all.places[i, j];
      const bool is_opened = place >= 0 && opened[idx(place)] >= 0;
      const std::int32_t topic = place < 0 ? all.topics[i, j] : all.homes[idx(place)];
      ++votes[is_opened ? -2 - opened[idx(place)] : topic];
    }
    const auto most = std::ranges::max_element(
        votes, [](const auto& a, const auto& b) { return a.second < b.second; });
    if (most->first >= kNoise) continue;
    const bool is_tie = std::ranges::any_of(votes, [&](const auto& vote) {
      return vote.first != most->first && vote.second == most->second;
    });
    if (!is_tie) labels[i] = -2 - most->first;
  }
}

float share_in_topic(const Newcomers& all, const std::vector<std::int32_t>& labels,
                     std::size_t row) {
  std::size_t n = 0;
  for (const std::int32_t place : all.places.row(row)) {
    n += place >= 0 && labels[idx(place)] == labels[row] ? 1U : 0U;
  }
  const std::size_t k = all.places.cols();
  return k == 0 ? 1.0F : static_cast<float>(n) / static_cast<float>(k);
}

}  // namespace

// -2 sum(ln share) has a chi-squared distribution with 2 n degrees of freedom; for even ones its
// tail is a sum: exp(-x) sum(x^i / i!) with x = -sum(ln share), i < n.
double chance_of(const std::vector<double>& shares) {
  double x = 0;
  for (const double share : shares) x -= std::log(share);
  if (x <= 0) return 1;
  double sum = 0;
  double log_term = -x;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    sum += std::exp(log_term);
    log_term += std::log(x) - std::log(static_cast<double>(i + 1));
  }
  return std::min(1.0, sum);
}

Result<OpenedTopics> open_topics(const Newcomers& newcomers, const OpenTopicsOptions& options,
                                 RunContext& run) {
  const std::size_t n = newcomers.size();
  OpenedTopics opened{std::vector<std::int32_t>(n, kNoise), std::vector<float>(n, 0.0F), 0};
  if (n == 0) return opened;
  std::int32_t next = 0;
  for (int octave = 0; octave < kOctaves; ++octave) {
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < n; ++i) {
      const Around near = around(newcomers, i, newcomers.places.cols());
      if (opened.labels[i] < 0 && near.exceeds(newcomers.expected[i])) candidates.push_back(i);
    }
    // Modularity compares with all edges: among fewer of them the same groups need a lower one.
    const double share =
        static_cast<double>(candidates.size()) / static_cast<double>(std::max(options.n_all, n));
    TG_TRY(const auto groups,
           groups_of(newcomers, candidates, std::ldexp(options.resolution * share, octave),
                     options.min_topic_size, run));
    for (const auto& group : groups) {
      if (documents(newcomers, group) < options.min_topic_size) continue;
      const auto members = members_that_open(newcomers, group, options);
      for (const std::size_t row : members) opened.labels[row] = next;
      if (!members.empty()) ++next;
    }
  }
  if (next == 0) return opened;
  follow(newcomers, opened.labels);
  opened.n_topics = narrow<std::int32_t>(number_by_size(opened.labels, newcomers.weights).size());
  for (std::size_t i = 0; i < n; ++i) {
    if (opened.labels[i] >= 0) opened.strength[i] = share_in_topic(newcomers, opened.labels, i);
  }
  return opened;
}

}  // namespace topograph

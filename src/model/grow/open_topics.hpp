#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/grow/newcomers.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

struct OpenedTopics {
  std::vector<std::int32_t> labels = {};  ///< Of the newcomers: -1, or dense by documents.
  std::vector<float> strength = {};       ///< Share of the nearest that are in the topic.
  std::int32_t n_topics = 0;
};

struct OpenTopicsOptions {
  /// Of communities among the candidates, as of a fit of `n_all` points.
  double resolution = 1;
  std::size_t n_all = 0;
  double chance = 0.01;     ///< That documents like those of the model open a topic.
  int min_topic_size = 10;  ///< In documents.
};

/// Topics that newcomers open: groups around which the model has too few documents, too far away,
/// for them to be more of the same.
///
/// Where a newcomer is nothing new, its nearest documents are of the model or newcomers in the
/// proportion of its home topic, `expected`; around a new subject newcomers prevail, however many
/// came. Those with more newcomers than expected are grouped by the communities of their neighbour
/// graph, at the resolution given, then the rest at twice and at four times it. A group opens a
/// topic when
/// - newcomers are at least twice as many as expected: most of them are not explained;
/// - its members are farther from the model than its own documents are from each other, by Fisher's
///   test of `share_as_far`, at the level `chance`;
/// - with its members voting, the nearest documents of its members name it rather than a topic.
/// Members whose own neighbourhood is as expected leave it again, and newcomers whose nearest
/// documents name an opened topic join it.
///
/// @determinism  Bit-identical for any number of threads.
[[nodiscard]] Result<OpenedTopics> open_topics(const Newcomers& newcomers,
                                               const OpenTopicsOptions& options, RunContext& run);

/// Fisher's test: the chance that so many shares, uniform in (0, 1], are so small together.
[[nodiscard]] double chance_of(const std::vector<double>& shares);

}  // namespace topograph

#pragma once

#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph {

struct FitOptions;

/// Topics that are wanted by name. Documents like a name are its topic; the others are clustered
/// among themselves. BERTopic: zeroshot_topic_list.
struct ZeroshotOptions {
  std::vector<std::string> topics = {};
  double min_similarity = 0.7;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("topics", s.topics, any_value(),
      "Names of wanted topics, or @FILE, one a line: a document is in the topic of the nearest "
      "name when it is `min_similarity` like it; the other documents are clustered.",
      "zeroshot_topic_list");
    v("min_similarity", s.min_similarity, between(-1, 1), "Least cosine of a document and a name.",
      "zeroshot_min_similarity");
  }
};

/// Topics that are hoped for by some of their words. BERTopic: seed_topic_list.
struct GuidedOptions {
  std::vector<std::string> topics = {};
  float weight = 0.25F;
  double multiplier = 1.2;
  bool targets = true;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("topics", s.topics, any_value(),
      "Words of topics that are hoped for, `oven flour,goal referee` or @FILE, a topic a line "
      "(with commas in a line: terms of several words): documents nearest to one move towards it.",
      "seed_topic_list");
    v("weight", s.weight, between(0, 1),
      "Share of the seed in the vector of a document that is nearest to it.");
    v("multiplier", s.multiplier, above(0),
      "How many times more the words of seeds weigh in the class TF-IDF.");
    v("targets", s.targets, any_value(),
      "Documents nearest to different seeds are pushed apart in the neighbour graph, as known "
      "classes are (see `target`).");
  }
};

/// Vectors of the names and seeds in the options, by the encoder of the documents.
struct SteeringVectors {
  Matrix<float> zeroshot = {};  ///< (names, d)
  Matrix<float> seeds = {};     ///< (seeds, d)
};

/// Embeds what `zeroshot.topics` and `guided.topics` say; no rows where they say nothing.
/// @error option subject: a file that cannot be read, an empty list, a name or seed given twice.
[[nodiscard]] Result<SteeringVectors> steering_vectors(const FitOptions& options,
                                                       const Embedder& embedder, RunContext& run);

}  // namespace topograph

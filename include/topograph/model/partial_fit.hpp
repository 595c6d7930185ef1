#pragma once

#include <cstdint>
#include <optional>

#include "topograph/core/options.hpp"

namespace topograph {

/// How a model grows with further documents.
struct OnlineOptions {
  double decay = 0;
  double far = 0.01;
  int min_topic_size = 10;
  std::optional<int> max_terms = {};
  double min_count = 0;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("decay", s.decay, between(0, 0.999),
      "Share that the term counts of earlier documents lose with every batch, so that words of "
      "today come first; sizes of topics lose nothing.");
    v("far", s.far, between(0, 1),
      "Share of documents like the model's that count as far: a document farther from its nearest "
      "ones than all but this share of the model's are waits without a topic, and a group of new "
      "ones opens a topic where it is as unlikely to be that far by chance. 0: documents join "
      "however far they are, and no topic opens.");
    v("min_topic_size", s.min_topic_size, at_least(2),
      "New and waiting documents that are each other's neighbours open a topic when they are this "
      "many.");
    v("max_terms", s.max_terms, at_least(1),
      "The vocabulary grows up to this many terms: the most frequent (unset: words.max_features).");
    v("min_count", s.min_count, at_least(0), "Terms whose count falls below this are dropped.",
      "delete_min_df");
  }
};

/// What a batch did.
struct PartialFit {
  std::int64_t n_documents = 0;
  std::int64_t n_empty = 0;
  std::int64_t n_known = 0;    ///< Their text was in the model or earlier in the batch.
  std::int64_t n_joined = 0;   ///< New texts that joined a topic the model had.
  std::int64_t n_waiting = 0;  ///< Documents of all batches that wait for others like them.
  std::int32_t n_opened = 0;   ///< New topics; their numbers follow the largest one.
  std::int64_t n_new_terms = 0;
  std::int64_t n_dropped_terms = 0;
};

}  // namespace topograph

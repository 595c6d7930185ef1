#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {

/// One of the models that become one.
struct ModelPart {
  std::string name = {};  ///< For the provenance and errors.
  const TopicModel* model = nullptr;
  const TextColumn* documents = nullptr;  ///< Those of its fit; empty when it does not know them.
};

struct MergeModelsOptions {
  double min_similarity = 0.7;  ///< Topics whose vectors are less similar stay apart.
};

/// Where a topic of a part went.
struct JoinedTopic {
  std::int32_t id = 0;
  double similarity = 1;  ///< With the topic that was there; of a new topic: with the nearest one.
  bool is_new = false;
};

struct MergedModel {
  TopicModel model;
  std::vector<std::vector<JoinedTopic>> topics = {};  ///< Of every part, by topic.
};

/// Joins separately fitted models. Topics of the first keep their ids; a later model's topic joins
/// the most similar one there is, or gets the next id. Term counts of joined topics are sums, so
/// that words are those of counting all documents together; documents, vectors and texts of all
/// are kept where every part has them. Later documents are placed on the first model's map. New
/// documents get the topic with the nearest centre. Words and aspects are made by the first model's
/// representations; those that need what is not there are left out, with a warning.
///
/// @param embedder  Of the vectors, for the representations; may be null.
/// @error option subject: fewer than two models; model subject: vectors of different encoders, no
///        term counts, other rules of words and no documents to count again; cancelled.
/// @peer  BERTopic 0.17.4 `merge_models`, which keeps the first model's words and vectors, loses
///        the counts, and lets topics join topic -1.
[[nodiscard]] Result<MergedModel> merge_models(std::span<const ModelPart> parts,
                                               const MergeModelsOptions& options, RunContext& run,
                                               const Embedder* embedder = nullptr);

}  // namespace topograph

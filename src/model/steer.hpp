#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/find_clusters.hpp"
#include "model/model_data.hpp"
#include "model/point_targets.hpp"
#include "topograph/model/steering.hpp"

namespace topograph {

/// Reads the lists of names and seeds that the options give, and puts them into the options.
[[nodiscard]] Result<void> read_steering_lists(FitOptions& options);

/// The vectors of names and seeds: the given ones, or those that `embedder` makes.
/// @error option subject: no encoder, vectors of another shape, a name without a direction.
[[nodiscard]] Result<SteeringVectors> checked_steering(const FitOptions& options,
                                                       const SteeringVectors& given,
                                                       const Embedder* embedder,
                                                       std::size_t dimension, RunContext& run);

/// Before the neighbour graph: moves documents towards seeds, with `guided.targets` makes known
/// classes of them, and finds the documents that are like a name.
[[nodiscard]] Result<void> steer(TopicModel::Data& data, const SteeringVectors& vectors,
                                 PointTargets& known, RunContext& run);

/// Finds the name that every point is like; warns of names without documents, which get no topic.
/// @param names  (names, d)
[[nodiscard]] Result<void> match_names(TopicModel::Data& data, const Matrix<float>& names,
                                       RunContext& run);

/// True when some document is in a topic because it is like its name.
[[nodiscard]] bool has_matches(const TopicModel::Data& data);

/// Clusters the documents that are like no name with `find_rest` (a fit of their own), and puts
/// the topics of the names before those.
/// @param targets  Of all points; those of the rest are handed on.
using FindRest = std::function<Result<void>(TopicModel::Data& rest, const PointTargets& targets)>;
[[nodiscard]] Result<void> cluster_around_matches(TopicModel::Data& data,
                                                  const PointTargets& targets,
                                                  const FindRest& find_rest, RunContext& run);

/// Gives the topics of names their names.
void name_matches(TopicModel::Data& data);

/// Moves the vectors of new documents as those of the fit were.
[[nodiscard]] Result<void> guide_new(const TopicModel::Data& data, MatrixView<float> vectors,
                                     RunContext& run);

/// New documents that are like a name get its topic in `predicted`; nothing else changes.
/// @return The name of every document, -1: like none that has documents.
[[nodiscard]] Result<std::vector<std::int32_t>> match_new(const TopicModel::Data& data,
                                                          MatrixView<const float> vectors,
                                                          PredictedClusters& predicted,
                                                          RunContext& run);

/// Topic of every name, see `TopicModel::zeroshot_topics`.
[[nodiscard]] std::vector<std::int32_t> topics_of_names(const TopicModel::Data& data);

/// True for methods whose number of clusters stays when documents are added.
[[nodiscard]] bool keeps_its_clusters(ClusterMethod method);

/// True when the neighbours of new documents decide about their clusters, whatever the method was:
/// they are the ones who know topics that the method did not find.
[[nodiscard]] bool places_by_votes(const TopicModel::Data& data);

/// Clusters of new documents by the votes of their nearest ones, those in the topics of names left
/// out; -1 where there are no others.
/// @param neighbors  Of them among all points; not read when some are in the topics of names.
[[nodiscard]] Result<PredictedClusters> predict_by_votes(const TopicModel::Data& data,
                                                         MatrixView<const float> vectors,
                                                         const KnnGraph& neighbors,
                                                         RunContext& run);

/// The class TF-IDF options with the words of the seeds among the seed words.
/// @param warns  Of words of seeds that are no terms.
[[nodiscard]] Result<ClassTfidfOptions> seeded_weighting(const FitOptions& options,
                                                         const TermCounts& counts, bool warns,
                                                         RunContext& run);

}  // namespace topograph

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/cluster/hdbscan.hpp"
#include "topograph/cluster/hdbscan_memberships.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/row_source.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/model/model_parts.hpp"
#include "topograph/model/options.hpp"
#include "topograph/model/partial_fit.hpp"
#include "topograph/topics/describe_topics.hpp"
#include "topograph/topics/types.hpp"

namespace topograph {

/// A fitted map of a collection: documents, topics, layout, and what placing new documents needs.
class TopicModel {
 public:
  /// Fits a model: fold duplicates → embed → neighbour graph → clusters → topics → map.
  ///
  /// @param texts       Documents in input order; blank ones keep their place with topic -1.
  /// @param embedder    Used when `embeddings` is empty. Null with `embed.model` = tfidf: fitted
  ///                    here and kept in the model.
  /// @param embeddings  (n, d) ready vectors, one per document, or empty.
  /// @param given_labels  For `cluster.method` = given: a label of every document, negative for
  ///                      none; identical documents get the one that most of them have.
  /// @param targets     What is known about the documents (labels, -1 unknown; or numbers): it
  ///                    shapes the neighbour graph, and so topics and map, by the options
  ///                    `target`. A point that stands for several documents has the label of those
  ///                    that have one, and none where they disagree. New documents need none.
  /// @param steering    Vectors of the names and seeds that the options `zeroshot` and `guided`
  ///                    give; where they are empty the embedder makes them.
  /// @error  option subject: every option out of range, with its path; input subject: no text
  ///         besides blanks, fewer different documents than neighbours, non-finite vectors.
  /// @determinism  Same seed, same bits, for any number of threads.
  [[nodiscard]] static Result<TopicModel> fit(const TextColumn& texts, const Embedder* embedder,
                                              MatrixView<const float> embeddings,
                                              const FitOptions& options, RunContext& run,
                                              std::span<const std::int32_t> given_labels = {},
                                              const UmapTargets& targets = {},
                                              const SteeringVectors& steering = {});

  /// The same from ready vectors that need not be in memory: they are read once, a block at a time.
  [[nodiscard]] static Result<TopicModel> fit(const TextColumn& texts, const RowSource& embeddings,
                                              const FitOptions& options, RunContext& run,
                                              std::span<const std::int32_t> given_labels = {},
                                              const UmapTargets& targets = {},
                                              const SteeringVectors& steering = {});

  /// Topics of new documents; each answer is independent of the others in the call.
  /// A document identical to one of the fit gets that one's topic and place.
  [[nodiscard]] Result<DocumentTopics> transform(const TextColumn& texts, const Embedder* embedder,
                                                 MatrixView<const float> embeddings,
                                                 RunContext& run) const;

  /// Gives the points (`point_labels`) other topics, and everything that follows: counts, words,
  /// representative documents, centroids, memberships, layers, facts. Counts of merged topics are
  /// sums; only points that part from the rest of their topic are counted again. Labels that
  /// somebody gave go where most of their topic's documents go. New documents follow: a cluster
  /// that `transform` predicts becomes the topic its members have now, the one with the nearest
  /// centroid where they have several. Memberships outlive merging and deleting only. Words and
  /// aspects are made by the representations that they had; those that need the encoder are left
  /// out where there is none, with a warning, and the words are then those of the class TF-IDF.
  ///
  /// @param topics     (points) -1 or any numbers >= 0.
  /// @param documents  All documents of the fit, in input order.
  /// @param embedder   Of the fit, for the representations; null: the model's own, if any.
  /// @error  input subject: another number of documents than in the fit; cancelled. The model is
  ///         then as before.
  [[nodiscard]] Result<void> regroup(std::span<const std::int32_t> topics,
                                     const TextColumn& documents, TopicOrder order, RunContext& run,
                                     const Embedder* embedder = nullptr);

  /// Adds a batch of documents. Those whose text is known count as its copies; the others join the
  /// topic that `transform` names, or wait without one when they are far from it (`options.far`);
  /// when enough that are each other's neighbours wait, they become a new topic. Topics keep their
  /// numbers, documents their topics. The centers of k-means move with their members; its number
  /// of clusters and a mixture's stay. Counts, words, representative documents, map and layers
  /// follow. Afterwards the neighbours of new documents decide about their topics with the other
  /// methods, which know nothing of what came later.
  ///
  /// @param documents   All documents of the model, in order.
  /// @param batch       The new ones: they get the rows after those.
  /// @param embeddings  Of the batch, or empty: the embedder makes them.
  /// @error  input subject: no documents, vectors of another length; model subject: the model does
  ///         not keep its vectors; cancelled. The model is then as before.
  /// @determinism  Bit-identical for any number of threads.
  /// @peer   BERTopic 0.17.4 `partial_fit`, which needs a clusterer with one of its own.
  [[nodiscard]] Result<PartialFit> partial_fit(const TextColumn& documents, const TextColumn& batch,
                                               const Embedder* embedder,
                                               MatrixView<const float> embeddings,
                                               const OnlineOptions& options, RunContext& run);

  /// Gives the topics other numbers and nothing else: words, labels and what `transform` predicts
  /// stay with their topic.
  /// @param number_of  New number of every topic: 0, 1 … in any order.
  void renumber(std::span<const std::int32_t> number_of);

  /// Words of the topics (and aspects) by chains of representations.
  /// @param embedder  Embeds words; null: the model's own, where a step needs one.
  /// @error as `represent_topics`.
  [[nodiscard]] Result<void> represent(const RepresentOptions& options, const StepOptions& steps,
                                       const TextColumn& documents, const Embedder* embedder,
                                       RunContext& run);

  /// Counts the documents again under other rules, and words by class TF-IDF follow.
  [[nodiscard]] Result<void> recount(const CountOptions& words, const ClassTfidfOptions& tfidf,
                                     const TopicOptions& topics, const TextColumn& documents,
                                     RunContext& run);

  /// Writes model.json, arrays.safetensors and topics.json into an existing folder.
  /// `input_json` is a JSON object about the input (files, columns) kept in the manifest.
  [[nodiscard]] Result<void> save(const std::filesystem::path& folder, std::string_view input_json,
                                  const RunContext& run) const;
  /// @error model subject: not_found, parse, schema — naming the file and what is wrong with it.
  [[nodiscard]] static Result<TopicModel> load(const std::filesystem::path& folder);

  [[nodiscard]] const FitOptions& options() const;
  [[nodiscard]] const FitFacts& facts() const;
  [[nodiscard]] const TopicTable& topics() const;
  [[nodiscard]] const DocumentTopics& documents() const;
  [[nodiscard]] const std::vector<TopicLayer>& layers() const;
  [[nodiscard]] const ClusterNumber& cluster_number() const;
  /// The vectors and the labels of the points (documents without blank and repeated ones), for
  /// scores; no rows when the model does not keep its vectors.
  [[nodiscard]] MatrixView<const float> point_embeddings() const;
  [[nodiscard]] std::span<const std::int32_t> point_labels() const;
  [[nodiscard]] std::span<const std::int32_t> point_weights() const;  ///< Documents per point.
  [[nodiscard]] std::span<const std::int64_t> point_rows() const;     ///< First document of each.
  [[nodiscard]] std::span<const std::int64_t> point_keys()
      const;  ///< Hashes of the texts; see `knows_texts`.
  [[nodiscard]] std::span<const std::int32_t> point_of_document() const;  ///< -1: blank.
  /// Term counts of the topics and what weighs them; row 0 is topic -1 when `has_outliers`.
  [[nodiscard]] const TopicDescription& description() const;
  /// (topics, d) mean vectors, without -1.
  [[nodiscard]] MatrixView<const float> topic_vectors() const;
  /// Names a topic; an empty label restores the one made of its words.
  /// @error option subject: there is no such topic.
  [[nodiscard]] Result<void> set_label(std::int32_t topic, std::string label);
  [[nodiscard]] MatrixView<const float> point_positions() const;  ///< (points, 2), on the map.
  /// The hierarchy of HDBSCAN over the points, else null.
  [[nodiscard]] const HdbscanResult* hdbscan() const;
  /// The merges of the points, HDBSCAN's or those of agglomerative clustering; null: there are
  /// none.
  [[nodiscard]] const Linkage* linkage() const;
  /// Persistence of every topic but the outliers; empty where the method knows none.
  [[nodiscard]] std::span<const double> topic_persistence() const;
  /// Topic of every name of `options().zeroshot.topics`, where most of the documents like it are
  /// now; -1: there are none, or most of them have no topic.
  [[nodiscard]] std::vector<std::int32_t> zeroshot_topics() const;
  [[nodiscard]] std::size_t dimension() const;  ///< Of the embeddings.
  [[nodiscard]] bool has_embeddings() const;
  /// Parts that a model of another program may lack: places of the documents, term counts, texts.
  [[nodiscard]] bool has_map() const;
  [[nodiscard]] bool has_counts() const;
  [[nodiscard]] bool knows_texts() const;
  /// (1, d) what `transform` compares with beside the topics; empty: documents without a topic are
  /// like nothing.
  [[nodiscard]] MatrixView<const float> outlier_vector() const;
  /// The embedder that the fit made by itself (tfidf), else null; `transform` falls back to it.
  [[nodiscard]] const Embedder* own_embedder() const;
  /// The manifest's `input` object as it was given to `save`.
  [[nodiscard]] const std::string& input_json() const;

  TopicModel(TopicModel&&) noexcept;
  TopicModel& operator=(TopicModel&&) noexcept;
  TopicModel(const TopicModel&) = delete;
  TopicModel& operator=(const TopicModel&) = delete;
  ~TopicModel();

  struct Data;  ///< Defined in src/model/model_data.hpp, for the room's own steps.
  explicit TopicModel(std::unique_ptr<Data> data);
  [[nodiscard]] const Data& data() const;

 private:
  static Result<TopicModel> fit_from(const TextColumn& texts, const Embedder* embedder,
                                     const RowSource* ready, const FitOptions& options,
                                     RunContext& run, std::span<const std::int32_t> given_labels,
                                     const UmapTargets& targets, const SteeringVectors& steering);
  std::unique_ptr<Data> data_;
};

}  // namespace topograph

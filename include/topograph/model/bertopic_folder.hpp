#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph {

/// The file that marks a folder as saved by BERTopic.
inline constexpr const char* kBertopicMarker = "topic_embeddings.safetensors";

/// True for a folder with BERTopic's files and without topograph's manifest, whole or damaged.
[[nodiscard]] bool is_bertopic_folder(const std::filesystem::path& folder);

struct BertopicReadOptions {
  bool ctfidf = true;  ///< Also the terms and their weights, when they are there.
  /// (documents, d) vectors of the fit's documents, or none. With them the model has a map and
  /// whatever else looks at documents' vectors; topics of new documents are BERTopic's all the
  /// same.
  MatrixView<const float> embeddings = {};
};

/// Reads what BERTopic's `save(serialization="safetensors")` wrote: topics, words, labels, aspects,
/// vectors of topics, and with `save_ctfidf=True` the terms. New documents get the topic (or -1)
/// whose vector is most similar, as there after loading. The counts behind the class TF-IDF are
/// recovered; where they cannot be (a warning says so), shares of terms weighed by documents stand
/// for them.
///
/// The folder holds neither texts nor vectors of documents: without `documents` such a model has no
/// representative ones, without vectors no map.
/// @param documents  All documents of the fit, in its order, or none: with them the model also
///                   knows its texts, and counts terms when the folder has none.
/// @error model subject naming the file: not_found, schema, unsupported (pickle and .bin files);
///        input subject: another number of documents or vectors than the folder has documents,
///        vectors of another length than those of the topics.
/// @peer  BERTopic 0.17.4 (golden test, `tools/reference/model_roundtrip.py`).
[[nodiscard]] Result<TopicModel> read_bertopic(const std::filesystem::path& folder,
                                               const TextColumn& documents,
                                               const BertopicReadOptions& options, RunContext& run);

struct BertopicWriteOptions {
  bool ctfidf = true;  ///< Also the terms and their weights.
  /// Name that BERTopic loads the encoder by; empty: that of the fit's encoder, when it is one
  /// that a name can find.
  std::string embedding_model = {};
};

/// Writes the files that `BERTopic.load` reads into an existing folder. BERTopic compares new
/// documents with the vectors of topics, which is not how every method of topograph predicts; the
/// vector of topic -1 is 0 unless a program that uses one made the model.
/// @return  What BERTopic will do differently, for the user.
[[nodiscard]] Result<std::vector<std::string>> write_bertopic(const TopicModel& model,
                                                              const std::filesystem::path& folder,
                                                              const BertopicWriteOptions& options);

}  // namespace topograph

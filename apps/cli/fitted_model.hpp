#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "document_columns.hpp"
#include "session.hpp"
#include "topograph/core/column_table.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {

/// A model folder with the documents it keeps.
struct FittedModel {
  std::filesystem::path folder = {};
  TopicModel model;
  DocumentColumns documents = {};  ///< documents.parquet and what its columns mean
  TextColumn texts = {};
};

/// Whether a command can do without the texts, which models of other programs may lack.
enum class TextNeed { required, optional };

/// @error model subject: a file is missing, damaged, or of another fit than the others; the texts
///        are needed and the model has none.
[[nodiscard]] Result<FittedModel> open_fitted(const std::string& folder, RunContext& run,
                                              TextNeed texts = TextNeed::required);

/// @error model subject: no place of the documents is known.
[[nodiscard]] Result<void> need_map(const TopicModel& model);

/// @error option subject (`where`): the model has no such topic; names those it has.
[[nodiscard]] Result<void> need_topic(const TopicModel& model, std::int32_t topic,
                                      const char* where);

/// The column that the manifest names under `key` ("time"), or the one called `name`.
/// @error option subject naming the columns there are.
[[nodiscard]] Result<const Column*> wanted_column(const FittedModel& fitted,
                                                  const std::string& name, const char* key,
                                                  const char* flag);

/// The encoder of the model, or the one called `name`; null when the model has its own.
/// @param hint  What helps when the fit had ready vectors.
/// @error option subject: the fit had ready vectors and `name` is empty.
[[nodiscard]] Result<std::unique_ptr<Embedder>> embedder_of(const TopicModel& model,
                                                            const std::string& name,
                                                            const char* hint, RunContext& run);

/// The encoder that the words of the model are made with, when its topics change; null when they
/// need none, or it cannot be had, which a warning says.
/// @error option subject: the one called `name` cannot be had.
[[nodiscard]] Result<std::unique_ptr<Embedder>> word_encoder(const TopicModel& model,
                                                             const std::string& name,
                                                             RunContext& run);

inline constexpr const char* kGiveEncoder = "give --model with the encoder that made them";

/// Where a changed model goes: -o NEW, or -i over the old one.
struct ChangeTarget {
  std::string model = {};
  std::string output = {};
  bool is_in_place = false;
  bool no_report = false;
  std::string encoder = {};  ///< Of words that are made by vectors; empty: the fit's.
};

/// MODEL, -o, -i, --no-report, the run options and --format.
void add_change_flags(CLI::App& command, ChangeTarget& target, Session& session);

/// --model, for commands that change topics.
void add_word_encoder_flag(CLI::App& command, ChangeTarget& target);

/// Writes the changed model: complete or not at all. Files of the old folder that are not part of
/// a model stay with -i.
[[nodiscard]] Result<void> write_changed(FittedModel& fitted, const ChangeTarget& target,
                                         RunContext& run);

/// The topics after a change beside those they came from.
/// @param before  Topics of the points before the change.
[[nodiscard]] ColumnTable changed_topics(const TopicModel& model,
                                         std::span<const std::int32_t> before);

}  // namespace topograph::cli

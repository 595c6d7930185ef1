#pragma once

#include <string>
#include <vector>

#include "topograph/core/column_table.hpp"
#include "topograph/core/document_table.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::cli {

/// The table that `fit` and `transform` write: row, id, topic, probability, x, y, reason, the
/// likeliest topics where the model keeps them, then the input's columns. An input column whose
/// name is taken becomes `input_NAME`.
struct DocumentColumns {
  ColumnTable table = {};
  std::string text_name = {};   ///< Name of the text column in `table`.
  std::string title_name = {};  ///< Empty: none.
  std::string label_name = {};  ///< Empty: none.
  std::string time_name = {};   ///< Empty: none.
  std::string class_name = {};  ///< Empty: none.
};

[[nodiscard]] DocumentColumns document_columns(const DocumentTable& documents,
                                               const DocumentTopics& topics);

/// topic, probability, x, y, reason and the likeliest topics, as in that table.
[[nodiscard]] ColumnTable topic_columns(const DocumentTopics& topics);

/// row, id and those columns: for a model whose documents nobody has.
[[nodiscard]] DocumentColumns bare_columns(const DocumentTopics& topics);

/// Words of a topic in one cell.
[[nodiscard]] std::string joined_words(const std::vector<TopicWord>& words);

/// Name of each document's topic ("3_word_word_word_word").
[[nodiscard]] Column name_column(const TopicModel& model, const DocumentTopics& topics);

/// Puts `column` before position `at`; where its name is taken it becomes `topic_NAME`.
void insert_column(ColumnTable& table, std::size_t at, Column column);

/// A column as text, cell by cell.
[[nodiscard]] TextColumn text_of(const Column& column);

}  // namespace topograph::cli

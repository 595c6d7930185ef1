#pragma once

#include <string>

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

/// A column as text, cell by cell.
[[nodiscard]] TextColumn text_of(const Column& column);

}  // namespace topograph::cli

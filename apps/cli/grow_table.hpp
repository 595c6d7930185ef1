#pragma once

#include "document_columns.hpp"

namespace topograph::cli {

/// Adds the rows of a batch to the documents of a model. Columns go by their names: where one side
/// lacks a column its cells are missing; where types differ the column becomes text. The text
/// column is the model's, whatever the batch calls it.
/// @param has_ids  The batch has identifiers of its own; else they are its rows in the model.
void grow_table(DocumentColumns& documents, DocumentColumns batch, bool has_ids);

}  // namespace topograph::cli

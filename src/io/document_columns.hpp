#pragma once

#include <string>

#include "io/source_table.hpp"
#include "topograph/core/document_table.hpp"
#include "topograph/io/read_documents.hpp"

namespace topograph {

/// Gives the columns of a table their roles.
///
/// The text column is `options.text`; else `text`; else the only column of text; else the only
/// column of text in which some value is neither a number, nor a date, nor true or false.
///
/// @param name  What errors call the input.
/// @error invalid_argument listing the columns.
[[nodiscard]] Result<DocumentTable> assign_columns(SourceTable source, const ReadOptions& options,
                                                   const std::string& name);

}  // namespace topograph

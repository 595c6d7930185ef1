#pragma once

#include <optional>
#include <string>
#include <vector>

#include "io/source_table.hpp"
#include "topograph/core/document_table.hpp"
#include "topograph/io/read_documents.hpp"

namespace topograph {

/// Chooses the column that holds the documents, from tables seen one after another: it is the named
/// one; else `text`; else the only column of text; else the only column of text in which some value
/// is neither a number, nor a date, nor true or false.
class TextColumnChoice {
 public:
  explicit TextColumnChoice(const ReadOptions& options) : wanted_(options.text) {}

  void add(const ColumnTable& table);
  /// True when no further table can change the choice.
  /// @param has_all_columns  Every column of the input has been seen.
  [[nodiscard]] bool is_made(bool has_all_columns) const;
  /// @error invalid_argument listing the columns.
  [[nodiscard]] Result<std::string> column(const std::string& name) const;

 private:
  enum class Kind : std::uint8_t { number, boolean, time, text };
  struct Candidate {
    Kind kind = Kind::text;
    bool has_values = false;  ///< Else all are missing, and the column takes any kind.
    bool holds_language = false;
  };
  static Kind kind_of(const Column& column);

  std::optional<std::string> wanted_;
  ColumnTable columns_ = {};  ///< Names only, in the order in which they appeared.
  std::vector<Candidate> candidates_ = {};
};

/// The error of an input without a single row.
[[nodiscard]] std::unexpected<Error> no_documents(const std::string& name, bool has_columns);

/// The values of a column as documents; a missing value is a blank one.
[[nodiscard]] TextColumn document_texts(const Column& column);

/// Gives the columns of a table their roles.
///
/// @param name  What errors call the input.
/// @error invalid_argument listing the columns.
[[nodiscard]] Result<DocumentTable> assign_columns(SourceTable source, const ReadOptions& options,
                                                   const std::string& name);

}  // namespace topograph

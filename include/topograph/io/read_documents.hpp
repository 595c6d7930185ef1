#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/document_table.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

enum class InputFormat : std::uint8_t { detect, csv, tsv, jsonl, parquet, feather, txt };
template <>
struct EnumNames<InputFormat> {
  static constexpr std::array<std::string_view, 7> names{"auto",    "csv",     "tsv", "jsonl",
                                                         "parquet", "feather", "txt"};
};

/// Which columns mean what. A set name that is not in the input is an error listing the columns.
struct ReadOptions {
  std::optional<std::string> text = {};
  std::optional<std::string> id = {};
  std::optional<std::string> label = {};
  std::optional<std::string> time = {};
  std::optional<std::string> class_ = {};
  std::optional<std::string> title = {};
  InputFormat format = InputFormat::detect;
  bool strict = false;
  std::vector<std::string> where = {};
  int min_characters = 0;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("text", s.text, any_value(),
      "Column that holds the documents (unset: `text`, else the only string column).");
    v("id", s.id, any_value(), "Column with the documents' own identifiers.");
    v("label", s.label, any_value(), "Column with known labels, used by `evaluate` only.");
    v("time", s.time, any_value(), "Column with dates or times.");
    v("class", s.class_, any_value(),
      "Column with a class of each document, for tables per class.");
    v("title", s.title, any_value(), "Column with a short title shown on the map.");
    v("format", s.format, any_value(),
      "Format of the input (auto: by file name; stdin: csv unless told).");
    v("strict", s.strict, any_value(),
      "Invalid UTF-8 is an error with file and line instead of U+FFFD.");
    v("where", s.where, any_value(),
      "Conditions COLUMN=VALUE[,VALUE...]: only rows that meet all of them are documents.");
    v("min_characters", s.min_characters, at_least(0),
      "Only rows whose text has at least so many characters are documents.");
  }
};

/// Reads documents from files and folders (see docs/formats.md for the list), `-` = stdin.
///
/// Several inputs are concatenated in the given order; files of a folder in byte order of their
/// paths, hidden ones left out. All inputs of one call must have the same columns, in any order;
/// types that differ are widened (numbers to the larger type, else to text). Delimited files keep
/// every column as text exactly as written; JSON lines and Parquet keep their types, nested values
/// become JSON text. gzip and zstd are recognised by their first bytes. The text column is
/// `options.text`, else `text`, else the only column of text, else the only column of text in which
/// some value is neither a number, nor a date, nor true or false. Missing text is a blank document.
///
/// @error  input subject, with `file:line[:column]`: not_found, parse (ragged row, broken JSON,
///         binary bytes), invalid_argument (unknown or ambiguous column), or no documents at all.
/// @determinism  Independent of the thread count.
[[nodiscard]] Result<DocumentTable> read_documents(std::span<const std::string> inputs,
                                                   const ReadOptions& options, RunContext& run);

}  // namespace topograph

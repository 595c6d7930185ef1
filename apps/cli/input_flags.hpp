#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "topograph/io/read_documents.hpp"

namespace topograph::cli {

/// Which columns a subcommand makes use of.
enum class InputColumns { text, text_and_id, all };

/// The flags that say what the columns of documents mean.
inline void add_column_flags(CLI::App& command, ReadOptions& read, InputColumns columns) {
  constexpr const char* group = "Input";
  const auto add = [&](const char* flag, std::optional<std::string>& column, const char* help) {
    command
        .add_option_function<std::string>(
            flag, [&column](const std::string& name) { column = name; }, help)
        ->type_name("COLUMN")
        ->group(group);
  };
  add("--text", read.text,
      "Column with the documents (default: text, else the only string column)");
  if (columns != InputColumns::text) add("--id", read.id, "Column with identifiers");
  if (columns != InputColumns::text) {
    command
        .add_option("--where", read.where,
                    "Only rows whose COLUMN holds one of the values; again: all must hold")
        ->type_name("COLUMN=VALUE[,VALUE...]")
        ->allow_extra_args(false)
        ->group(group);
    command
        .add_option("--min-characters", read.min_characters,
                    "Only rows whose text has at least so many characters")
        ->check(CLI::NonNegativeNumber)
        ->type_name("N")
        ->group(group);
  }
  if (columns == InputColumns::all) {
    add("--label", read.label,
        "Column with known labels (for evaluation, and for --cluster given)");
    add("--time", read.time, "Column with dates or times");
    add("--class", read.class_, "Column with a class per document");
    add("--title", read.title, "Column with a short title shown on the map");
  }
  command
      .add_option_function<std::string>(
          "--input-format",
          [&read](const std::string& name) {
            const auto& names = EnumNames<InputFormat>::names;
            for (std::size_t i = 0; i < names.size(); ++i) {
              if (names[i] == name) read.format = static_cast<InputFormat>(i);
            }
          },
          "Format of the input (default: by file name)")
      ->check(CLI::IsMember({"auto", "csv", "tsv", "jsonl", "parquet", "feather", "txt"}))
      ->group(group);
  command.add_flag("--strict", read.strict, "Invalid UTF-8 is an error instead of U+FFFD")
      ->group(group);
}

/// INPUT... and those flags.
inline void add_input_flags(CLI::App& command, std::vector<std::string>& inputs, ReadOptions& read,
                            InputColumns columns) {
  command
      .add_option(
          "INPUT", inputs,
          "Files or folders: csv, tsv, jsonl, parquet, feather, txt; .gz and .zst; - is stdin")
      ->required();
  add_column_flags(command, read, columns);
}

}  // namespace topograph::cli

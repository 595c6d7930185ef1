#include "topograph/io/read_documents.hpp"

#include <utility>
#include <vector>

#include "io/document_columns.hpp"
#include "io/input_files.hpp"
#include "io/read_columnar.hpp"
#include "io/read_delimited.hpp"
#include "io/read_json_lines.hpp"
#include "io/read_plain_text.hpp"
#include "io/source_table.hpp"

namespace topograph {
namespace {

Result<SourceTable> read_file(const InputFile& file, ReadContext& context) {
  if (file.format == InputFormat::parquet || file.format == InputFormat::feather) {
    const auto format =
        file.format == InputFormat::parquet ? ColumnarFormat::parquet : ColumnarFormat::feather;
    return read_columnar(file.path, file.name, format, context);
  }
  TG_TRY(auto stream, TextStream::open(file.path, file.name));
  switch (file.format) {
    case InputFormat::tsv: return read_delimited(std::move(stream), '\t', context);
    case InputFormat::jsonl: return read_json_lines(std::move(stream), context);
    case InputFormat::txt: return read_text_lines(std::move(stream), context);
    default: return read_delimited(std::move(stream), ',', context);
  }
}

/// What errors about the joined input call it.
std::string joined_name(std::span<const std::string> inputs) {
  if (inputs[0] == "-") return "stdin";
  return inputs.size() == 1 ? inputs[0] : inputs[0] + " and the other inputs";
}

}  // namespace

Result<DocumentTable> read_documents(std::span<const std::string> inputs,
                                     const ReadOptions& options, RunContext& run) {
  if (inputs.empty()) {
    return option_error("INPUT", "expected at least one file or folder, found none",
                        "name the files to read, or - for standard input");
  }
  TG_TRY(const std::vector<InputGroup> groups, find_input_files(inputs, options.format));
  std::uint64_t total_bytes = 0;
  for (const InputGroup& group : groups) {
    for (const InputFile& file : group.files) total_bytes += file.bytes;
  }
  Stage stage(run, "read", total_bytes);
  ReadContext context{run, stage, options.strict};
  SourceTable joined;
  for (const InputGroup& group : groups) {
    if (run.stop_requested()) return cancelled();
    TG_TRY(auto source, group.is_text_folder ? read_text_folder(group.files, context)
                                             : read_file(group.files[0], context));
    if (joined.table.columns.empty()) {
      joined = std::move(source);
      continue;
    }
    TG_TRY(append_rows(joined, groups[0].files[0].name, std::move(source), group.files[0].name));
  }
  return assign_columns(std::move(joined), options, joined_name(inputs));
}

}  // namespace topograph

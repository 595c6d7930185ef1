#include "topograph/io/read_documents.hpp"

#include <utility>
#include <vector>

#include "io/choose_rows.hpp"
#include "io/document_columns.hpp"
#include "io/input_files.hpp"
#include "io/row_reader.hpp"

namespace topograph {

Result<DocumentTable> read_documents(std::span<const std::string> inputs,
                                     const ReadOptions& options, RunContext& run) {
  TG_TRY(const std::vector<InputGroup> groups, find_input_files(inputs, options.format));
  Stage stage(run, "read", total_bytes(groups));
  SourceTable joined;
  for (const InputGroup& group : groups) {
    TG_TRY(const auto reader, open_rows(group, {run, options.strict}));
    TG_TRY(auto source, read_all_rows(*reader, stage, run));
    if (joined.table.columns.empty()) {
      joined = std::move(source);
      continue;
    }
    TG_TRY(append_rows(joined, groups[0].files[0].name, std::move(source), group.files[0].name));
  }
  const std::string name = joined_name(inputs);
  TG_TRY(choose_rows(joined, options.where, name));
  return assign_columns(std::move(joined), options, name);
}

}  // namespace topograph

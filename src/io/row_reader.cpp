#include "io/row_reader.hpp"

#include "io/read_columnar.hpp"
#include "io/read_delimited.hpp"
#include "io/read_json_lines.hpp"
#include "io/read_plain_text.hpp"

namespace topograph {

Result<std::unique_ptr<RowReader>> open_rows(const InputGroup& group, const ReadContext& context) {
  if (group.is_text_folder) return open_text_folder(group.files, context);
  const InputFile& file = group.files[0];
  switch (file.format) {
    case InputFormat::parquet:
      return open_columnar(file.path, file.name, ColumnarFormat::parquet, context);
    case InputFormat::feather:
      return open_columnar(file.path, file.name, ColumnarFormat::feather, context);
    default: break;
  }
  TG_TRY(auto stream, TextStream::open(file.path, file.name, context.run.stop_token()));
  switch (file.format) {
    case InputFormat::tsv: return open_delimited(std::move(stream), '\t', context);
    case InputFormat::jsonl: return open_json_lines(std::move(stream), context);
    case InputFormat::txt: return open_text_lines(std::move(stream), context);
    default: return open_delimited(std::move(stream), ',', context);
  }
}

Result<SourceTable> read_all_rows(RowReader& reader, Stage& stage, RunContext& run) {
  std::uint64_t reported = 0;
  while (true) {
    if (run.stop_requested()) return cancelled();
    TG_TRY(const bool has_more, reader.advance());
    stage.advance(reader.consumed_bytes() - reported);
    reported = reader.consumed_bytes();
    if (!has_more) return reader.take();
  }
}

}  // namespace topograph

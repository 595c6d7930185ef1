#include "io/read_json_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/json_columns.hpp"
#include "io/utf8_text.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kLinesPerBlock = 2048;

struct NumberedLine {
  std::string_view text = {};
  std::uint64_t number = 0;
};

class JsonLinesTable {
 public:
  JsonLinesTable(std::string name, ReadContext& context)
      : name_(std::move(name)), context_(context) {}

  Result<void> feed(std::string_view piece) {
    const std::size_t last = piece.rfind('\n');
    if (last == std::string_view::npos) {
      partial_.append(piece);
      return {};
    }
    const std::string_view rest = piece.substr(last + 1);
    std::string_view lines = piece.substr(0, last + 1);
    if (!partial_.empty()) lines = partial_.append(lines);
    TG_TRY(parse(lines));
    partial_.assign(rest);
    return {};
  }

  Result<SourceTable> finish() {
    TG_TRY(parse(partial_));
    SourceTable source;
    source.table = join_json_blocks(std::move(blocks_));
    source.invalid_rows = std::move(invalid_rows_);
    return source;
  }

 private:
  Result<void> parse(std::string_view text) {
    const std::vector<NumberedLine> lines = split(text);
    const std::size_t n_blocks = block_count(lines.size(), kLinesPerBlock);
    std::vector<JsonBlock> parsed(n_blocks);
    std::vector<std::vector<std::int64_t>> invalid(n_blocks);
    TG_TRY(parallel_blocks(context_.run, lines.size(), kLinesPerBlock,
                           [&](const Block& block) -> Result<void> {
                             for (std::size_t i = block.begin; i < block.end; ++i) {
                               TG_TRY(const bool is_replaced, add(lines[i], parsed[block.index]));
                               if (is_replaced) {
                                 invalid[block.index].push_back(static_cast<std::int64_t>(i));
                               }
                             }
                             return {};
                           }));
    for (std::size_t b = 0; b < n_blocks; ++b) {
      for (const std::int64_t row : invalid[b]) invalid_rows_.push_back(n_rows_ + row);
      blocks_.push_back(std::move(parsed[b]));
    }
    n_rows_ += static_cast<std::int64_t>(lines.size());
    return {};
  }

  /// The lines that are not blank.
  std::vector<NumberedLine> split(std::string_view text) {
    std::vector<NumberedLine> lines;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++line_;
      const std::string_view line = text.substr(0, end);
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) lines.push_back({line, line_});
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
  }

  /// @return true when invalid UTF-8 was replaced.
  Result<bool> add(const NumberedLine& line, JsonBlock& block) const {
    const bool is_invalid = find_invalid_utf8(line.text) != std::string_view::npos;
    if (is_invalid && context_.strict) {
      return invalid_utf8_error(where(line), line.text);
    }
    auto added =
        is_invalid ? block.add_line(replace_invalid_utf8(line.text)) : block.add_line(line.text);
    if (!added) {
      Error error = std::move(added).error();
      error.where = where(line) + (error.where.empty() ? "" : ":" + error.where);
      error.hint = hint_for(line);
      return std::unexpected(std::move(error));
    }
    return is_invalid;
  }

  [[nodiscard]] std::string where(const NumberedLine& line) const {
    return fmt::format("{}:{}", name_, line.number);
  }

  static std::string hint_for(const NumberedLine& line) {
    const std::size_t first = line.text.find_first_not_of(" \t\r");
    const bool starts_array = line.text[first] == '[';
    if (line.number == 1 && starts_array) {
      return "one object a line is read, not an array: convert it with jq -c '.[]'";
    }
    if (line.text.find("NaN") != std::string_view::npos) return "write null for a missing number";
    return "each line must be one complete JSON object";
  }

  std::string name_;
  ReadContext& context_;
  std::string partial_ = {};
  std::uint64_t line_ = 0;
  std::int64_t n_rows_ = 0;
  std::vector<JsonBlock> blocks_ = {};
  std::vector<std::int64_t> invalid_rows_ = {};
};

}  // namespace

Result<SourceTable> read_json_lines(TextStream stream, ReadContext& context) {
  JsonLinesTable table(stream.name(), context);
  TG_TRY(
      for_each_piece(stream, context, [&](std::string_view piece) { return table.feed(piece); }));
  return table.finish();
}

}  // namespace topograph

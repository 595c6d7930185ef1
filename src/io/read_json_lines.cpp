#include "io/read_json_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
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

/// What one block of lines became. A failure is kept here rather than ending the loop, so that the
/// first broken line of the file is reported whichever thread met one first.
struct ParsedLines {
  JsonBlock block = {};
  std::vector<std::int64_t> invalid_rows = {};  ///< Counted from the block's first line.
  std::optional<Error> failure = {};
};

class JsonLinesReader final : public RowReader {
 public:
  JsonLinesReader(TextStream stream, const ReadContext& context)
      : stream_(std::move(stream)), context_(context) {}

  Result<bool> advance() override {
    TG_TRY(const std::string_view piece, stream_.next());
    TG_TRY(piece.empty() ? parse(std::exchange(partial_, {})) : feed(piece));
    return !piece.empty();
  }
  /// Types are those of the rows since the last call: a table taken at the end agrees on them all.
  SourceTable take() override {
    SourceTable source;
    source.table = join_json_blocks(std::exchange(blocks_, {}));
    source.invalid_rows = std::exchange(invalid_rows_, {});
    n_rows_ = 0;
    return source;
  }
  [[nodiscard]] std::uint64_t consumed_bytes() const override { return stream_.consumed_bytes(); }

 private:
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

  Result<void> parse(std::string_view text) {
    const std::vector<NumberedLine> lines = split(text);
    std::vector<ParsedLines> parsed(block_count(lines.size(), kLinesPerBlock));
    TG_TRY(parallel_blocks(context_.run, lines.size(), kLinesPerBlock, [&](const Block& block) {
      const auto part = std::span(lines).subspan(block.begin, block.end - block.begin);
      parsed[block.index] = parse_lines(part);
    }));
    for (ParsedLines& part : parsed) {
      if (part.failure) return std::unexpected(*std::move(part.failure));
      for (const std::int64_t row : part.invalid_rows) invalid_rows_.push_back(n_rows_ + row);
      n_rows_ += static_cast<std::int64_t>(part.block.n_rows);
      blocks_.push_back(std::move(part.block));
    }
    return {};
  }

  [[nodiscard]] ParsedLines parse_lines(std::span<const NumberedLine> lines) const {
    ParsedLines parsed;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Result<bool> is_replaced = add(lines[i], parsed.block);
      if (!is_replaced) {
        parsed.failure = is_replaced.error();
        return parsed;
      }
      if (*is_replaced) parsed.invalid_rows.push_back(static_cast<std::int64_t>(i));
    }
    return parsed;
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
    return fmt::format("{}:{}", stream_.name(), line.number);
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

  TextStream stream_;
  ReadContext context_;
  std::string partial_ = {};
  std::uint64_t line_ = 0;
  std::int64_t n_rows_ = 0;
  std::vector<JsonBlock> blocks_ = {};
  std::vector<std::int64_t> invalid_rows_ = {};
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_json_lines(TextStream stream, const ReadContext& context) {
  return std::make_unique<JsonLinesReader>(std::move(stream), context);
}

}  // namespace topograph

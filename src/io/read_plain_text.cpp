#include "io/read_plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/utf8_text.hpp"

namespace topograph {
namespace {

class LineTable {
 public:
  LineTable(std::string name, bool strict) : name_(std::move(name)), strict_(strict) {}

  Result<void> feed(std::string_view piece) {
    while (!piece.empty()) {
      const std::size_t newline = piece.find('\n');
      if (newline == std::string_view::npos) {
        partial_.append(piece);
        return {};
      }
      TG_TRY(end_line(piece.substr(0, newline)));
      piece.remove_prefix(newline + 1);
    }
    return {};
  }

  Result<SourceTable> finish() {
    if (!partial_.empty()) TG_TRY(end_line({}));
    source_.table.columns.push_back({.name = "text", .values = std::move(lines_)});
    return std::move(source_);
  }

 private:
  Result<void> end_line(std::string_view rest) {
    std::string_view line = rest;
    if (!partial_.empty()) line = partial_.append(rest);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const auto row = static_cast<std::int64_t>(lines_.size());
    if (push_utf8(lines_, line)) {
      if (strict_) return invalid_utf8_error(fmt::format("{}:{}", name_, row + 1), line);
      source_.invalid_rows.push_back(row);
    }
    partial_.clear();
    return {};
  }

  std::string name_;
  bool strict_;
  std::string partial_ = {};
  TextColumn lines_ = {};
  SourceTable source_ = {};
};

}  // namespace

Result<SourceTable> read_text_lines(TextStream stream, ReadContext& context) {
  LineTable table(stream.name(), context.strict);
  TG_TRY(
      for_each_piece(stream, context, [&](std::string_view piece) { return table.feed(piece); }));
  return table.finish();
}

Result<SourceTable> read_text_folder(const std::vector<InputFile>& files, ReadContext& context) {
  SourceTable source;
  TextColumn texts;
  TextColumn names;
  for (const InputFile& file : files) {
    TG_TRY(auto stream, TextStream::open(file.path, file.name));
    std::string content;
    TG_TRY(for_each_piece(stream, context, [&](std::string_view piece) -> Result<void> {
      content.append(piece);
      return {};
    }));
    const auto row = static_cast<std::int64_t>(texts.size());
    bool is_replaced = push_utf8(texts, content);
    if (is_replaced && context.strict) {
      const auto end = content.begin() + static_cast<std::ptrdiff_t>(find_invalid_utf8(content));
      const auto line = std::count(content.begin(), end, '\n') + 1;
      return invalid_utf8_error(fmt::format("{}:{}", file.name, line), content);
    }
    is_replaced |= push_utf8(names, file.path_in_folder);
    if (is_replaced) source.invalid_rows.push_back(row);
  }
  source.table.columns.push_back({.name = "text", .values = std::move(texts)});
  source.table.columns.push_back({.name = "file", .values = std::move(names)});
  return source;
}

}  // namespace topograph

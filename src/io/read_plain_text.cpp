#include "io/read_plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/utf8_text.hpp"

namespace topograph {
namespace {

class LineReader final : public RowReader {
 public:
  LineReader(TextStream stream, bool strict) : stream_(std::move(stream)), strict_(strict) {}

  Result<bool> advance() override {
    TG_TRY(const std::string_view piece, stream_.next());
    if (!piece.empty()) {
      TG_TRY(feed(piece));
      return true;
    }
    if (!partial_.empty()) TG_TRY(end_line({}));
    return false;
  }
  SourceTable take() override {
    SourceTable source;
    n_taken_ += lines_.size();
    source.table.columns.push_back({.name = "text", .values = std::exchange(lines_, TextColumn())});
    source.invalid_rows = std::exchange(invalid_rows_, {});
    return source;
  }
  [[nodiscard]] std::uint64_t consumed_bytes() const override { return stream_.consumed_bytes(); }

 private:
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

  Result<void> end_line(std::string_view rest) {
    std::string_view line = rest;
    if (!partial_.empty()) line = partial_.append(rest);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::size_t row = lines_.size();
    if (push_utf8(lines_, line)) {
      if (strict_) {
        return invalid_utf8_error(fmt::format("{}:{}", stream_.name(), n_taken_ + row + 1), line);
      }
      invalid_rows_.push_back(static_cast<std::int64_t>(row));
    }
    partial_.clear();
    return {};
  }

  TextStream stream_;
  bool strict_;
  std::string partial_ = {};
  TextColumn lines_ = {};
  std::vector<std::int64_t> invalid_rows_ = {};
  std::size_t n_taken_ = 0;
};

/// One file a portion.
class FolderReader final : public RowReader {
 public:
  FolderReader(std::vector<InputFile> files, bool strict, std::stop_token stop)
      : files_(std::move(files)), strict_(strict), stop_(std::move(stop)) {}

  Result<bool> advance() override {
    if (next_ == files_.size()) return false;
    TG_TRY(add_document(files_[next_++]));
    return true;
  }
  SourceTable take() override {
    SourceTable source;
    source.table.columns.push_back({.name = "text", .values = std::exchange(texts_, TextColumn())});
    source.table.columns.push_back({.name = "file", .values = std::exchange(names_, TextColumn())});
    source.invalid_rows = std::exchange(invalid_rows_, {});
    return source;
  }
  [[nodiscard]] std::uint64_t consumed_bytes() const override { return consumed_; }

 private:
  Result<void> add_document(const InputFile& file) {
    TG_TRY(auto stream, TextStream::open(file.path, file.name, stop_));
    std::string content;
    while (true) {
      TG_TRY(const std::string_view piece, stream.next());
      if (piece.empty()) break;
      content.append(piece);
    }
    consumed_ += stream.consumed_bytes();
    const auto row = static_cast<std::int64_t>(texts_.size());
    bool is_replaced = push_utf8(texts_, content);
    if (is_replaced && strict_) {
      const auto end = content.begin() + static_cast<std::ptrdiff_t>(find_invalid_utf8(content));
      const auto line = std::count(content.begin(), end, '\n') + 1;
      return invalid_utf8_error(fmt::format("{}:{}", file.name, line), content);
    }
    is_replaced |= push_utf8(names_, file.path_in_folder);
    if (is_replaced) invalid_rows_.push_back(row);
    return {};
  }

  std::vector<InputFile> files_;
  bool strict_;
  std::stop_token stop_;
  std::size_t next_ = 0;
  std::uint64_t consumed_ = 0;
  TextColumn texts_ = {};
  TextColumn names_ = {};
  std::vector<std::int64_t> invalid_rows_ = {};
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_text_lines(TextStream stream, const ReadContext& context) {
  return std::make_unique<LineReader>(std::move(stream), context.strict);
}

Result<std::unique_ptr<RowReader>> open_text_folder(const std::vector<InputFile>& files,
                                                    const ReadContext& context) {
  return std::make_unique<FolderReader>(files, context.strict, context.run.stop_token());
}

}  // namespace topograph

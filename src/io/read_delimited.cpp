#include "io/read_delimited.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "io/delimited_scanner.hpp"
#include "io/utf8_text.hpp"

namespace topograph {
namespace {

class DelimitedTable {
 public:
  DelimitedTable(std::string name, bool strict, char delimiter)
      : name_(std::move(name)), strict_(strict), delimiter_(delimiter) {}

  Result<void> add(const DelimitedRecord& record) {
    if (columns_.empty()) return add_header(record);
    if (record.is_blank_line && columns_.size() > 1) return {};
    if (record.size() != columns_.size()) return ragged(record);
    bool is_replaced = false;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      is_replaced |= push_utf8(columns_[c], record[c]);
    }
    if (is_replaced && strict_) return strict_failure(record);
    if (is_replaced) invalid_rows_.push_back(n_rows_);
    ++n_rows_;
    return {};
  }

  [[nodiscard]] bool has_header() const { return !columns_.empty(); }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  SourceTable finish() && {
    SourceTable source;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      source.table.columns.push_back({.name = names_[c], .values = std::move(columns_[c])});
    }
    source.invalid_rows = std::move(invalid_rows_);
    return source;
  }

 private:
  Result<void> add_header(const DelimitedRecord& record) {
    if (record.is_blank_line) return {};
    for (std::size_t c = 0; c < record.size(); ++c) {
      const std::string_view name = record[c];
      if (find_invalid_utf8(name) != std::string_view::npos) return strict_failure(record);
      if (std::ranges::find(names_, name) != names_.end()) {
        return input_error(ErrorCode::parse, where(record.line),
                           fmt::format("the header has two columns called `{}`", name),
                           "give every column its own name");
      }
      names_.emplace_back(name);
    }
    columns_.resize(names_.size());
    return {};
  }

  [[nodiscard]] std::unexpected<Error> ragged(const DelimitedRecord& record) const {
    const bool is_tabs = delimiter_ == '\t';
    const std::string hint = record.size() > columns_.size() || is_tabs
                                 ? "is a quote missing?"
                                 : "is a quote missing, or is the row cut short?";
    return input_error(ErrorCode::parse, where(record.line),
                       fmt::format("expected {} field{}, found {}", columns_.size(),
                                   columns_.size() == 1 ? "" : "s", record.size()),
                       hint);
  }

  [[nodiscard]] std::unexpected<Error> strict_failure(const DelimitedRecord& record) const {
    for (std::size_t c = 0; c < record.size(); ++c) {
      const std::string_view field = record[c];
      const std::size_t bad = find_invalid_utf8(field);
      if (bad == std::string_view::npos) continue;
      const char* end = field.data() + bad;
      const auto newlines = static_cast<std::uint64_t>(std::count(record.bytes.data(), end, '\n'));
      return invalid_utf8_error(where(record.line + newlines), field);
    }
    return invalid_utf8_error(where(record.line), "\xFF");
  }

  [[nodiscard]] std::string where(std::uint64_t line) const {
    return fmt::format("{}:{}", name_, line);
  }

  std::string name_;
  bool strict_;
  char delimiter_;
  std::vector<std::string> names_ = {};
  std::vector<TextColumn> columns_ = {};
  std::vector<std::int64_t> invalid_rows_ = {};
  std::int64_t n_rows_ = 0;
};

}  // namespace

Result<SourceTable> read_delimited(TextStream stream, char delimiter, ReadContext& context) {
  DelimitedTable table(stream.name(), context.strict, delimiter);
  DelimitedScanner scanner(delimiter, stream.name(),
                           [&](const DelimitedRecord& record) { return table.add(record); });
  TG_TRY(
      for_each_piece(stream, context, [&](std::string_view piece) { return scanner.feed(piece); }));
  TG_TRY(scanner.finish());
  if (!table.has_header()) {
    return input_error(ErrorCode::parse, stream.name(), "the file is empty",
                       "expected a header line with the names of the columns");
  }
  const std::vector<std::string>& names = table.names();
  if (names.size() == 1 && delimiter == ',' && names[0].find_first_of(";\t") != std::string::npos) {
    context.run.warn(fmt::format(
        "{}: the header is one column called `{}`; if semicolons or tabs separate the fields, save "
        "the file with commas or read it with --format tsv",
        stream.name(), names[0]));
  }
  return std::move(table).finish();
}

}  // namespace topograph

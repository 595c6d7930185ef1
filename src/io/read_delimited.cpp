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

  /// The rows since the last call.
  SourceTable take() {
    SourceTable source;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      source.table.columns.push_back(
          {.name = names_[c], .values = std::exchange(columns_[c], TextColumn())});
    }
    source.invalid_rows = std::exchange(invalid_rows_, {});
    n_rows_ = 0;
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

class DelimitedReader final : public RowReader {
 public:
  DelimitedReader(TextStream stream, char delimiter, const ReadContext& context)
      : stream_(std::move(stream)),
        run_(context.run),
        delimiter_(delimiter),
        table_(stream_.name(), context.strict, delimiter),
        scanner_(delimiter, stream_.name(),
                 [this](const DelimitedRecord& record) { return table_.add(record); }) {}

  Result<bool> advance() override {
    TG_TRY(const std::string_view piece, stream_.next());
    if (!piece.empty()) {
      TG_TRY(scanner_.feed(piece));
      return true;
    }
    TG_TRY(scanner_.finish());
    if (!table_.has_header()) {
      return input_error(ErrorCode::parse, stream_.name(), "the file is empty",
                         "expected a header line with the names of the columns");
    }
    warn_of_other_delimiters();
    return false;
  }
  SourceTable take() override { return table_.take(); }
  [[nodiscard]] std::uint64_t consumed_bytes() const override { return stream_.consumed_bytes(); }

 private:
  void warn_of_other_delimiters() {
    const std::vector<std::string>& names = table_.names();
    if (names.size() > 1 || delimiter_ != ',' ||
        names[0].find_first_of(";\t") == std::string::npos) {
      return;
    }
    run_.warn(fmt::format(
        "{}: the header is one column called `{}`; if semicolons or tabs separate the fields, save "
        "the file with commas or read it with --format tsv",
        stream_.name(), names[0]));
  }

  TextStream stream_;
  RunContext& run_;
  char delimiter_;
  DelimitedTable table_;
  DelimitedScanner scanner_;
};

}  // namespace

Result<std::unique_ptr<RowReader>> open_delimited(TextStream stream, char delimiter,
                                                  const ReadContext& context) {
  return std::make_unique<DelimitedReader>(std::move(stream), delimiter, context);
}

}  // namespace topograph

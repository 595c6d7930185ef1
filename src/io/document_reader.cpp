#include "topograph/io/document_reader.hpp"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <utility>
#include <vector>

#include "io/document_columns.hpp"
#include "io/input_files.hpp"
#include "io/row_reader.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

// Rows that decide the text column of what cannot be read twice.
constexpr std::size_t kLookAheadRows = 16384;

/// The tables of all inputs one after another, each a few megabytes, with their columns checked.
class TableSequence {
 public:
  TableSequence(const std::vector<InputGroup>& groups, bool strict, RunContext& run)
      : groups_(groups), strict_(strict), run_(run) {}

  /// The next table, perhaps without rows; nothing at the end.
  Result<std::optional<SourceTable>> next() {
    while (group_ < groups_.size()) {
      if (run_.stop_requested()) return cancelled();
      if (reader_ == nullptr) {
        TG_TRY(reader_, open_rows(groups_[group_], {run_, strict_}));
      }
      TG_TRY(const bool has_more, reader_->advance());
      SourceTable table = reader_->take();
      TG_TRY(check_columns(table.table, !has_more));
      if (!has_more) {
        consumed_before_ += reader_->consumed_bytes();
        reader_.reset();
        ++group_;
      }
      return std::optional(std::move(table));
    }
    return std::optional<SourceTable>();
  }

  [[nodiscard]] std::uint64_t consumed_bytes() const {
    return consumed_before_ + (reader_ == nullptr ? 0 : reader_->consumed_bytes());
  }

 private:
  /// Every input must have the columns of the first one. JSON lines may name a column in any row;
  /// the other formats name all of them at once.
  Result<void> check_columns(const ColumnTable& table, bool is_end) {
    for (const Column& column : table.columns) {
      if (!seen_.find(column.name)) seen_.columns.push_back({.name = column.name});
    }
    const InputFile& file = groups_[group_].files[0];
    if (group_ > 0 && (is_end || (file.format != InputFormat::jsonl && !seen_.columns.empty()))) {
      TG_TRY(check_same_columns(first_, groups_[0].files[0].name, seen_, file.name));
    }
    if (is_end) {
      // An input without any column, such as JSON lines without a line, leaves the choice open.
      if (first_.columns.empty()) first_ = std::move(seen_);
      seen_ = {};
    }
    return {};
  }

  const std::vector<InputGroup>& groups_;
  bool strict_;
  RunContext& run_;
  std::size_t group_ = 0;
  std::unique_ptr<RowReader> reader_ = {};
  std::uint64_t consumed_before_ = 0;
  ColumnTable first_ = {};  ///< Columns of the first input, names only.
  ColumnTable seen_ = {};   ///< Columns of the current input so far.
};

bool can_be_read_twice(const std::vector<InputGroup>& groups) {
  return std::ranges::all_of(groups, [](const InputGroup& group) {
    return std::ranges::all_of(group.files, [](const InputFile& file) {
      std::error_code ignored;
      return file.path != "-" && fs::is_regular_file(file.path, ignored);
    });
  });
}

}  // namespace

struct DocumentReader::Impl {
  std::vector<InputGroup> groups = {};
  ReadOptions options = {};
  std::string name = {};
  RunContext& run;
  std::optional<TableSequence> tables = {};
  std::deque<SourceTable> ahead = {};  ///< Read while the text column was chosen.
  std::string text_column = {};
  TextColumn pending = {};  ///< Texts of the current table.
  std::size_t pending_at = 0;
  std::int64_t n_invalid_utf8 = 0;
  std::uint64_t n_bytes = 0;

  explicit Impl(RunContext& context) : run(context) {}

  /// Reads as many rows as the choice of the text column needs, and at least one.
  Result<void> choose_text_column() {
    TextColumnChoice choice(options);
    const bool is_repeatable = can_be_read_twice(groups);
    const bool has_all_columns = groups[0].files[0].format != InputFormat::jsonl;
    std::size_t n_rows = 0;
    bool has_columns = false;
    bool is_kept = true;
    tables.emplace(groups, options.strict, run);
    while (true) {
      TG_TRY(auto table, tables->next());
      if (!table) break;
      choice.add(table->table);
      n_rows += table->table.n_rows();
      has_columns |= !table->table.columns.empty();
      if (is_kept) ahead.push_back(*std::move(table));
      const bool is_enough = !is_repeatable && n_rows >= kLookAheadRows;
      if (n_rows > 0 && (is_enough || choice.is_made(has_all_columns))) break;
      if (n_rows > 0 && is_repeatable) {
        is_kept = false;
        ahead.clear();
      }
    }
    if (n_rows == 0) return no_documents(name, has_columns);
    TG_TRY(text_column, choice.column(name));
    if (!is_kept) tables.emplace(groups, options.strict, run);
    return {};
  }

  /// Makes the texts of the next table the pending ones; false at the end.
  Result<bool> load_table() {
    SourceTable table;
    if (!ahead.empty()) {
      table = std::move(ahead.front());
      ahead.pop_front();
    } else {
      TG_TRY(auto next, tables->next());
      if (!next) return false;
      table = *std::move(next);
    }
    n_invalid_utf8 += static_cast<std::int64_t>(table.invalid_rows.size());
    pending_at = 0;
    if (const auto found = table.table.find(text_column)) {
      pending = document_texts(table.table.columns[*found]);
      return true;
    }
    // JSON lines none of which has the key.
    pending = TextColumn();
    for (std::size_t row = 0; row < table.table.n_rows(); ++row) pending.push_back({});
    return true;
  }
};

DocumentReader::DocumentReader() = default;
DocumentReader::DocumentReader(DocumentReader&&) noexcept = default;
DocumentReader::~DocumentReader() = default;

Result<DocumentReader> DocumentReader::open(std::span<const std::string> inputs,
                                            const ReadOptions& options, RunContext& run) {
  DocumentReader reader;
  reader.impl_ = std::make_unique<Impl>(run);
  Impl& impl = *reader.impl_;
  TG_TRY(impl.groups, find_input_files(inputs, options.format));
  impl.options = options;
  impl.name = joined_name(inputs);
  impl.n_bytes = total_bytes(impl.groups);
  TG_TRY(impl.choose_text_column());
  return reader;
}

Result<TextColumn> DocumentReader::next(const TextBlockLimits& limits) {
  TextColumn block;
  while (!limits.is_full(block)) {
    if (impl_->pending_at < impl_->pending.size()) {
      block.push_back(impl_->pending[impl_->pending_at++]);
      continue;
    }
    TG_TRY(const bool has_more, impl_->load_table());
    if (!has_more) break;
  }
  return block;
}

const std::string& DocumentReader::text_column() const { return impl_->text_column; }
std::int64_t DocumentReader::n_invalid_utf8() const { return impl_->n_invalid_utf8; }

std::optional<double> DocumentReader::share_read() const {
  const std::uint64_t used = impl_->tables->consumed_bytes();
  if (impl_->n_bytes == 0 || used == 0) return std::nullopt;
  return std::min(1.0, static_cast<double>(used) / static_cast<double>(impl_->n_bytes));
}

}  // namespace topograph

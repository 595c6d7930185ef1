#include "topograph/embed/block_journal.hpp"

#include <fstream>
#include <system_error>
#include <utility>
#include <vector>

#include "embed/blocks/block_file.hpp"
#include "topograph/core/atomic_file.hpp"

namespace topograph {
namespace fs = std::filesystem;
using detail::BlockHeader;

struct BlockJournal::Impl {
  AtomicFile file;
  Rows rows;
  std::string fingerprint;
  std::size_t dimension;
  std::vector<BlockHeader> entries = {};  ///< Of an earlier run, as far as they are of use.
  std::size_t n_blocks = 0;               ///< Taken and appended.
  std::size_t n_rows = 0;                 ///< The same.
  StoreUse use = {};

  [[nodiscard]] bool is_stored(const BlockHeader& entry) const {
    std::ifstream vectors(rows.file, std::ios::binary);
    vectors.seekg(static_cast<std::streamoff>(rows.begin + n_rows * dimension * rows.number_bytes));
    std::vector<std::byte> bytes(entry.n_rows * dimension * rows.number_bytes);
    vectors.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return vectors && detail::block_checksum(bytes) == entry.vectors_checksum;
  }

  void step(std::size_t n_texts, bool is_reused) {
    ++n_blocks;
    n_rows += n_texts;
    ++use.n_blocks;
    use.n_texts += static_cast<std::int64_t>(n_texts);
    if (!is_reused) return;
    ++use.n_reused_blocks;
    use.n_reused_texts += static_cast<std::int64_t>(n_texts);
  }
};

BlockJournal::BlockJournal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BlockJournal::BlockJournal(BlockJournal&& other) noexcept = default;
BlockJournal::~BlockJournal() = default;

Result<BlockJournal> BlockJournal::open(const Embedder& embedder, const fs::path& file, Rows rows,
                                        bool is_continued) {
  TG_TRY(std::string fingerprint, embedder.fingerprint());
  TG_TRY(auto opened, AtomicFile::grow(file, file));
  std::vector<BlockHeader> entries;
  if (is_continued) {
    std::ifstream stream(file, std::ios::binary);
    BlockHeader entry;
    while (stream.read(reinterpret_cast<char*>(&entry), sizeof entry) && detail::is_sound(entry)) {
      entries.push_back(entry);
    }
  } else {
    TG_TRY(opened.cut(0));
  }
  return BlockJournal(std::make_unique<Impl>(Impl{.file = std::move(opened),
                                                  .rows = std::move(rows),
                                                  .fingerprint = std::move(fingerprint),
                                                  .dimension = embedder.dimension(),
                                                  .entries = std::move(entries)}));
}

std::string BlockJournal::key(const TextColumn& texts) const {
  return detail::block_key(impl_->fingerprint, impl_->dimension, texts);
}

std::optional<EmbedReport> BlockJournal::take(const std::string& key, std::size_t n_rows) {
  Impl& impl = *impl_;
  // Nothing else is looked at then: another thread may be appending.
  if (impl.entries.empty()) return {};
  if (impl.n_blocks < impl.entries.size()) {
    const BlockHeader& entry = impl.entries[impl.n_blocks];
    if (detail::has_content(entry, key, n_rows, impl.dimension) && impl.is_stored(entry)) {
      impl.step(n_rows, true);
      return detail::report_of(entry);
    }
  }
  impl.entries.clear();
  return {};
}

Result<void> BlockJournal::append(const std::string& key, const EmbedReport& report,
                                  std::span<const std::byte> stored) {
  Impl& impl = *impl_;
  const std::size_t row_bytes = impl.dimension * impl.rows.number_bytes;
  const std::size_t n_rows = stored.size() / row_bytes;
  TG_EXPECTS(n_rows * row_bytes == stored.size());
  const BlockHeader entry =
      detail::describe_block(key, n_rows, impl.dimension, report, detail::block_checksum(stored));
  // Whatever an earlier run left behind here is of no use.
  TG_TRY(impl.file.cut(impl.n_blocks * sizeof entry));
  TG_TRY(impl.file.write(std::as_bytes(std::span(&entry, 1))));
  impl.step(n_rows, false);
  return {};
}

StoreUse BlockJournal::use() const { return impl_->use; }

std::int64_t BlockJournal::count(const fs::path& file) {
  std::error_code code;
  const auto n_bytes = fs::file_size(file, code);
  return code ? 0 : static_cast<std::int64_t>(n_bytes / sizeof(BlockHeader));
}

}  // namespace topograph

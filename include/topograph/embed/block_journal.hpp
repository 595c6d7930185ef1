#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/embed/embedding_store.hpp"

namespace topograph {

/// What is finished of a file to which vectors are appended block by block: one entry a block,
/// named by the SHA-256 of the embedder's fingerprint, its dimension and the texts, with a checksum
/// of the stored numbers. A run that is interrupted at any moment leaves whole entries only of
/// whole blocks, so that another can continue behind them. docs/formats.md describes the file.
class BlockJournal {
 public:
  /// The file of vectors that a journal is about.
  struct Rows {
    std::filesystem::path file = {};
    std::size_t begin = 0;         ///< Bytes before the first row.
    std::size_t number_bytes = 4;  ///< Of one number.
  };

  /// @param is_continued  true: takes up the entries that are there; false: begins anew.
  /// @error output subject when the file cannot be written; model subject when the fingerprint
  ///        cannot be computed.
  [[nodiscard]] static Result<BlockJournal> open(const Embedder& embedder,
                                                 const std::filesystem::path& file, Rows rows,
                                                 bool is_continued);
  BlockJournal(BlockJournal&& other) noexcept;
  BlockJournal& operator=(BlockJournal&&) = delete;
  BlockJournal(const BlockJournal&) = delete;
  BlockJournal& operator=(const BlockJournal&) = delete;
  ~BlockJournal();

  /// Names the block; safe to call beside the other functions.
  [[nodiscard]] std::string key(const TextColumn& texts) const;
  /// Steps over the next block when an entry has its name and the file of vectors its numbers. The
  /// first that does not match ends what can be taken up: `append` may then go on in another
  /// thread.
  [[nodiscard]] std::optional<EmbedReport> take(const std::string& key, std::size_t n_rows);
  /// @param stored  The block's numbers as they were written to the file of vectors.
  /// @error output subject when the entry cannot be written.
  [[nodiscard]] Result<void> append(const std::string& key, const EmbedReport& report,
                                    std::span<const std::byte> stored);
  [[nodiscard]] StoreUse use() const;

  /// Whole entries of the file, 0 when there is none.
  [[nodiscard]] static std::int64_t count(const std::filesystem::path& file);

 private:
  struct Impl;
  explicit BlockJournal(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph

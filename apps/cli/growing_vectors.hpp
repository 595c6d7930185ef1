#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "kept_blocks.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"
#include "topograph/embed/block_journal.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/io/npy.hpp"

namespace topograph::cli {

/// The .npy that `embed` writes block by block. Without a cache a journal beside it makes it what
/// `--resume` continues from: vectors are written once.
class GrowingVectors {
 public:
  /// @param embedder  Borrowed; must outlive the object.
  [[nodiscard]] static Result<GrowingVectors> open(const std::string& output,
                                                   const KeptBlocks& kept, const Embedder& embedder,
                                                   NpyType type);

  /// Names the block where a journal needs it; safe to call beside the other functions.
  [[nodiscard]] std::string key(const TextColumn& texts) const;
  /// Steps over the block when an earlier run finished it.
  [[nodiscard]] std::optional<EmbedReport> take(const std::string& key, std::size_t n_rows);
  [[nodiscard]] Result<void> append(const std::string& key, MatrixView<const float> rows,
                                    const EmbedReport& report);
  [[nodiscard]] Result<void> commit() { return writer_.commit(); }
  [[nodiscard]] StoreUse use() const { return journal_ ? journal_->use() : StoreUse(); }

 private:
  GrowingVectors(NpyWriter writer, std::optional<BlockJournal> journal)
      : writer_(std::move(writer)), journal_(std::move(journal)) {}
  NpyWriter writer_;
  std::optional<BlockJournal> journal_;
};

}  // namespace topograph::cli

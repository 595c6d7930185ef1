#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "topograph/core/error.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph {

/// Counts of the finished calls of an `EmbeddingStore`.
struct StoreUse {
  std::int64_t n_blocks = 0;
  std::int64_t n_texts = 0;
  std::int64_t n_reused_blocks = 0;
  std::int64_t n_reused_texts = 0;
};

/// An embedder that keeps the vectors of every call in a folder, one file a call, and takes them
/// from there when the same texts come again. A file is named by the SHA-256 of the embedder's
/// fingerprint, its dimension and the texts, so a folder may serve many models, inputs and
/// processes at once. A file that is damaged or not ours is warned about, computed again and
/// replaced; other files are not looked at. docs/formats.md describes the files.
class EmbeddingStore final : public Embedder {
 public:
  /// @param embedder  Borrowed; must outlive the store.
  /// @param folder    Made when missing.
  /// @error           output subject when the folder cannot be made or written; model subject when
  ///                  the fingerprint cannot be computed.
  [[nodiscard]] static Result<std::unique_ptr<EmbeddingStore>> open(const Embedder& embedder,
                                                                    std::filesystem::path folder);

  [[nodiscard]] std::string name() const override { return embedder_.name(); }
  [[nodiscard]] std::size_t dimension() const override { return embedder_.dimension(); }
  [[nodiscard]] Result<std::string> fingerprint() const override { return fingerprint_; }
  /// @param out  As the embedder's, rows tightly packed.
  /// @error as the embedder; output subject when the vectors cannot be written to the folder.
  [[nodiscard]] Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& run) const override;

  [[nodiscard]] StoreUse use() const;

 private:
  EmbeddingStore(const Embedder& embedder, std::filesystem::path folder, std::string fingerprint);
  void count(std::int64_t n_texts, bool is_reused) const;

  const Embedder& embedder_;
  std::filesystem::path folder_;
  std::string fingerprint_;
  mutable std::atomic<std::int64_t> n_blocks_{0};
  mutable std::atomic<std::int64_t> n_texts_{0};
  mutable std::atomic<std::int64_t> n_reused_blocks_{0};
  mutable std::atomic<std::int64_t> n_reused_texts_{0};
};

/// The ending of the files in a store.
inline constexpr const char* kStoredBlockExtension = ".embeddings";

}  // namespace topograph

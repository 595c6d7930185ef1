#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/embed/embedding_store.hpp"

namespace CLI {
class App;
}

namespace topograph::cli {

/// --cache and --resume.
struct StoreFlags {
  std::string cache = {};
  bool resume = false;
};

void add_store_flags(CLI::App& command, StoreFlags& flags);

/// Refuses --resume where vectors are not made block by block.
/// @param what  Where they come from.
[[nodiscard]] Result<void> check_no_resume(const StoreFlags& flags, const std::string& what);

/// The folder `<OUT>.partial` beside an output: what an interrupted run leaves for `--resume`.
/// One process at a time may use it.
class PartialFolder {
 public:
  /// @error output subject: another process uses the folder, or it holds other things.
  [[nodiscard]] static Result<PartialFolder> open(const std::string& output);
  PartialFolder(PartialFolder&& other) noexcept;
  PartialFolder& operator=(PartialFolder&&) = delete;
  PartialFolder(const PartialFolder&) = delete;
  PartialFolder& operator=(const PartialFolder&) = delete;
  /// Removes the folder when it holds no finished block.
  ~PartialFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path journal_path() const;
  [[nodiscard]] std::int64_t n_blocks() const;
  void remove_blocks();
  void remove();

 private:
  PartialFolder() = default;
  std::filesystem::path path_ = {};
  int lock_ = -1;
};

/// Where finished blocks lie when no cache is given.
enum class KeptAs : std::uint8_t {
  files,   ///< A file a block beside the output.
  journal  ///< In the output itself, which grows, with a journal beside it.
};

/// An embedder whose finished blocks outlive the process: in the cache when one is given, else
/// beside the output.
class KeptBlocks {
 public:
  [[nodiscard]] static Result<KeptBlocks> open(const std::string& output, const StoreFlags& flags,
                                               KeptAs kept_as, const Embedder& embedder,
                                               RunContext& run);

  [[nodiscard]] const Embedder& embedder() const { return store_ ? *store_ : *embedder_; }
  [[nodiscard]] bool is_cache() const { return is_cache_; }
  [[nodiscard]] bool is_resumed() const { return is_resumed_; }
  /// The file that grows to the output, removed with the blocks.
  [[nodiscard]] std::filesystem::path growing_path() const;
  [[nodiscard]] std::filesystem::path journal_path() const { return partial_.journal_path(); }
  /// The error with how to continue.
  [[nodiscard]] Error explain(Error error) const;
  /// "12 of 88 blocks, 98304 of 720000 texts", or nothing when every block was computed.
  [[nodiscard]] std::string reuse_text() const { return reuse_text(store_->use()); }
  [[nodiscard]] static std::string reuse_text(const StoreUse& use);
  /// The output is in its place: nothing needs to be kept beside it.
  void finish() { partial_.remove(); }

 private:
  KeptBlocks(PartialFolder partial, std::filesystem::path folder, const StoreFlags& flags,
             const Embedder& embedder)
      : partial_(std::move(partial)),
        folder_(std::move(folder)),
        is_cache_(!flags.cache.empty()),
        is_resumed_(flags.resume),
        embedder_(&embedder) {}
  PartialFolder partial_;
  std::filesystem::path folder_;
  bool is_cache_;
  bool is_resumed_;
  const Embedder* embedder_;
  std::unique_ptr<EmbeddingStore> store_ = {};
};

}  // namespace topograph::cli

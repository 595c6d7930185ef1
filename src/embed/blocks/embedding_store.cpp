#include "topograph/embed/embedding_store.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "embed/blocks/block_file.hpp"
#include "topograph/core/atomic_file.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace fs = std::filesystem;
EmbeddingStore::EmbeddingStore(const Embedder& embedder, fs::path folder, std::string fingerprint)
    : embedder_(embedder), folder_(std::move(folder)), fingerprint_(std::move(fingerprint)) {}

Result<std::unique_ptr<EmbeddingStore>> EmbeddingStore::open(const Embedder& embedder,
                                                             fs::path folder) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) {
    return output_error(folder.string(), "cannot create the folder: " + code.message(),
                        "choose a folder you may write to");
  }
  {
    // Known before the minutes of work, not after.
    TG_TRY(const auto probe, AtomicFile::create(folder / "probe"));
  }
  TG_TRY(std::string fingerprint, embedder.fingerprint());
  return std::unique_ptr<EmbeddingStore>(
      new EmbeddingStore(embedder, std::move(folder), std::move(fingerprint)));
}

Result<EmbedReport> EmbeddingStore::embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& run) const {
  TG_EXPECTS(out.rows() == texts.size() && out.cols() == dimension());
  if (texts.empty()) return embedder_.embed(texts, out, run);
  const auto n_texts = narrow<std::int64_t>(texts.size());
  const std::string key = detail::block_key(fingerprint_, dimension(), texts);
  const fs::path path = folder_ / (key + kStoredBlockExtension);
  const auto stored = detail::read_block_file(path, key, out);
  if (!stored) {
    run.warn(fmt::format("{} {}; its {} texts are embedded again", stored.error().where,
                         stored.error().message, n_texts));
  } else if (*stored) {
    Stage stage(run, "embed", texts.size());
    stage.advance(texts.size());
    count(n_texts, true);
    return **stored;
  }
  TG_TRY(const EmbedReport report, embedder_.embed(texts, out, run));
  TG_TRY(detail::write_block_file(path, key, out, report));
  count(n_texts, false);
  return report;
}

void EmbeddingStore::count(std::int64_t n_texts, bool is_reused) const {
  ++n_blocks_;
  n_texts_ += n_texts;
  if (!is_reused) return;
  ++n_reused_blocks_;
  n_reused_texts_ += n_texts;
}

StoreUse EmbeddingStore::use() const {
  return {n_blocks_.load(), n_texts_.load(), n_reused_blocks_.load(), n_reused_texts_.load()};
}

}  // namespace topograph

#include "growing_vectors.hpp"

#include "topograph/core/atomic_file.hpp"

namespace topograph::cli {

Result<GrowingVectors> GrowingVectors::open(const std::string& output, const KeptBlocks& kept,
                                            const Embedder& embedder, NpyType type) {
  const auto path = kept.growing_path();
  std::optional<BlockJournal> journal;
  if (!kept.is_cache()) {
    const BlockJournal::Rows rows{.file = path,
                                  .begin = NpyWriter::header_bytes(),
                                  .number_bytes = type == NpyType::f16 ? 2U : 4U};
    TG_TRY(auto opened, BlockJournal::open(embedder, kept.journal_path(), rows, kept.is_resumed()));
    journal.emplace(std::move(opened));
  }
  TG_TRY(auto file,
         kept.is_cache() ? AtomicFile::create(output, path) : AtomicFile::grow(output, path));
  TG_TRY(auto writer, NpyWriter::begin(std::move(file), embedder.dimension(), type));
  return GrowingVectors(std::move(writer), std::move(journal));
}

std::string GrowingVectors::key(const TextColumn& texts) const {
  return journal_ ? journal_->key(texts) : std::string();
}

std::optional<EmbedReport> GrowingVectors::take(const std::string& key, std::size_t n_rows) {
  if (!journal_) return {};
  auto report = journal_->take(key, n_rows);
  if (report) writer_.skip(n_rows);
  return report;
}

Result<void> GrowingVectors::append(const std::string& key, MatrixView<const float> rows,
                                    const EmbedReport& report) {
  TG_TRY(writer_.append(rows));
  if (!journal_) return {};
  return journal_->append(key, report, writer_.last_bytes());
}

}  // namespace topograph::cli

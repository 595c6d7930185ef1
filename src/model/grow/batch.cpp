#include "model/grow/batch.hpp"

#include <algorithm>
#include <unordered_map>

#include "model/steer.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {

Result<Batch> read_batch(const TopicModel::Data& data, const TextColumn& texts, RunContext& run) {
  Batch batch;
  const Duplicates duplicates = data.options.documents.duplicates;
  TG_TRY(batch.points, make_points(texts, duplicates, run));
  std::unordered_map<std::int64_t, std::int32_t> known;
  if (duplicates == Duplicates::fold) {
    for (std::size_t p = 0; p < data.points.size(); ++p) {
      known.try_emplace(data.points.keys[p], narrow<std::int32_t>(p));
    }
  }
  auto next = narrow<std::int32_t>(data.points.size());
  for (std::size_t b = 0; b < batch.points.size(); ++b) {
    const auto found = known.find(batch.points.keys[b]);
    batch.target.push_back(found != known.end() ? found->second : next++);
    if (found == known.end()) batch.fresh.push_back(b);
  }
  return batch;
}

Result<Matrix<float>> vectors_of(const TopicModel::Data& data, const Batch& batch,
                                 const Embedder* embedder, MatrixView<const float> ready,
                                 RunContext& run) {
  Matrix<float> vectors(batch.fresh.size(), data.dimension);
  if (batch.fresh.empty()) return vectors;
  if (ready.empty()) {
    const Stage stage(run, "embed", batch.fresh.size());
    TextColumn texts;
    for (const std::size_t b : batch.fresh) texts.push_back(batch.points.texts[b]);
    TG_TRY(embedder->embed(texts, vectors.view(), run));
  } else {
    for (std::size_t i = 0; i < batch.fresh.size(); ++i) {
      const auto row = idx(batch.points.first_row[batch.fresh[i]]);
      std::ranges::copy(ready.row(row), vectors.row(i).begin());
    }
  }
  TG_TRY(guide_new(data, vectors.view(), run));
  return vectors;
}

}  // namespace topograph

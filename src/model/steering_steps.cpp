#include "model/steering_steps.hpp"

#include <fmt/format.h>

#include <set>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/model/options.hpp"
#include "topograph/neighbors/exact.hpp"
#include "topograph/text/normalize.hpp"
#include "topograph/text/word_list.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowGrain = 1024;

Result<Matrix<float>> embed_all(const TextColumn& texts, const Embedder& embedder,
                                RunContext& run) {
  Matrix<float> vectors(texts.size(), embedder.dimension());
  if (texts.size() > 0) {
    TG_TRY(embedder.embed(texts, vectors.view(), run));
  }
  return vectors;
}

}  // namespace

Result<std::vector<std::string>> listed_topics(const std::vector<std::string>& items,
                                               const char* path) {
  if (items.empty()) return std::vector<std::string>();
  TG_TRY(const auto lines, expand_word_list(items, path));
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const std::string& line : lines) {
    if (is_blank(line)) continue;
    names.emplace_back(trimmed(line));
    if (!seen.insert(duplicate_key(line)).second) {
      return option_error(path, fmt::format("'{}' is there twice", names.back()));
    }
  }
  if (names.empty()) {
    return option_error(path, "expected a topic a line, found none");
  }
  return names;
}

std::vector<std::string> seed_terms(std::string_view seed) {
  if (seed.find(',') != std::string_view::npos) return split_trimmed(seed, ',');
  std::string spaced = duplicate_key(seed);  // Any white space becomes one space.
  return split_trimmed(spaced, ' ');
}

Result<SteeringVectors> steering_vectors(const FitOptions& options, const Embedder& embedder,
                                         RunContext& run) {
  TG_TRY(const auto names, listed_topics(options.zeroshot.topics, "zeroshot.topics"));
  TG_TRY(const auto seeds, listed_topics(options.guided.topics, "guided.topics"));
  TextColumn name_texts;
  for (const std::string& name : names) name_texts.push_back(name);
  TextColumn seed_texts;
  for (const std::string& seed : seeds) {
    std::string text;
    for (const std::string& term : seed_terms(seed)) text += (text.empty() ? "" : " ") + term;
    seed_texts.push_back(text);
  }
  SteeringVectors vectors;
  TG_TRY(vectors.zeroshot, embed_all(name_texts, embedder, run));
  TG_TRY(vectors.seeds, embed_all(seed_texts, embedder, run));
  return vectors;
}

Result<NearestTarget> nearest_targets(MatrixView<const float> rows, MatrixView<const float> targets,
                                      RunContext& run) {
  TG_TRY(const KnnGraph found, exact_knn_query(targets, rows, 1, Metric::cosine, run));
  NearestTarget nearest;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    nearest.ids.push_back(found.ids[row, 0]);
    nearest.similarity.push_back(1.0F - found.distances[row, 0]);
  }
  return nearest;
}

Result<std::vector<std::int32_t>> guide_rows(MatrixView<float> rows, MatrixView<const float> seeds,
                                             float weight, RunContext& run) {
  TG_TRY(auto nearest, nearest_targets(rows, seeds, run));
  const auto mean = narrow<std::int32_t>(seeds.rows()) - 1;
  const auto share = static_cast<double>(weight);
  TG_TRY(parallel_blocks(run, rows.rows(), kRowGrain, [&](const Block& block) {
    for (std::size_t row = block.begin; row < block.end; ++row) {
      std::int32_t& seed = nearest.ids[row];
      if (seed == mean) {
        seed = -1;
        continue;
      }
      for (std::size_t j = 0; j < rows.cols(); ++j) {
        rows[row, j] = static_cast<float>((1 - share) * static_cast<double>(rows[row, j]) +
                                          share * static_cast<double>(seeds[idx(seed), j]));
      }
    }
  }));
  return std::move(nearest.ids);
}

}  // namespace topograph

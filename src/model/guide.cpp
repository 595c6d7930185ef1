// Documents near a seed move towards it before anything else looks at them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "model/steer.hpp"
#include "model/steering_steps.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr std::size_t kRowsAtOnce = 8192;

/// The seeds, and as the last row the mean of all documents: nearer to it is near to no seed.
Matrix<float> seeds_and_mean(const TopicModel::Data& data, const Matrix<float>& seeds) {
  const std::size_t d = seeds.cols();
  Matrix<float> all(seeds.rows() + 1, d);
  std::copy_n(seeds.data(), seeds.size(), all.data());
  std::vector<double> sum(d, 0.0);
  double total = 0;
  for (std::size_t p = 0; p < data.points.size(); ++p) {
    const auto copies = static_cast<double>(data.points.weights[p]);
    const auto row = std::as_const(data.embeddings).row(p);
    for (std::size_t j = 0; j < d; ++j) sum[j] += copies * static_cast<double>(row[j]);
    total += copies;
  }
  for (std::size_t j = 0; j < d; ++j) {
    all[seeds.rows(), j] = static_cast<float>(sum[j] / total);
  }
  return all;
}

Result<std::vector<std::int32_t>> guide_all(MatrixView<float> rows, MatrixView<const float> seeds,
                                            float weight, RunContext& run) {
  std::vector<std::int32_t> found;
  for (std::size_t begin = 0; begin < rows.rows(); begin += kRowsAtOnce) {
    if (run.stop_requested()) return cancelled();
    const std::size_t end = std::min(begin + kRowsAtOnce, rows.rows());
    TG_TRY(const auto part, guide_rows(rows.rows(begin, end), seeds, weight, run));
    found.insert(found.end(), part.begin(), part.end());
  }
  return found;
}

Result<void> check_vectors(const Matrix<float>& vectors, const std::vector<std::string>& names,
                           std::size_t dimension, const char* path) {
  if (vectors.rows() != names.size() || vectors.cols() != dimension) {
    return option_error(path,
                        fmt::format("expected {} vectors of {} dimensions as the documents', found "
                                    "{} of {}",
                                    names.size(), dimension, vectors.rows(), vectors.cols()),
                        "use the encoder that made the documents' vectors");
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto row = vectors.row(i);
    if (std::ranges::any_of(row, [](float value) { return value != 0; })) continue;
    return option_error(path, fmt::format("the encoder knows no word of '{}'", names[i]),
                        "use words that occur in the documents");
  }
  return {};
}

}  // namespace

Result<void> read_steering_lists(FitOptions& options) {
  TG_TRY(options.zeroshot.topics, listed_topics(options.zeroshot.topics, "zeroshot.topics"));
  TG_TRY(options.guided.topics, listed_topics(options.guided.topics, "guided.topics"));
  return {};
}

Result<SteeringVectors> checked_steering(const FitOptions& options, const SteeringVectors& given,
                                         const Embedder* embedder, std::size_t dimension,
                                         RunContext& run) {
  const std::vector<std::string>& names = options.zeroshot.topics;
  const std::vector<std::string>& seeds = options.guided.topics;
  if (names.empty() && seeds.empty()) return SteeringVectors{};
  SteeringVectors vectors = given;
  if (given.zeroshot.empty() && given.seeds.empty()) {
    if (embedder == nullptr) {
      return option_error(names.empty() ? "guided.topics" : "zeroshot.topics",
                          "names need the encoder that made the documents' vectors",
                          "name it with --model");
    }
    TG_TRY(vectors, steering_vectors(options, *embedder, run));
  }
  if (!seeds.empty()) {
    TG_TRY(check_vectors(vectors.seeds, seeds, dimension, "guided.topics"));
  }
  if (!names.empty()) {
    TG_TRY(check_vectors(vectors.zeroshot, names, dimension, "zeroshot.topics"));
  }
  return vectors;
}

Result<void> steer(TopicModel::Data& data, const SteeringVectors& vectors, PointTargets& known,
                   RunContext& run) {
  const FitOptions& options = data.options;
  if (vectors.zeroshot.empty() && vectors.seeds.empty()) return {};
  const Stage stage(run, "steer");
  if (!options.guided.topics.empty()) {
    data.seed_vectors = seeds_and_mean(data, vectors.seeds);
    TG_TRY(auto seeds,
           guide_all(data.embeddings.view(), data.seed_vectors.view(), options.guided.weight, run));
    const bool is_free = known.labels.empty() && known.values.empty();
    if (options.guided.targets && is_free) known.labels = std::move(seeds);
  }
  if (options.zeroshot.topics.empty()) return {};
  return match_names(data, vectors.zeroshot, run);
}

Result<void> guide_new(const TopicModel::Data& data, MatrixView<float> vectors, RunContext& run) {
  if (data.seed_vectors.empty()) return {};
  TG_TRY(guide_all(vectors, data.seed_vectors.view(), data.options.guided.weight, run));
  return {};
}

Result<ClassTfidfOptions> seeded_weighting(const FitOptions& options, const TermCounts& counts,
                                           bool warns, RunContext& run) {
  ClassTfidfOptions tfidf = options.ctfidf;
  TextColumn words;
  std::vector<std::int64_t> rows;
  for (const std::string& seed : options.guided.topics) {
    for (const std::string& term : seed_terms(seed)) {
      rows.push_back(narrow<std::int64_t>(words.size()));
      words.push_back(term);
    }
  }
  if (rows.empty()) return tfidf;
  TG_TRY(const Csr<double> found,
         count_documents(words, rows, counts.vocabulary, counts.plan, run));
  std::vector<std::string> unknown;
  for (std::size_t i = 0; i < words.size(); ++i) {
    // Of a seed of several words the longest terms count: "solar cell" is not "cell".
    std::ptrdiff_t most = -1;
    for (const std::int32_t id : found.view().row_columns(i)) {
      most = std::max(most, std::ranges::count(counts.vocabulary.term(id), ' '));
    }
    if (most < 0) unknown.emplace_back(words[i]);
    for (const std::int32_t id : found.view().row_columns(i)) {
      const std::string_view term = counts.vocabulary.term(id);
      if (std::ranges::count(term, ' ') < most) continue;
      tfidf.seed_words.push_back(fmt::format("{}={}", term, options.guided.multiplier));
    }
  }
  if (warns && !unknown.empty()) {
    run.warn(fmt::format("guided: these words of seeds are no terms of the documents: {}",
                         fmt::join(unknown, ", ")));
  }
  return tfidf;
}

}  // namespace topograph

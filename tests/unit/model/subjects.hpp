#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/random.hpp"
#include "topograph/model/topic_model.hpp"

namespace topograph::subjects {

inline constexpr std::size_t kDimension = 8;

/// Short texts about a few subjects, each with its own words and its own direction.
struct Corpus {
  TextColumn texts = {};
  Matrix<float> vectors = {};
  std::vector<std::int32_t> labels = {};  ///< The subjects.

  [[nodiscard]] std::size_t size() const { return texts.size(); }
};

/// Text i is about `subjects[i % subjects.size()]`, one of 0 to 5.
inline Corpus make_corpus(std::size_t n, const std::vector<std::size_t>& subjects,
                          std::uint64_t seed) {
  static constexpr const char* words[6][4] = {
      {"oven", "flour", "butter", "sugar"},      {"striker", "goal", "league", "referee"},
      {"galaxy", "comet", "orbit", "telescope"}, {"compiler", "thread", "kernel", "library"},
      {"tulip", "soil", "spade", "hedge"},       {"bond", "stock", "dividend", "credit"}};
  const RandomKey key = random_key(seed, "subjects");
  Corpus corpus{{}, Matrix<float>(n, kDimension), {}};
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t subject = subjects[i % subjects.size()];
    std::string text = "text " + std::to_string(seed) + " " + std::to_string(i);
    for (std::uint64_t w = 0; w < 3; ++w) {
      text += std::string(" ") + words[subject][uniform_below(key, i, w, 4)];
    }
    corpus.texts.push_back(text);
    corpus.labels.push_back(narrow<std::int32_t>(subject));
    for (std::size_t j = 0; j < kDimension; ++j) {
      corpus.vectors[i, j] =
          static_cast<float>(0.2 * normal(key, i, 10 + j) + (j == subject ? 2.0 : 0.0));
    }
  }
  return corpus;
}

inline Corpus joined(const Corpus& a, const Corpus& b) {
  Corpus all{a.texts, Matrix<float>(a.size() + b.size(), kDimension), a.labels};
  all.labels.insert(all.labels.end(), b.labels.begin(), b.labels.end());
  for (std::size_t i = 0; i < all.vectors.rows(); ++i) {
    const auto row = i < a.size() ? a.vectors.row(i) : b.vectors.row(i - a.size());
    for (std::size_t j = 0; j < kDimension; ++j) all.vectors[i, j] = row[j];
    if (i >= a.size()) all.texts.push_back(b.texts[i - a.size()]);
  }
  return all;
}

/// A model found by `options`.
inline Result<TopicModel> found(const Corpus& corpus, const FitOptions& options) {
  RunContext run({.threads = 2});
  return TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run);
}

/// A model whose topics are the subjects.
inline Result<TopicModel> fit(const Corpus& corpus, FitOptions options = {}) {
  RunContext run({.threads = 2});
  options.cluster.method = ClusterMethod::given;
  return TopicModel::fit(corpus.texts, nullptr, corpus.vectors.view(), options, run, corpus.labels);
}

/// Terms and counts of a description, row by row.
inline std::vector<std::map<std::string, double>> counted(const TopicDescription& description) {
  std::vector<std::map<std::string, double>> rows;
  const auto view = description.counts.counts.view();
  for (std::size_t r = 0; r < view.rows(); ++r) {
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < view.row_columns(r).size(); ++i) {
      row[std::string(description.counts.vocabulary.term(view.row_columns(r)[i]))] =
          view.row_values(r)[i];
    }
  }
  return rows;
}

}  // namespace topograph::subjects

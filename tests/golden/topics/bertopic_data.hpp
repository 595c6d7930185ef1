#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "topograph/core/matrix.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph::golden {

using Json = nlohmann::json;

/// What tools/reference/topics_bertopic.py wrote, and our description of the same topics.
struct PeerModel {
  Json data = {};
  TextColumn texts = {};
  std::vector<std::int32_t> topics = {};
  std::int32_t n_topics = 0;
  Matrix<float> vectors = {};
  TopicDescription description = {};

  /// Class TF-IDF without the row of -1.
  [[nodiscard]] Csr<double> weights() const {
    Csr<double> rows;
    rows.n_cols = description.weights.n_cols;
    const auto all = description.weights.view();
    for (std::size_t r = 1; r < all.rows(); ++r) {
      rows.columns.insert(rows.columns.end(), all.row_columns(r).begin(), all.row_columns(r).end());
      rows.values.insert(rows.values.end(), all.row_values(r).begin(), all.row_values(r).end());
      rows.offsets.push_back(static_cast<std::int64_t>(rows.columns.size()));
    }
    return rows;
  }
  /// Mean vectors of the topics, without -1.
  [[nodiscard]] Matrix<float> topic_vectors() const {
    Matrix<float> means(idx(n_topics), vectors.cols());
    for (std::size_t t = 0; t < means.rows(); ++t) {
      std::vector<double> sum(vectors.cols(), 0.0);
      double n = 0;
      for (std::size_t i = 0; i < topics.size(); ++i) {
        if (topics[i] != static_cast<std::int32_t>(t)) continue;
        for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += static_cast<double>(vectors[i, j]);
        n += 1;
      }
      for (std::size_t j = 0; j < sum.size(); ++j) means[t, j] = static_cast<float>(sum[j] / n);
    }
    return means;
  }
};

/// The documents of every class as one text: the peer counts so, and n-grams cross their borders.
inline TextColumn joined(const TextColumn& texts, const std::vector<std::int32_t>& classes,
                         std::size_t n_classes) {
  std::vector<std::string> whole(n_classes);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::string& text = whole[idx(classes[i])];
    if (!text.empty()) text += ' ';
    text += texts[i];
  }
  TextColumn out;
  for (const std::string& text : whole) out.push_back(text);
  return out;
}

inline Matrix<float> matrix_of(const Json& rows) {
  Matrix<float> out(rows.size(), rows.empty() ? 0 : rows[0].size());
  for (std::size_t r = 0; r < out.rows(); ++r) {
    for (std::size_t c = 0; c < out.cols(); ++c) out[r, c] = rows[r][c].get<float>();
  }
  return out;
}

inline PeerModel read_peer_model() {
  PeerModel peer;
  std::ifstream file(TG_TEST_DATA "/topics/bertopic/structure.json");
  peer.data = Json::parse(file);
  for (const auto& text : peer.data["texts"]) peer.texts.push_back(text.get<std::string>());
  peer.topics = peer.data["topics"].get<std::vector<std::int32_t>>();
  peer.n_topics = *std::max_element(peer.topics.begin(), peer.topics.end()) + 1;
  peer.vectors = matrix_of(peer.data["vectors"]);
  RunContext run;
  const auto plan =
      plan_counting(peer.texts, {.stop_words = "none", .token_rule = WordRule::sklearn}, run);
  std::vector<std::int64_t> rows(peer.texts.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::int64_t>(i);
  auto description = describe_topics(peer.texts, peer.topics, {}, rows, peer.n_topics, *plan, {},
                                     {.sampling = DocumentSampling::bertopic}, run);
  peer.description = *std::move(description);
  return peer;
}

/// Words and weights, so that a comparison can leave the order of equal weights open.
inline std::vector<TopicWord> words_of(const Json& words) {
  std::vector<TopicWord> out;
  for (const auto& word : words) out.push_back({word[0].get<std::string>(), word[1]});
  return out;
}

/// The same weights in the same order, and the same words where the weight is not that of another
/// word (also not of one that just missed the list).
inline std::string difference(const std::vector<TopicWord>& found,
                              const std::vector<TopicWord>& expected, double tolerance) {
  if (found.size() != expected.size()) return "another number of words";
  const auto is_tie = [&](std::size_t i) {
    for (std::size_t j = 0; j < expected.size(); ++j) {
      if (j != i && std::abs(expected[j].weight - expected[i].weight) <= tolerance) return true;
    }
    return i + 1 == expected.size() ||
           std::abs(expected[i].weight - expected.back().weight) <= tolerance;
  };
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::abs(found[i].weight - expected[i].weight) > tolerance) {
      return "weight of " + expected[i].term + " is that of " + found[i].term;
    }
    if (found[i].term != expected[i].term && !is_tie(i)) {
      return "expected " + expected[i].term + ", found " + found[i].term;
    }
  }
  return "";
}

}  // namespace topograph::golden

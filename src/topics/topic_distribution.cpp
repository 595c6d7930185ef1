// With window counts n_t, tf_t = n_t / sum n or its root, w_t = tf_t idf_t and topic rows W_k:
//   similarity_k = sum_t w_t W_kt / (|w| |W_k|)     with W_kt / |W_k| made once
// The sum runs over the terms of the window and the topics that have them.
#include "topograph/topics/topic_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "topics/transposed.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/text/text_windows.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGrain = 32;

struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The windows of a text of n tokens, in the peer's order.
void find_windows(std::size_t n, const DistributionOptions& options, std::vector<Range>& windows) {
  windows.clear();
  const auto window = static_cast<std::size_t>(options.window);
  const auto stride = static_cast<std::size_t>(options.stride);
  if (n < window) {
    windows.push_back({0, n});
    return;
  }
  if (options.padding) {
    const std::size_t n_before = (window + stride - 1) / stride - 1;
    for (std::size_t i = 0; i < n_before; ++i) {
      windows.push_back({0, window - (n_before - i) * stride});
    }
  }
  for (std::size_t begin = 0; begin < n; begin += stride) {
    if (options.padding || begin + window <= n) {
      windows.push_back({begin, std::min(n, begin + window)});
    }
  }
}

/// What is needed to compare windows with topics; shared by all threads.
struct Topics {
  Csr<double> of_term = {};  ///< (terms, topics): weights of topics of length 1.
  std::size_t n_topics = 0;
  std::span<const double> idf = {};
  const ClassTfidfOptions& tfidf;
  const DistributionOptions& options;
};

Result<Topics> prepare(CsrView<double> weights, std::span<const double> idf,
                       const ClassTfidfOptions& tfidf, const DistributionOptions& options,
                       RunContext& run) {
  TG_TRY(Csr<double> of_term, detail::transposed(weights, run));
  const std::vector<double> norms = detail::row_norms(weights);
  for (std::size_t i = 0; i < of_term.values.size(); ++i) {
    of_term.values[i] /= norms[idx(of_term.columns[i])];
  }
  return Topics{std::move(of_term), weights.rows(), idf, tfidf, options};
}

struct BlockRows {
  std::vector<TokenSpan> tokens = {};
  std::vector<std::size_t> n_tokens = {};
  Csr<double> documents = {};
  Csr<double> topics = {};
};

/// One thread's scratch.
class Slider {
 public:
  Slider(const KnownTerms& terms, const Topics& topics)
      : topics_(topics),
        reader_(terms),
        similarity_(topics.n_topics, 0.0),
        sum_(topics.n_topics, 0.0) {}

  void add_document(std::string_view text, bool wants_tokens, BlockRows& out) {
    const auto tokens = reader_.read(text);
    find_windows(tokens.size(), topics_.options, windows_);
    std::ranges::fill(sum_, 0.0);
    const std::size_t n_topics = sum_.size();
    if (wants_tokens) per_token_.assign(tokens.size() * n_topics, 0.0);
    for (const Range& window : windows_) {
      if (!compare(window)) continue;
      if (!wants_tokens) {
        for (std::size_t k = 0; k < n_topics; ++k) sum_[k] += similarity_[k];
        continue;
      }
      for (std::size_t i = window.begin; i < window.end; ++i) {
        double* token = per_token_.data() + i * n_topics;
        for (std::size_t k = 0; k < n_topics; ++k) token[k] += similarity_[k];
      }
    }
    if (wants_tokens) {
      out.n_tokens.push_back(tokens.size());
      out.tokens.insert(out.tokens.end(), tokens.begin(), tokens.end());
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::span row(per_token_.data() + i * n_topics, n_topics);
        for (std::size_t k = 0; k < n_topics; ++k) sum_[k] += row[k];
        append(row, 1.0, out.topics);
      }
    }
    double total = 0;
    for (const double value : sum_) total += value;
    append(sum_, total, out.documents);
  }

 private:
  static void append(std::span<const double> row, double divisor, Csr<double>& rows) {
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (row[k] <= 0) continue;
      rows.columns.push_back(narrow<std::int32_t>(k));
      rows.values.push_back(row[k] / divisor);
    }
    rows.offsets.push_back(narrow<std::int64_t>(rows.columns.size()));
  }

  /// Fills `similarity_`; false when the window is like no topic.
  bool compare(const Range& window) {
    const auto ids = reader_.terms(window.begin, window.end);
    terms_.assign(ids.begin(), ids.end());
    if (terms_.empty()) return false;
    std::ranges::sort(terms_);
    std::ranges::fill(similarity_, 0.0);
    const auto n = static_cast<double>(terms_.size());
    const CsrView<double> of_term = topics_.of_term.view();
    double squared = 0;
    for (std::size_t i = 0; i < terms_.size();) {
      const std::size_t term = idx(terms_[i]);
      double count = 0;
      for (; i < terms_.size() && idx(terms_[i]) == term; ++i) count += 1;
      const double share = count / n;
      const double weight =
          (topics_.tfidf.reduce_frequent_words ? std::sqrt(share) : share) * topics_.idf[term];
      squared += weight * weight;
      const auto rows = of_term.row_columns(term);
      const auto values = of_term.row_values(term);
      if (rows.size() == similarity_.size()) {
        for (std::size_t k = 0; k < rows.size(); ++k) similarity_[k] += weight * values[k];
      } else {
        for (std::size_t j = 0; j < rows.size(); ++j) {
          similarity_[idx(rows[j])] += weight * values[j];
        }
      }
    }
    if (squared <= 0) return false;
    const double scale = 1.0 / std::sqrt(squared);
    const double least = topics_.options.min_similarity;
    double most = 0;
    for (double& similarity : similarity_) {
      const double value = similarity * scale;
      similarity = value < least ? 0.0 : value;
      most = std::max(most, similarity);
    }
    return most > 0;
  }

  const Topics& topics_;
  TextWindows reader_;
  std::vector<Range> windows_ = {};
  std::vector<std::int32_t> terms_ = {};
  std::vector<double> similarity_;
  std::vector<double> sum_;
  std::vector<double> per_token_ = {};
};

void append_rows(const Csr<double>& block, Csr<double>& all) {
  const auto base = all.offsets.back();
  all.columns.insert(all.columns.end(), block.columns.begin(), block.columns.end());
  all.values.insert(all.values.end(), block.values.begin(), block.values.end());
  for (std::size_t r = 0; r < block.rows(); ++r) all.offsets.push_back(base + block.offsets[r + 1]);
}

Result<TokenDistribution> slide(const TextColumn& texts, const Vocabulary& vocabulary,
                                const CountPlan& plan, const Topics& topics, bool wants_tokens,
                                RunContext& run) {
  TG_TRY(validate_options(topics.options));
  Stage stage(run, "distribution", texts.size());
  TG_TRY(const KnownTerms terms, KnownTerms::build(vocabulary, plan, run));
  std::vector<std::optional<Slider>> sliders(idx(run.threads()));
  std::vector<BlockRows> blocks(block_count(texts.size(), kGrain));
  TG_TRY(parallel_blocks(run, texts.size(), kGrain, [&](const Block& block) {
    auto& slider = sliders[block.worker];
    if (!slider) slider.emplace(terms, topics);
    for (std::size_t i = block.begin; i < block.end; ++i) {
      slider->add_document(texts[i], wants_tokens, blocks[block.index]);
    }
    stage.advance(block.end - block.begin);
  }));
  TokenDistribution out;
  out.all.documents.n_cols = out.topics.n_cols = topics.n_topics;
  for (BlockRows& block : blocks) {
    append_rows(block.documents, out.all.documents);
    append_rows(block.topics, out.topics);
    out.tokens.insert(out.tokens.end(), block.tokens.begin(), block.tokens.end());
    for (const std::size_t n : block.n_tokens) {
      out.first_token.push_back(out.first_token.back() + narrow<std::int64_t>(n));
    }
    block = {};
  }
  return out;
}

}  // namespace

Result<TopicDistribution> topic_distribution(const TextColumn& texts, const Vocabulary& vocabulary,
                                             const CountPlan& plan, CsrView<double> weights,
                                             std::span<const double> idf,
                                             const ClassTfidfOptions& tfidf,
                                             const DistributionOptions& options, RunContext& run) {
  TG_EXPECTS(weights.cols() == vocabulary.size() && idf.size() == vocabulary.size());
  TG_TRY(const Topics topics, prepare(weights, idf, tfidf, options, run));
  TG_TRY(auto found, slide(texts, vocabulary, plan, topics, false, run));
  return std::move(found.all);
}

Result<TokenDistribution> token_distribution(const TextColumn& texts, const Vocabulary& vocabulary,
                                             const CountPlan& plan, CsrView<double> weights,
                                             std::span<const double> idf,
                                             const ClassTfidfOptions& tfidf,
                                             const DistributionOptions& options, RunContext& run) {
  TG_EXPECTS(weights.cols() == vocabulary.size() && idf.size() == vocabulary.size());
  TG_TRY(const Topics topics, prepare(weights, idf, tfidf, options, run));
  return slide(texts, vocabulary, plan, topics, true, run);
}

}  // namespace topograph

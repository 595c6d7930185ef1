// With window counts n_t, tf_t = n_t / sum n or its root, w_t = tf_t idf_t and topic rows W_k:
//   similarity_k = sum_t w_t W_kt / (|w| |W_k|)     with W_kt / |W_k| made once
// Without the root, 1 / sum n cancels out, and the sum over terms is one over the words of the
// window: a word's row is the sum of idf_t W_kt / |W_k| over the terms that begin with it, and each
// is made once for all the windows it is in.
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
constexpr std::size_t kWeightsPerBlock = std::size_t{1} << 18U;

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

  /// Weights of hundreds of terms are read from all over memory: one behind another, every term
  /// would wait for the one before.
  void ask_for(std::span<const std::int32_t> terms) const {
    for (const std::int32_t term : terms) {
      if (term < 0) continue;
      __builtin_prefetch(&idf[idx(term)]);
      __builtin_prefetch(&of_term.offsets[idx(term)]);
    }
    for (const std::int32_t term : terms) {
      if (term < 0) continue;
      const auto at = idx(of_term.offsets[idx(term)]);
      __builtin_prefetch(of_term.columns.data() + at);
      __builtin_prefetch(of_term.values.data() + at);
    }
  }

  /// Adds `weight` times what a term says about every topic.
  void add(std::size_t term, double weight, double* sums) const {
    const CsrView<double> all = of_term.view();
    const auto rows = all.row_columns(term);
    const auto values = all.row_values(term);
    if (rows.size() == n_topics) {
      for (std::size_t k = 0; k < n_topics; ++k) sums[k] += weight * values[k];
    } else {
      for (std::size_t j = 0; j < rows.size(); ++j) sums[idx(rows[j])] += weight * values[j];
    }
  }
};

Result<Topics> prepare(CsrView<double> weights, std::span<const double> idf,
                       const ClassTfidfOptions& tfidf, const DistributionOptions& options,
                       RunContext& run) {
  TG_TRY(Csr<double> of_term, detail::transposed(weights, run));
  const std::vector<double> norms = detail::row_norms(weights);
  TG_TRY(parallel_blocks(run, of_term.values.size(), kWeightsPerBlock, [&](const Block& block) {
    for (std::size_t i = block.begin; i < block.end; ++i) {
      of_term.values[i] /= norms[idx(of_term.columns[i])];
    }
  }));
  return Topics{std::move(of_term), weights.rows(), idf, tfidf, options};
}

struct BlockRows {
  std::vector<TokenSpan> tokens = {};
  std::vector<std::size_t> n_tokens = {};
  Csr<double> documents = {};
  Csr<double> topics = {};
};

/// Rows of the words of a window: what the terms that begin with a word say about every topic. The
/// last few words are kept.
class WordRows {
 public:
  WordRows(const Topics& topics, const TextWindows& reader, std::size_t n_words)
      : topics_(topics), reader_(reader), held_(n_words, kNone) {}

  /// A text was read.
  void forget() { std::ranges::fill(held_, kNone); }

  /// (topics) of the terms of at most `longest` words from `word` on.
  [[nodiscard]] std::span<const double> row(std::size_t word, std::size_t longest) {
    const std::size_t n_topics = topics_.n_topics;
    const auto terms = reader_.terms_from(word);
    const std::size_t slot = word % held_.size();
    rows_.resize(held_.size() * terms.size() * n_topics);
    double* rows = rows_.data() + slot * terms.size() * n_topics;
    if (held_[slot] != word) fill(terms, rows);
    held_[slot] = word;
    return {rows + (std::min(longest, terms.size()) - 1) * n_topics, n_topics};
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  void fill(std::span<const std::int32_t> terms, double* row) const {
    const std::size_t n_topics = topics_.n_topics;
    std::fill_n(row, n_topics, 0.0);
    for (std::size_t n = 0; n < terms.size(); ++n, row += n_topics) {
      if (n > 0) std::copy_n(row - n_topics, n_topics, row);
      if (terms[n] >= 0) topics_.add(idx(terms[n]), topics_.idf[idx(terms[n])], row);
    }
  }

  const Topics& topics_;
  const TextWindows& reader_;
  std::vector<std::size_t> held_;
  std::vector<double> rows_ = {};
};

/// One thread's scratch.
class Slider {
 public:
  Slider(const KnownTerms& terms, const Topics& topics)
      : topics_(topics),
        reader_(terms),
        word_rows_(topics, reader_, kMostRows),
        similarity_(topics.n_topics, 0.0),
        sum_(topics.n_topics, 0.0) {}
  Slider(Slider&&) = delete;  // Its rows look at its reader.

  void add_document(std::string_view text, bool wants_tokens, BlockRows& out) {
    const auto tokens = reader_.read(text);
    topics_.ask_for(reader_.all_terms());
    word_rows_.forget();
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
  static constexpr std::size_t kMostRows = 16;

  static void append(std::span<const double> row, double divisor, Csr<double>& rows) {
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (row[k] <= 0) continue;
      rows.columns.push_back(narrow<std::int32_t>(k));
      rows.values.push_back(row[k] / divisor);
    }
    rows.offsets.push_back(narrow<std::int64_t>(rows.columns.size()));
  }

  /// Fills `similarity_`; false when the window has no known term.
  bool compare(const Range& window) {
    count_terms(window);
    const std::size_t begin = reader_.counted_before(window.begin);
    const std::size_t end = reader_.counted_before(window.end);
    std::ranges::fill(similarity_, 0.0);
    double squared = 0;
    for (const auto& [term, weight] : terms_) squared += weight * weight;
    if (squared <= 0) return false;
    const bool is_linear = !topics_.tfidf.reduce_frequent_words;
    if (is_linear && end - begin <= kMostRows) {
      for (std::size_t word = begin; word < end; ++word) {
        const auto row = word_rows_.row(word, end - word);
        for (std::size_t k = 0; k < row.size(); ++k) similarity_[k] += row[k];
      }
    } else {
      for (const auto& [term, weight] : terms_) topics_.add(term, weight, similarity_.data());
    }
    const double scale = 1.0 / std::sqrt(squared);
    const double least = topics_.options.min_similarity;
    for (double& similarity : similarity_) {
      const double value = similarity * scale;
      similarity = value < least ? 0.0 : value;
    }
    return true;
  }

  /// Fills `terms_`: counts (or their roots) times idf.
  void count_terms(const Range& window) {
    const auto ids = reader_.terms(window.begin, window.end);
    sorted_.assign(ids.begin(), ids.end());
    std::ranges::sort(sorted_);
    terms_.clear();
    for (std::size_t i = 0; i < sorted_.size();) {
      const std::size_t term = idx(sorted_[i]);
      double count = 0;
      for (; i < sorted_.size() && idx(sorted_[i]) == term; ++i) count += 1;
      if (topics_.tfidf.reduce_frequent_words) count = std::sqrt(count);
      terms_.emplace_back(term, count * topics_.idf[term]);
    }
  }

  const Topics& topics_;
  TextWindows reader_;
  WordRows word_rows_;
  std::vector<Range> windows_ = {};
  std::vector<std::int32_t> sorted_ = {};
  std::vector<std::pair<std::size_t, double>> terms_ = {};
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

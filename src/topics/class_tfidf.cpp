// With counts X (classes x terms), f_t = sum_c X_ct and A = floor(mean_c sum_t X_ct):
//   idf_t = ln(A / f_t + 1)                                 default
//   idf_t = ln(1 + (A - f_t + 0.5) / (f_t + 0.5))           bm25_weighting
//   W_ct  = tf_ct idf_t,  tf_ct = X_ct / sum_t X_ct         or its square root
#include "topograph/topics/class_tfidf.hpp"

#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

double inverse_frequency(double frequency, double mean_size, bool bm25_weighting) {
  if (bm25_weighting) {
    return std::log(1.0 + (mean_size - frequency + 0.5) / (frequency + 0.5));
  }
  // A term that no class has tells nothing about any of them.
  return frequency > 0 ? std::log(mean_size / frequency + 1.0) : 0.0;
}

/// "word=1.5" to its parts; anything else stays as it is.
void cut_factor(std::string& word, double& factor) {
  const std::size_t at = word.rfind('=');
  if (at == std::string::npos) return;
  double found = 0;
  const char* end = word.data() + word.size();
  const auto [stop, code] = std::from_chars(word.data() + at + 1, end, found);
  if (code != std::errc{} || stop != end || !(found > 0) || !std::isfinite(found)) return;
  factor = found;
  word.resize(at);
}

/// Most terms of a large vocabulary occur a few times: the idf of small counts is found once.
class InverseFrequency {
 public:
  InverseFrequency(double mean_size, bool bm25_weighting)
      : mean_size_(mean_size), bm25_weighting_(bm25_weighting) {
    for (std::size_t i = 0; i < kSmall; ++i) {
      small_.push_back(inverse_frequency(static_cast<double>(i), mean_size, bm25_weighting));
    }
  }
  [[nodiscard]] double of(double frequency) const {
    if (frequency < static_cast<double>(kSmall) && frequency == std::trunc(frequency)) {
      return small_[static_cast<std::size_t>(frequency)];
    }
    return inverse_frequency(frequency, mean_size_, bm25_weighting_);
  }

 private:
  static constexpr std::size_t kSmall = 256;
  double mean_size_;
  bool bm25_weighting_;
  std::vector<double> small_ = {};
};

double row_sum(CsrView<double> counts, std::size_t row) {
  double sum = 0;
  for (const double count : counts.row_values(row)) sum += count;
  return sum;
}

}  // namespace

std::vector<double> class_idf(CsrView<double> counts, const ClassTfidfOptions& options) {
  std::vector<double> frequency(counts.cols(), 0.0);
  double total = 0;
  for (std::size_t row = 0; row < counts.rows(); ++row) {
    const auto columns = counts.row_columns(row);
    const auto values = counts.row_values(row);
    for (std::size_t i = 0; i < columns.size(); ++i) frequency[idx(columns[i])] += values[i];
    total += row_sum(counts, row);
  }
  const double mean_size =
      counts.rows() == 0 ? 0.0 : std::trunc(total / static_cast<double>(counts.rows()));
  std::vector<double> idf(counts.cols());
  const InverseFrequency inverse(mean_size, options.bm25_weighting);
  for (std::size_t term = 0; term < idf.size(); ++term) idf[term] = inverse.of(frequency[term]);
  return idf;
}

SeededIdf seeded_idf(const TermCounts& counts, const ClassTfidfOptions& options) {
  SeededIdf out{class_idf(counts.counts.view(), options), {}};
  std::map<std::int32_t, double> factors;
  std::set<std::string> unknown;
  for (const std::string& seed : options.seed_words) {
    std::string word = seed;
    double factor = options.seed_multiplier;
    if (counts.vocabulary.find(word) < 0) cut_factor(word, factor);
    if (const std::int32_t term = counts.vocabulary.find(word); term >= 0) {
      factors[term] = factor;
    } else {
      unknown.insert(seed);
    }
  }
  for (const auto& [term, factor] : factors) out.idf[idx(term)] *= factor;
  out.unknown_seeds.assign(unknown.begin(), unknown.end());
  return out;
}

Csr<double> class_tfidf(CsrView<double> counts, std::span<const double> idf,
                        const ClassTfidfOptions& options) {
  TG_EXPECTS(idf.size() == counts.cols());
  Csr<double> weights;
  weights.n_cols = counts.cols();
  weights.columns.reserve(counts.nnz());
  weights.values.reserve(counts.nnz());
  for (std::size_t row = 0; row < counts.rows(); ++row) {
    const double sum = row_sum(counts, row);
    const auto columns = counts.row_columns(row);
    const auto values = counts.row_values(row);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      double frequency = values[i] / sum;
      if (options.reduce_frequent_words) frequency = std::sqrt(frequency);
      const double weight = frequency * idf[idx(columns[i])];
      if (weight == 0) continue;
      weights.columns.push_back(columns[i]);
      weights.values.push_back(weight);
    }
    weights.offsets.push_back(narrow<std::int64_t>(weights.columns.size()));
  }
  return weights;
}

}  // namespace topograph

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "topics/peer_sampler.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"
#include "topograph/text/normalize.hpp"
#include "topograph/topics/describe_topics.hpp"

namespace topograph {
namespace {

constexpr std::size_t kLargestSample = 500;       // BERTopic's number of candidates.
constexpr std::size_t kCandidatesAtOnce = 20000;  // Bounds the counts that are alive at once.
constexpr std::size_t kClassesPerBlock = 2;

using Rows = std::vector<std::int64_t>;

std::vector<Rows> rows_of_classes(std::span<const std::int32_t> classes, std::size_t n_classes) {
  std::vector<Rows> rows(n_classes);
  for (std::size_t row = 0; row < classes.size(); ++row) {
    if (classes[row] >= 0) rows[idx(classes[row])].push_back(narrow<std::int64_t>(row));
  }
  return rows;
}

// Up to 500 rows of the class in ascending order, blank and repeated texts left out.
Rows candidates_of(const TextColumn& texts, const Rows& rows, std::size_t class_id,
                   std::uint64_t seed) {
  Rows sample;
  if (rows.size() <= kLargestSample) {
    sample = rows;
  } else {
    const RandomKey key = random_key(seed, "topics.representatives." + std::to_string(class_id));
    for (const std::int32_t at : sample_without_replacement(key, rows.size(), kLargestSample)) {
      sample.push_back(rows[idx(at)]);
    }
  }
  std::unordered_set<std::string_view> seen;
  std::erase_if(sample, [&](std::int64_t row) {
    const std::string_view text = texts[idx(row)];
    return is_blank(text) || !seen.insert(text).second;
  });
  return sample;
}

double norm(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value * value;
  return std::sqrt(sum);
}

// Cosine of a document and its class; 0 when one of them is empty.
double cosine(std::span<const std::int32_t> document_terms, std::span<const double> document,
              std::span<const std::int32_t> class_terms, std::span<const double> class_weights,
              double class_norm) {
  // A document has far fewer terms than its class: look each of them up.
  double dot = 0;
  auto from = class_terms.begin();
  for (std::size_t i = 0; i < document_terms.size(); ++i) {
    from = std::lower_bound(from, class_terms.end(), document_terms[i]);
    if (from == class_terms.end()) break;
    if (*from == document_terms[i]) {
      dot += document[i] * class_weights[idx(from - class_terms.begin())];
    }
  }
  const double norms = norm(document) * class_norm;
  return norms > 0 ? dot / norms : 0.0;
}

struct Candidate {
  double similarity = 0;
  std::int64_t row = 0;
};

Rows best_rows(std::vector<Candidate> candidates, std::size_t n) {
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.row < b.row;
  });
  Rows rows;
  for (std::size_t i = 0; i < std::min(n, candidates.size()); ++i)
    rows.push_back(candidates[i].row);
  return rows;
}

// Classes [begin, end) and the candidates of each, in one list.
struct Batch {
  std::size_t begin = 0;
  std::size_t end = 0;
  Rows rows = {};
  std::vector<std::size_t> offsets = {0};
};

}  // namespace

Result<std::vector<std::vector<std::int64_t>>> representative_documents(
    const TextColumn& texts, std::span<const std::int32_t> classes, const TermCounts& counts,
    CsrView<double> weights, std::span<const double> idf, const ClassTfidfOptions& tfidf,
    const TopicOptions& options, RunContext& run) {
  const std::size_t n = idx(options.n_representative);
  PeerSampler peer;
  TG_EXPECTS(classes.size() == texts.size());
  const std::size_t n_classes = weights.rows();
  std::vector<Rows> best(n_classes);
  if (n == 0) return best;
  const std::vector<Rows> members = rows_of_classes(classes, n_classes);

  for (std::size_t next = 0; next < n_classes;) {
    Batch batch{next, next};
    for (; batch.end < n_classes && batch.rows.size() < kCandidatesAtOnce; ++batch.end) {
      const Rows& rows = members[batch.end];
      const Rows candidates = options.sampling == DocumentSampling::bertopic
                                  ? peer.draw(rows, kLargestSample)
                                  : candidates_of(texts, rows, batch.end, run.seed());
      batch.rows.insert(batch.rows.end(), candidates.begin(), candidates.end());
      batch.offsets.push_back(batch.rows.size());
    }
    next = batch.end;
    TG_TRY(const Csr<double> terms,
           count_documents(texts, batch.rows, counts.vocabulary, counts.plan, run));
    const Csr<double> documents = class_tfidf(terms.view(), idf, tfidf);
    TG_TRY(parallel_blocks(run, batch.end - batch.begin, kClassesPerBlock, [&](const Block& block) {
      for (std::size_t c = block.begin; c < block.end; ++c) {
        const std::size_t class_id = batch.begin + c;
        const auto class_terms = weights.row_columns(class_id);
        const auto class_weights = weights.row_values(class_id);
        const double class_norm = norm(class_weights);
        const CsrView<double> rows = documents.view();
        std::vector<Candidate> candidates;
        for (std::size_t i = batch.offsets[c]; i < batch.offsets[c + 1]; ++i) {
          candidates.push_back({cosine(rows.row_columns(i), rows.row_values(i), class_terms,
                                       class_weights, class_norm),
                                batch.rows[i]});
        }
        best[class_id] = best_rows(std::move(candidates), n);
      }
    }));
  }
  return best;
}

}  // namespace topograph

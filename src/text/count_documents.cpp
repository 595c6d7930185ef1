#include <algorithm>
#include <optional>

#include "text/known_ngrams.hpp"
#include "text/ngrams.hpp"
#include "text/term_cutter.hpp"
#include "text/word_reader.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph {
namespace {

constexpr std::size_t kGrain = 256;

struct RowCounts {
  std::vector<std::int32_t> columns = {};
  std::vector<double> values = {};
  std::vector<std::size_t> sizes = {};  ///< Entries of each row of the block.
};

void append_row(std::vector<std::int32_t>& ids, RowCounts& counts) {
  std::ranges::sort(ids);
  const std::size_t begin = counts.columns.size();
  for (const std::int32_t id : ids) {
    if (counts.columns.size() > begin && counts.columns.back() == id) {
      counts.values.back() += 1;
    } else {
      counts.columns.push_back(id);
      counts.values.push_back(1);
    }
  }
  counts.sizes.push_back(counts.columns.size() - begin);
}

/// Ids of the known terms of documents. One object per thread.
class DocumentTerms {
 public:
  DocumentTerms(const KnownNgrams& known, const CutRules& rules)
      : known_(known), rules_(rules), reader_(rules) {}

  /// Forgets words, so that they do not pile up.
  void start() {
    reader_.start();
    numbers_.clear();
  }

  /// Lives until the next call.
  std::vector<std::int32_t>& read(std::string_view text) {
    keys_.clear();
    surfaces_.clear();
    ids_.clear();
    reader_.read(text, keys_, surfaces_);
    const TermTable& words = reader_.words();
    for (std::size_t w = numbers_.size(); w < words.size(); ++w) {
      numbers_.push_back(known_.word(words.term(static_cast<std::int32_t>(w))));
    }
    const auto& written = surfaces_.empty() ? keys_ : surfaces_;
    pieces_.assign(keys_.begin(), keys_.end());
    leave_unknown_out(pieces_, [&](std::int32_t word) { return numbers_[idx(word)] >= 0; });
    pieces_.push_back(kGap);
    for (std::size_t begin = 0; begin < pieces_.size(); ++begin) {
      if (pieces_[begin] == kGap || !begins_word(pieces_[begin])) continue;
      KnownNgrams::Node node;
      walk_ngrams(
          pieces_, begin, rules_.options.ngram_range.second,
          [&](std::int32_t word) { return known_.step(node, numbers_[idx(word)]); },
          [&](int n, std::size_t end) {
            const std::int32_t term = known_.term(node);
            if (term < 0 || n < rules_.options.ngram_range.first) return;
            const auto phrase = std::span(written).subspan(begin, end - begin);
            if (!rules_.is_stop_phrase(phrase, words)) ids_.push_back(term);
          });
    }
    return ids_;
  }

 private:
  const KnownNgrams& known_;
  const CutRules& rules_;
  WordReader reader_;
  std::vector<std::int32_t> numbers_ = {};  // Of the reader's words; -1: no term has it.
  std::vector<Piece> keys_ = {};
  std::vector<Piece> surfaces_ = {};
  std::vector<Piece> pieces_ = {};
  std::vector<std::int32_t> ids_ = {};
};

}  // namespace

Result<Csr<double>> count_documents(const TextColumn& texts, std::span<const std::int64_t> rows,
                                    const Vocabulary& vocabulary, const CountPlan& plan,
                                    RunContext& run) {
  const CutRules rules(plan);
  TG_TRY(const KnownNgrams known, KnownNgrams::build(vocabulary, rules, run));
  std::vector<std::optional<DocumentTerms>> readers(idx(run.threads()));
  std::vector<RowCounts> blocks(block_count(rows.size(), kGrain));
  TG_TRY(parallel_blocks(run, rows.size(), kGrain, [&](const Block& block) {
    auto& reader = readers[block.worker];
    if (!reader) reader.emplace(known, rules);
    reader->start();
    for (std::size_t i = block.begin; i < block.end; ++i) {
      append_row(reader->read(texts[idx(rows[i])]), blocks[block.index]);
    }
  }));

  Csr<double> counts;
  counts.n_cols = vocabulary.size();
  std::size_t n_entries = 0;
  for (const RowCounts& block : blocks) n_entries += block.columns.size();
  counts.columns.reserve(n_entries);
  counts.values.reserve(n_entries);
  counts.offsets.reserve(rows.size() + 1);
  for (RowCounts& block : blocks) {
    counts.columns.insert(counts.columns.end(), block.columns.begin(), block.columns.end());
    counts.values.insert(counts.values.end(), block.values.begin(), block.values.end());
    for (const std::size_t size : block.sizes) {
      counts.offsets.push_back(counts.offsets.back() + narrow<std::int64_t>(size));
    }
  }
  return counts;
}

}  // namespace topograph

// Terms come in the order of their bytes, so the terms of one first word follow each other, and
// parts that end between two first words are built in parallel. Each reads its terms with numbers
// of its own for words; the numbers of all are the places of words in the order of their bytes, so
// that the children of a node ascend.
#include "text/known_ngrams.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "text/ngrams.hpp"
#include "text/shard_terms.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {
namespace {

constexpr std::size_t kTermsPerPart = std::size_t{1} << 15U;

// Bytes below the space come before it, so such terms are not in the order of their words.
bool has_control_byte(const TextColumn& terms) {
  if (terms.size() == 0) return false;
  unsigned char least = ' ';
  for (const char c : std::string_view(terms[0].data(), terms.bytes())) {
    least = std::min(least, static_cast<unsigned char>(c));
  }
  return least < ' ';
}

std::string_view first_piece(std::string_view term) { return term.substr(0, term.find(' ')); }

}  // namespace

struct KnownNgrams::Builder {
  /// Keys of terms, ascending word by word, and whose they are.
  struct Keys {
    const TextColumn& texts;
    std::vector<std::int32_t> ids = {};  ///< Empty: they ascend as they are.

    [[nodiscard]] std::string_view of(std::size_t i) const {
      return texts[ids.empty() ? i : idx(ids[i])];
    }
    [[nodiscard]] std::int32_t id(std::size_t i) const {
      return ids.empty() ? static_cast<std::int32_t>(i) : ids[i];
    }
  };
  /// A part under construction: nodes in order of arrival.
  struct Draft {
    TermTable words = {};
    std::vector<std::int32_t> parents = {};
    std::vector<std::int32_t> node_words = {};
    std::vector<std::int32_t> terms = {};
  };

  static Keys sorted(const TextColumn& texts, bool is_sorted) {
    Keys keys{texts, {}};
    if (is_sorted && !has_control_byte(texts)) return keys;
    keys.ids.resize(texts.size());
    std::iota(keys.ids.begin(), keys.ids.end(), 0);
    const auto place = [](char c) { return c == ' ' ? 0 : 1 + static_cast<unsigned char>(c); };
    std::ranges::sort(keys.ids, [&](std::int32_t a, std::int32_t b) {
      return std::ranges::lexicographical_compare(texts[idx(a)], texts[idx(b)], {}, place, place);
    });
    return keys;
  }

  static std::vector<std::size_t> part_ends(const Keys& keys, std::size_t n) {
    std::vector<std::size_t> ends;
    for (std::size_t begin = 0; begin < n;) {
      std::size_t end = std::min(begin + kTermsPerPart, n);
      while (end < n && first_piece(keys.of(end)) == first_piece(keys.of(end - 1))) ++end;
      ends.push_back(end);
      begin = end;
    }
    return ends;
  }

  static Draft draft_of(const Keys& keys, std::size_t begin, std::size_t end) {
    Draft draft;
    struct Step {
      std::size_t end = 0;  // Bytes of the term up to here.
      std::int32_t node = kRoot;
    };
    std::vector<Step> path;  // Of the term before.
    std::string_view before;
    for (std::size_t i = begin; i < end; ++i) {
      const std::string_view term = keys.of(i);
      const auto [differs, at] = std::ranges::mismatch(before, term);
      const auto n_same = static_cast<std::size_t>(at - term.begin());
      const auto ends_here = [&](std::size_t place) {
        return place <= n_same && (place == term.size() || term[place] == ' ');
      };
      while (!path.empty() && !ends_here(path.back().end)) path.pop_back();
      std::size_t from = path.empty() ? 0 : path.back().end + 1;
      while (from <= term.size()) {
        const std::size_t to = std::min(term.find(' ', from), term.size());
        const auto node = static_cast<std::int32_t>(draft.parents.size());
        draft.parents.push_back(path.empty() ? kRoot : path.back().node);
        draft.node_words.push_back(draft.words.add(term.substr(from, to - from)));
        draft.terms.push_back(-1);
        path.push_back({to, node});
        from = to + 1;
      }
      draft.terms[idx(path.back().node)] = keys.id(i);
      before = term;
    }
    return draft;
  }

  /// @param number  Of every word of the draft.
  static Part part_of(Draft draft, const std::vector<std::int32_t>& number,
                      std::uint32_t part_number, std::vector<Node>& roots) {
    Part part;
    const std::size_t n = draft.parents.size();
    part.first_child.assign(n + 1, 0);
    std::size_t n_children = 0;
    for (const std::int32_t parent : draft.parents) {
      if (parent < 0) continue;
      ++part.first_child[idx(parent) + 1];
      ++n_children;
    }
    for (std::size_t i = 0; i < n; ++i) part.first_child[i + 1] += part.first_child[i];
    std::vector<std::pair<std::int32_t, std::int32_t>> children(n_children);  // Word, node.
    std::vector<std::uint32_t> next(part.first_child.begin(), part.first_child.end() - 1);
    for (std::size_t i = 0; i < n; ++i) {
      const std::int32_t word = number[idx(draft.node_words[i])];
      const auto node = static_cast<std::int32_t>(i);
      if (draft.parents[i] < 0) {
        roots[idx(word)] = {part_number, node};
      } else {
        children[next[idx(draft.parents[i])]++] = {word, node};
      }
    }
    part.child_words.reserve(n_children);
    part.child_nodes.reserve(n_children);
    for (const auto& [word, node] : children) {
      part.child_words.push_back(word);
      part.child_nodes.push_back(node);
    }
    part.terms = std::move(draft.terms);
    return part;
  }
};

Result<KnownNgrams> KnownNgrams::build(const Vocabulary& vocabulary, const CutRules& rules,
                                       RunContext& run) {
  TextColumn stems;
  if (!rules.stem_language.empty()) {
    TermCutter namer(rules);
    for (std::size_t i = 0; i < vocabulary.size(); ++i) {
      stems.push_back(namer.key_of(vocabulary.terms()[i]));
    }
  }
  const bool is_stemmed = !rules.stem_language.empty();
  const Builder::Keys keys = Builder::sorted(is_stemmed ? stems : vocabulary.terms(), !is_stemmed);
  const std::vector<std::size_t> ends = Builder::part_ends(keys, vocabulary.size());
  std::vector<Builder::Draft> drafts(ends.size());
  TG_TRY(parallel_blocks(run, ends.size(), 1, [&](const Block& block) {
    const std::size_t begin = block.index == 0 ? 0 : ends[block.index - 1];
    drafts[block.index] = Builder::draft_of(keys, begin, ends[block.index]);
  }));
  KnownNgrams known;
  std::vector<std::vector<std::int32_t>> numbers(drafts.size());
  for (std::size_t p = 0; p < drafts.size(); ++p) {
    const TermTable& words = drafts[p].words;
    for (std::size_t w = 0; w < words.size(); ++w) {
      const auto local = static_cast<std::int32_t>(w);
      numbers[p].push_back(known.words_.add(words.term(local), words.hash(local)));
    }
  }
  known.rank_ = ranks_of(known.words_);
  known.roots_.resize(known.words_.size());
  known.parts_.resize(drafts.size());
  TG_TRY(parallel_blocks(run, drafts.size(), 1, [&](const Block& block) {
    for (std::int32_t& number : numbers[block.index]) number = known.rank_[idx(number)];
    known.parts_[block.index] =
        Builder::part_of(std::move(drafts[block.index]), numbers[block.index],
                         static_cast<std::uint32_t>(block.index), known.roots_);
  }));
  return known;
}

std::int32_t KnownNgrams::word(std::string_view word) const {
  const std::int32_t entry = words_.find(word);
  return entry < 0 ? -1 : rank_[idx(entry)];
}

bool KnownNgrams::step(Node& node, std::int32_t word) const {
  if (node.node == kRoot) {
    node = roots_[idx(word)];
    return node.node != kRoot;
  }
  const Part& part = parts_[node.part];
  const auto begin = part.child_words.begin() + part.first_child[idx(node.node)];
  const auto end = part.child_words.begin() + part.first_child[idx(node.node) + 1];
  const auto found = std::lower_bound(begin, end, word);
  if (found == end || *found != word) return false;
  node.node = part.child_nodes[idx(found - part.child_words.begin())];
  return true;
}

}  // namespace topograph

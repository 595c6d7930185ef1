#include "topograph/text/text_windows.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "text/known_ngrams.hpp"
#include "text/ngrams.hpp"
#include "text/term_cutter.hpp"
#include "text/term_table.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

constexpr std::size_t kMostWordsKept = std::size_t{1} << 17U;

}  // namespace

struct KnownTerms::Impl {
  explicit Impl(const CountPlan& plan) : rules(plan) {}
  CutRules rules;
  KnownNgrams ngrams = {};
};

Result<KnownTerms> KnownTerms::build(const Vocabulary& vocabulary, const CountPlan& plan,
                                     RunContext& run) {
  auto impl = std::make_unique<Impl>(plan);
  TG_TRY(impl->ngrams, KnownNgrams::build(vocabulary, impl->rules, run));
  return KnownTerms(std::move(impl));
}
KnownTerms::KnownTerms(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
KnownTerms::KnownTerms(KnownTerms&&) noexcept = default;
KnownTerms& KnownTerms::operator=(KnownTerms&&) noexcept = default;
KnownTerms::~KnownTerms() = default;

struct TextWindows::Impl {
  explicit Impl(const KnownTerms::Impl& from)
      : known(from.ngrams),
        rules(from.rules),
        cutter(from.rules),
        longest(idx(rules.options.ngram_range.second)) {}

  /// What is known about a token as it stands in texts.
  struct Word {
    std::int32_t form = -1;   ///< As it is counted, a number of `forms`; -1: it is not counted.
    std::int32_t term = -1;   ///< The term that it is by itself.
    std::uint32_t begin = 0;  ///< Pieces of it: in `word_pieces`, a gap when it is in no term.
    std::uint32_t end = 0;
  };

  const Word& word_of_token(std::string_view token);
  void find_terms(std::size_t kept);

  const KnownNgrams& known;
  const CutRules& rules;
  TermCutter cutter;
  std::size_t longest;
  TermTable seen = {};  // Tokens, ...
  std::vector<Word> words = {};
  std::vector<Piece> word_pieces = {};
  TermTable forms = {};

  std::vector<TokenSpan> tokens = {};
  std::vector<std::uint32_t> kept_before = {};  // Counted tokens before each token (and the end).
  std::vector<Piece> kept_forms = {};           // Of the counted tokens.
  std::vector<Piece> pieces = {};
  std::vector<std::uint32_t> first_piece = {};  // Of the counted tokens.
  std::vector<std::int32_t> terms = {};         // (counted token, words of the n-gram); -1: none.
  std::vector<std::int32_t> ids = {};
  std::vector<std::uint32_t> kept_tokens = {};  // Places of the counted tokens.
  std::vector<TermPlace> places = {};
};

const TextWindows::Impl::Word& TextWindows::Impl::word_of_token(std::string_view token) {
  const std::int32_t id = seen.add(token);
  if (idx(id) < words.size()) return words[idx(id)];
  Word word;
  word.begin = narrow<std::uint32_t>(word_pieces.size());
  if (const std::string_view form = cutter.counted_form(token); !form.empty()) {
    word.form = forms.add(form);
    std::vector<Piece> of_word;
    bool is_known = true;
    for_pieces(cutter.key_of(form), [&](std::string_view piece) {
      const std::int32_t number = known.word(piece);
      is_known &= number >= 0;
      of_word.push_back(static_cast<Piece>(number) | (of_word.empty() ? 0 : kContinues));
    });
    if (!is_known) of_word = {kGap};
    KnownNgrams::Node node;
    if (is_known && std::ranges::all_of(of_word, [&](Piece piece) {
          return known.step(node, topograph::word_of(piece));
        })) {
      word.term = known.term(node);
    }
    word_pieces.insert(word_pieces.end(), of_word.begin(), of_word.end());
  }
  word.end = narrow<std::uint32_t>(word_pieces.size());
  words.push_back(word);
  return words.back();
}

/// Terms of 1, 2, ... words from a counted token on.
void TextWindows::Impl::find_terms(std::size_t kept) {
  const std::size_t begin = first_piece[kept];
  if (pieces[begin] == kGap) return;
  KnownNgrams::Node node;
  walk_ngrams(
      pieces, begin, static_cast<int>(longest),
      [&](std::int32_t word) { return known.step(node, word); },
      [&](int n, std::size_t) {
        if (n < rules.options.ngram_range.first ||
            rules.is_stop_phrase(std::span(kept_forms).subspan(kept, idx(n)), forms)) {
          return;
        }
        terms[kept * longest + idx(n - 1)] = known.term(node);
      });
}

TextWindows::TextWindows(const KnownTerms& terms) : impl_(std::make_unique<Impl>(*terms.impl_)) {}
TextWindows::TextWindows(TextWindows&&) noexcept = default;
TextWindows& TextWindows::operator=(TextWindows&&) noexcept = default;
TextWindows::~TextWindows() = default;

std::span<const TokenSpan> TextWindows::read(std::string_view text) {
  Impl& state = *impl_;
  if (state.seen.size() > kMostWordsKept) {
    state.seen = {};
    state.forms = {};
    state.words.clear();
    state.word_pieces.clear();
  }
  state.cutter.find_tokens(text, state.tokens);
  state.kept_before.assign(1, 0);
  state.kept_forms.clear();
  state.pieces.clear();
  state.first_piece.clear();
  for (TokenSpan& token : state.tokens) {
    const Impl::Word word = state.word_of_token(text.substr(token.begin, token.end - token.begin));
    token.term_id = word.term;
    if (word.form >= 0) {
      state.kept_forms.push_back(static_cast<Piece>(word.form));
      state.first_piece.push_back(narrow<std::uint32_t>(state.pieces.size()));
      state.pieces.insert(state.pieces.end(), state.word_pieces.begin() + word.begin,
                          state.word_pieces.begin() + word.end);
    }
    state.kept_before.push_back(narrow<std::uint32_t>(state.first_piece.size()));
  }
  state.pieces.push_back(kGap);
  state.terms.assign(state.first_piece.size() * state.longest, -1);
  for (std::size_t kept = 0; kept < state.first_piece.size(); ++kept) state.find_terms(kept);
  return state.tokens;
}

std::span<const std::int32_t> TextWindows::terms(std::size_t begin, std::size_t end) {
  Impl& state = *impl_;
  TG_EXPECTS(begin <= end && end <= state.tokens.size());
  state.ids.clear();
  const std::size_t first = state.kept_before[begin];
  const std::size_t last = state.kept_before[end];
  for (std::size_t n = idx(state.rules.options.ngram_range.first); n <= state.longest; ++n) {
    for (std::size_t kept = first; kept + n <= last; ++kept) {
      const std::int32_t id = state.terms[kept * state.longest + n - 1];
      if (id >= 0) state.ids.push_back(id);
    }
  }
  return state.ids;
}

std::size_t TextWindows::counted_before(std::size_t token) const {
  TG_EXPECTS(token < impl_->kept_before.size());
  return impl_->kept_before[token];
}

std::span<const std::int32_t> TextWindows::terms_from(std::size_t word) const {
  const Impl& state = *impl_;
  TG_EXPECTS(word < state.first_piece.size());
  return std::span(state.terms).subspan(word * state.longest, state.longest);
}

std::span<const std::int32_t> TextWindows::all_terms() const { return impl_->terms; }

std::int32_t TextWindows::term(std::size_t begin, std::size_t end) const {
  const Impl& state = *impl_;
  TG_EXPECTS(begin < end && end <= state.tokens.size());
  const std::size_t kept = state.kept_before[begin];
  const std::size_t n = state.kept_before[end] - kept;
  const bool is_counted =
      n > 0 && n <= state.longest && n >= idx(state.rules.options.ngram_range.first);
  return is_counted ? state.terms[kept * state.longest + n - 1] : -1;
}

std::span<const TermPlace> TextWindows::places() {
  Impl& state = *impl_;
  state.kept_tokens.clear();
  for (std::uint32_t token = 0; token + 1 < state.kept_before.size(); ++token) {
    if (state.kept_before[token + 1] > state.kept_before[token]) state.kept_tokens.push_back(token);
  }
  state.places.clear();
  for (std::size_t kept = 0; kept < state.kept_tokens.size(); ++kept) {
    for (std::size_t n = idx(state.rules.options.ngram_range.first);
         n <= state.longest && kept + n <= state.kept_tokens.size(); ++n) {
      const std::int32_t id = state.terms[kept * state.longest + n - 1];
      if (id < 0) continue;
      state.places.push_back({id, state.kept_tokens[kept], state.kept_tokens[kept + n - 1] + 1});
    }
  }
  return state.places;
}

}  // namespace topograph

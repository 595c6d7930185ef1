#include "topograph/text/text_windows.hpp"

#include <string>
#include <utility>
#include <vector>

#include "text/term_cutter.hpp"
#include "text/term_table.hpp"
#include "topograph/core/expects.hpp"

namespace topograph {

struct KnownTerms::Impl {
  explicit Impl(const CountPlan& plan) : rules(plan) {}
  CutRules rules;
  TermTable table = {};
};

KnownTerms::KnownTerms(const Vocabulary& vocabulary, const CountPlan& plan)
    : impl_(std::make_unique<Impl>(plan)) {
  TermCutter namer(impl_->rules);
  for (std::size_t id = 0; id < vocabulary.size(); ++id) {
    impl_->table.add(namer.key_of(vocabulary.terms()[id]));
  }
}
KnownTerms::KnownTerms(KnownTerms&&) noexcept = default;
KnownTerms& KnownTerms::operator=(KnownTerms&&) noexcept = default;
KnownTerms::~KnownTerms() = default;

struct TextWindows::Impl {
  explicit Impl(const KnownTerms::Impl& from) : known(from), cutter(from.rules) {}
  const KnownTerms::Impl& known;
  TermCutter cutter;
  std::vector<TokenSpan> tokens = {};
  std::string arena = {};              // Counted forms of the tokens, one after the other ...
  std::vector<std::size_t> ends = {};  // ... and where each ends; an empty one is not counted.
  std::vector<std::string_view> words = {};
  std::vector<std::int32_t> ids = {};

  [[nodiscard]] std::string_view form(std::size_t token) const {
    const std::size_t begin = token == 0 ? 0 : ends[token - 1];
    return std::string_view(arena).substr(begin, ends[token] - begin);
  }
};

TextWindows::TextWindows(const KnownTerms& terms) : impl_(std::make_unique<Impl>(*terms.impl_)) {}
TextWindows::TextWindows(TextWindows&&) noexcept = default;
TextWindows& TextWindows::operator=(TextWindows&&) noexcept = default;
TextWindows::~TextWindows() = default;

std::span<const TokenSpan> TextWindows::read(std::string_view text) {
  Impl& state = *impl_;
  state.cutter.find_tokens(text, state.tokens);
  state.arena.clear();
  state.ends.clear();
  for (TokenSpan& token : state.tokens) {
    const std::string_view form =
        state.cutter.counted_form(text.substr(token.begin, token.end - token.begin));
    state.arena += form;
    state.ends.push_back(state.arena.size());
    token.term_id = form.empty() ? -1 : state.known.table.find(state.cutter.key_of(form));
  }
  return state.tokens;
}

std::span<const std::int32_t> TextWindows::terms(std::size_t begin, std::size_t end) {
  Impl& state = *impl_;
  TG_EXPECTS(begin <= end && end <= state.tokens.size());
  state.ids.clear();
  if (state.known.rules.options.ngram_range == std::pair(1, 1)) {
    for (std::size_t i = begin; i < end; ++i) {
      if (state.tokens[i].term_id >= 0) state.ids.push_back(state.tokens[i].term_id);
    }
    return state.ids;
  }
  state.words.clear();
  for (std::size_t i = begin; i < end; ++i) {
    if (const std::string_view form = state.form(i); !form.empty()) state.words.push_back(form);
  }
  (void)state.cutter.terms_of(state.words);
  for (const std::string_view term : state.cutter.keys()) {
    if (const std::int32_t id = state.known.table.find(term); id >= 0) state.ids.push_back(id);
  }
  return state.ids;
}

}  // namespace topograph

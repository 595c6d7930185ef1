#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/text/count_terms.hpp"
#include "topograph/text/words.hpp"

namespace topograph {

/// Terms that texts are searched for. Immutable; one for all threads.
class KnownTerms {
 public:
  /// @determinism  The same for any number of threads. @cost  O(terms).
  [[nodiscard]] static Result<KnownTerms> build(const Vocabulary& vocabulary, const CountPlan& plan,
                                                RunContext& run);
  KnownTerms(KnownTerms&&) noexcept;
  KnownTerms& operator=(KnownTerms&&) noexcept;
  ~KnownTerms();

 private:
  friend class TextWindows;
  struct Impl;
  explicit KnownTerms(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A known term and the tokens [begin, end) of a text that it spans.
struct TermPlace {
  std::int32_t term = -1;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  [[nodiscard]] bool operator==(const TermPlace&) const = default;
};

/// Tokens of a text and the known terms inside of any run of them. One object per thread.
class TextWindows {
 public:
  explicit TextWindows(const KnownTerms& terms);
  TextWindows(TextWindows&&) noexcept;
  TextWindows& operator=(TextWindows&&) noexcept;
  ~TextWindows();

  /// Cuts `text` into tokens: every word, stop words and short ones included. Spans are bytes of
  /// `text`; `term_id` is the term that the word is, -1 when it is none. Lives until the next call.
  [[nodiscard]] std::span<const TokenSpan> read(std::string_view text);

  /// Ids of the known terms in tokens [begin, end) of the text that was read, with repetitions:
  /// n-grams bridge stop words, as in counting, but do not reach out of the run.
  [[nodiscard]] std::span<const std::int32_t> terms(std::size_t begin, std::size_t end);

  /// Words among the first `token` tokens that are counted: no stop words, long enough.
  [[nodiscard]] std::size_t counted_before(std::size_t token) const;
  /// Known terms of 1, 2, ... counted words from a counted word on, -1: none. Lives until the next
  /// `read`.
  [[nodiscard]] std::span<const std::int32_t> terms_from(std::size_t word) const;

  /// The same of every counted word, one after another.
  [[nodiscard]] std::span<const std::int32_t> all_terms() const;

  /// The term that tokens [begin, end) are together, -1: none.
  [[nodiscard]] std::int32_t term(std::size_t begin, std::size_t end) const;

  /// All known terms of the text that was read, by where they begin, shorter ones first. Stop words
  /// that an n-gram bridges are part of what it spans. Lives until the next call.
  [[nodiscard]] std::span<const TermPlace> places();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace topograph {

/// A document as numbers of its words. A word with spaces inside (a token pattern may match some)
/// is several pieces, all but the first flagged, so that equal runs of text are equal runs of
/// pieces however they were cut.
using Piece = std::uint32_t;
inline constexpr Piece kContinues = Piece{1} << 31U;  ///< Flag: not the first piece of its word.
inline constexpr Piece kGap = ~Piece{0};              ///< No n-gram reaches across it.

[[nodiscard]] constexpr bool begins_word(Piece piece) { return (piece & kContinues) == 0; }
[[nodiscard]] constexpr std::int32_t word_of(Piece piece) {
  return static_cast<std::int32_t>(piece & ~kContinues);
}

/// The pieces of a word or a term: its parts between spaces.
template <class Use>
void for_pieces(std::string_view term, Use&& use) {
  for (std::size_t begin = 0;;) {
    const std::size_t end = term.find(' ', begin);
    use(term.substr(begin, end - begin));
    if (end == std::string_view::npos) return;
    begin = end + 1;
  }
}

/// Makes gaps of words that have a piece for which `is_known` is false: of all their pieces.
template <class IsKnown>
void leave_unknown_out(std::vector<Piece>& pieces, IsKnown&& is_known) {
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i] == kGap || is_known(word_of(pieces[i]))) continue;
    bool is_first = begins_word(pieces[i]);
    pieces[i] = kGap;
    for (std::size_t j = i; !is_first && j-- > 0 && pieces[j] != kGap;) {
      is_first = begins_word(pieces[j]);
      pieces[j] = kGap;
    }
  }
}

/// Walks the n-grams of up to `longest` words that start at `begin`, in the order of their length.
/// @param pieces   A gap must follow the last word.
/// @param step     (word) of every piece; false ends the walk.
/// @param arrived  (n, end) after the last piece of the n-th word.
template <class Step, class Arrived>
void walk_ngrams(std::span<const Piece> pieces, std::size_t begin, int longest, Step&& step,
                 Arrived&& arrived) {
  int n = 0;
  for (std::size_t at = begin; pieces[at] != kGap; ++at) {
    if (begins_word(pieces[at]) && n++ == longest) return;
    if (!step(word_of(pieces[at]))) return;
    const Piece next = pieces[at + 1];
    if (next == kGap || begins_word(next)) arrived(n, at + 1);
  }
}

}  // namespace topograph

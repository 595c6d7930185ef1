#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenize/piece.hpp"
#include "tokenize/piece_trie.hpp"
#include "tokenize/vocabulary.hpp"
#include "tokenize/word_cache.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// The most likely split of a text into pieces of known score (SentencePiece).
class Unigram {
 public:
  struct Options {
    std::int32_t unknown_id = 0;
    bool byte_fallback = false;
  };
  /// The best way to reach one byte of the word.
  struct Node {
    double score = 0;
    std::uint32_t begin = 0;  ///< Of the piece that ends here.
    std::int32_t id = -1;     ///< Of that piece; -1: not reached yet.
  };
  struct Scratch {
    std::vector<Node> nodes = {};
    WordCache cache = {};
  };

  /// @param vocabulary  Ids are places in `scores`.
  [[nodiscard]] static Unigram build(const Vocabulary& vocabulary, std::vector<double> scores,
                                     const Options& options);

  [[nodiscard]] std::int32_t unknown_id() const { return unknown_id_; }
  /// Appends the pieces of one word (UTF-8, not empty).
  ///
  /// Sums are float64 from the left; of equal sums the one whose last piece begins first stays. A
  /// character that no piece covers costs ten more than the worst piece; neighbouring unknown ones
  /// become one token, or, with byte_fallback, a token a byte.
  void append(std::string_view word, Scratch& scratch, std::vector<Piece>& out) const;

 private:
  void find_best(std::string_view word, std::vector<Node>& nodes) const;
  void append_best(std::string_view word, Scratch& scratch, std::vector<Piece>& out) const;
  void append_unknown(std::string_view text, std::uint32_t end, std::vector<Piece>& out) const;

  PieceTrie trie_ = {};
  std::vector<double> scores_ = {};
  std::vector<std::int32_t> byte_ids_ = {};  // 256, -1: there is none; empty without byte_fallback
  std::int32_t unknown_id_ = 0;
  double unknown_score_ = 0;
};

/// Ids of the tokens <0x00> to <0xFF>; -1 where there is none.
[[nodiscard]] std::vector<std::int32_t> find_byte_ids(const Vocabulary& vocabulary);

}  // namespace topograph::detail

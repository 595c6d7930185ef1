#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "tokenize/bpe.hpp"
#include "tokenize/piece.hpp"
#include "tokenize/piece_trie.hpp"
#include "tokenize/unigram.hpp"
#include "tokenize/vocabulary.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// Greedy longest match from the left; a word with an unknown part is unknown as a whole.
class WordPiece {
 public:
  struct Options {
    std::string unk_token = "[UNK]";
    std::string continuing_subword_prefix = "##";
    std::size_t max_input_chars_per_word = 100;
  };
  /// @error parse when the unknown token is not in the vocabulary.
  [[nodiscard]] static Result<WordPiece> build(const Vocabulary& vocabulary, const Options& options,
                                               std::string_view where);

  [[nodiscard]] std::int32_t unknown_id() const { return unknown_id_; }
  /// Appends the pieces of one word (UTF-8, not empty).
  void append(std::string_view word, std::vector<Piece>& out) const;

 private:
  [[nodiscard]] bool is_too_long(std::string_view word) const;

  PieceTrie starts_ = {};         // whole tokens, as they may begin a word
  PieceTrie continuations_ = {};  // tokens that have the prefix, without it
  std::int32_t unknown_id_ = 0;
  std::size_t max_characters_ = 100;
};

/// One id a word.
class WordLevel {
 public:
  /// @error parse when the unknown token is not in the vocabulary.
  [[nodiscard]] static Result<WordLevel> build(const Vocabulary& vocabulary,
                                               std::string_view unk_token, std::string_view where);

  [[nodiscard]] std::int32_t unknown_id() const { return unknown_id_; }
  void append(std::string_view word, std::vector<Piece>& out) const;

 private:
  Vocabulary vocabulary_ = {};
  std::int32_t unknown_id_ = 0;
};

using Model = std::variant<WordPiece, WordLevel, Unigram, Bpe>;

/// Buffers of one thread.
struct ModelScratch {
  Unigram::Scratch unigram = {};
  Bpe::Scratch bpe = {};
};

/// Appends the pieces of one word (UTF-8, not empty).
template <class KnownModel>
void append_pieces(const KnownModel& model, std::string_view word, ModelScratch& scratch,
                   std::vector<Piece>& out) {
  if constexpr (std::is_same_v<KnownModel, Unigram>) {
    model.append(word, scratch.unigram, out);
  } else if constexpr (std::is_same_v<KnownModel, Bpe>) {
    model.append(word, scratch.bpe, out);
  } else {
    model.append(word, out);
  }
}

}  // namespace topograph::detail

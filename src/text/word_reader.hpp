#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/ngrams.hpp"
#include "text/term_cutter.hpp"
#include "text/term_table.hpp"

namespace topograph {

/// Reads documents as numbers of words. Whether a word counts, and as what, is found out once for
/// every different token. One object per thread.
class WordReader {
 public:
  explicit WordReader(const CutRules& rules)
      : cutter_(rules), is_stemmed_(!rules.stem_language.empty()) {}

  /// Forgets all words: numbers start again.
  void start();
  /// Appends the words of `text` to `keys` as what they are counted as (stems, or the words
  /// themselves), and as they are written to `surfaces` where words are stemmed, piece by piece.
  void read(std::string_view text, std::vector<Piece>& keys, std::vector<Piece>& surfaces);
  /// The words that the numbers stand for.
  [[nodiscard]] const TermTable& words() const { return words_; }
  [[nodiscard]] TermTable take_words() { return std::move(words_); }

 private:
  struct Pieces {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };

  void judge(std::string_view token);
  void append(std::string_view word, std::vector<Piece>& pieces);

  TermCutter cutter_;
  bool is_stemmed_;
  TermTable tokens_ = {};
  std::vector<Pieces> of_token_ = {};  ///< Into the two below; empty: the token is not counted.
  std::vector<Piece> keys_ = {};
  std::vector<Piece> surfaces_ = {};
  TermTable words_ = {};
};

}  // namespace topograph

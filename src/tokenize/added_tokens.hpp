#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tokenize/normalizer.hpp"
#include "tokenize/piece_trie.hpp"

namespace topograph::detail {

/// A token found in the text itself, before the model sees it.
struct AddedToken {
  std::string content = {};
  std::int32_t id = 0;
  bool single_word = false;  ///< Not next to a word character.
  bool lstrip = false;       ///< Takes the white space before it.
  bool rstrip = false;       ///< Takes the white space after it.
  bool normalized = true;    ///< Looked for in the normalised text, not in the raw one.
  bool special = false;
};

/// A stretch of text: an added token, or what is between two of them (id -1).
struct AddedSplit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::int32_t id = -1;
};

/// Finds added tokens: leftmost, longest, not overlapping.
class AddedTokens {
 public:
  AddedTokens() = default;
  AddedTokens(std::vector<AddedToken> tokens, const Normalizer& normalizer);

  [[nodiscard]] const std::vector<AddedToken>& tokens() const { return tokens_; }
  [[nodiscard]] bool has_normalized() const { return !normalized_.is_empty; }

  /// Splits the raw text at the tokens that are not normalised. The splits cover it.
  void split_raw(std::string_view text, std::vector<AddedSplit>& out) const;
  /// Splits a normalised text (as UTF-8) at the others.
  void split_normalized(std::string_view text, std::vector<AddedSplit>& out) const;

 private:
  struct Matcher {
    PieceTrie trie = {};  // values index tokens_
    std::array<bool, 256> is_first_byte = {};
    std::int32_t only_first_byte = -1;  // when all patterns begin with the same byte
    bool is_empty = true;
  };
  [[nodiscard]] static Matcher make_matcher(const std::vector<PieceTrie::Entry>& patterns);
  [[nodiscard]] static std::size_t next_candidate(const Matcher& matcher, std::string_view text,
                                                  std::size_t position);
  void split(const Matcher& matcher, std::string_view text, std::vector<AddedSplit>& out) const;

  std::vector<AddedToken> tokens_ = {};
  Matcher raw_ = {};
  Matcher normalized_ = {};
};

}  // namespace topograph::detail

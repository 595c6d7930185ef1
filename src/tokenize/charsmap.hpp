#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenize/normalized_text.hpp"

namespace topograph::detail {

/// The rewriting rules that SentencePiece compiles into a model: a double-array trie from strings
/// to places in a list of zero-terminated replacements.
class Charsmap {
 public:
  Charsmap() = default;
  /// @param base64  As in a tokenizer file.
  /// @error         What is damaged.
  [[nodiscard]] static std::expected<Charsmap, std::string> read(std::string_view base64);

  /// Rewrites the text. A grapheme cluster of less than six bytes is looked up as a whole,
  /// otherwise its characters one by one; in both cases the *shortest* rule that begins there
  /// decides for all of it, as in the peer. `rewritten`, `spare` are scratch.
  void apply(NormalizedText& text, std::vector<RewrittenCharacter>& rewritten,
             NormalizedText& spare) const;

 private:
  /// What a string becomes; nullopt: no rule begins it.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view key) const;
  [[nodiscard]] bool is_plain(NormalizedView text, std::size_t i) const {
    return text[i].value < 0x80 && !is_rewritten_ascii_[text[i].value] &&
           (i + 1 == text.size() || (text[i + 1].value < 0x80 && text[i].value != '\r'));
  }

  std::vector<std::uint32_t> units_ = {};
  std::string replacements_ = {};
  std::array<bool, 128> is_rewritten_ascii_ = {};
};

}  // namespace topograph::detail

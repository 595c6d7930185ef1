#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tokenize/bert_table.hpp"
#include "tokenize/tokenizer_parts.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

/// Buffers of one thread, reused from text to text.
struct EncodeScratch {
  std::string word = {};
  std::vector<TokenOffsets> alignment = {};  ///< Original bytes of each byte of `word`.
  std::vector<Piece> pieces = {};
  std::vector<AddedSplit> splits = {};
};

/// Turns texts into ids by the parts of a tokenizer file. Immutable.
class TextEncoder {
 public:
  /// `parts` must outlive the encoder and stay where it is.
  explicit TextEncoder(const TokenizerParts& parts);

  /// See Tokenizer::encode.
  bool encode(std::string_view text, bool add_special_tokens, std::size_t max_length,
              EncodeScratch& scratch, std::vector<std::int32_t>& ids,
              std::vector<TokenOffsets>* offsets) const;

 private:
  struct Output;
  void encode_content(std::string_view text, EncodeScratch& scratch, Output& out) const;
  void encode_stretch(std::string_view text, std::size_t offset, EncodeScratch& scratch,
                      Output& out) const;
  void encode_words(std::span<const NormalizedCharacter> text, CharacterRange range,
                    EncodeScratch& scratch, Output& out) const;
  template <bool with_offsets, class KnownModel>
  bool encode_bert(const KnownModel& model, std::string_view text, std::size_t offset,
                   EncodeScratch& scratch, Output& out) const;

  const TokenizerParts& parts_;
  AddedTokens added_;
  std::optional<BertTable> bert_ = {};  // set when the one-pass way applies
};

}  // namespace topograph::detail

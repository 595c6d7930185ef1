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

/// White space that a token's text begins and ends with, in characters.
struct TokenSpaces {
  std::uint16_t leading = 0;
  std::uint16_t trailing = 0;
};

/// Buffers of one thread, reused from text to text; they belong to one encoder.
struct EncodeScratch {
  std::string word = {};
  std::vector<TokenOffsets> alignment = {};  ///< Original bytes of each byte of `word`.
  std::vector<Piece> pieces = {};
  std::vector<AddedSplit> splits = {};
  std::vector<AddedSplit> normalized_splits = {};
  std::string normalized_bytes = {};
  NormalizedText normalized = {};
  NormalizeScratch normalize = {};
  PreTokenizeScratch pre_tokenize = {};
  ModelScratch model = {};
  std::vector<TokenSpaces> spaces =
      {};  ///< Of each token of the content, when offsets are trimmed.
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
  void encode_words(NormalizedView text, CharacterRange range, EncodeScratch& scratch,
                    Output& out) const;
  void spell_word(NormalizedView word, bool with_alignment, EncodeScratch& scratch) const;
  void push_added(const AddedSplit& split, std::string_view text, TokenOffsets at,
                  Output& out) const;
  void trim_offsets(std::string_view text, const PostProcessor::Trim& trim, Output& out) const;
  template <bool with_offsets, class KnownModel>
  bool encode_bert(const KnownModel& model, std::string_view text, std::size_t offset,
                   EncodeScratch& scratch, Output& out) const;

  const TokenizerParts& parts_;
  AddedTokens added_;
  std::optional<BertTable> bert_ = {};  // set when the one-pass way applies
  bool spells_bytes_ = false;
  std::vector<TokenSpaces> spaces_of_id_ = {};  // empty when offsets are not trimmed
};

}  // namespace topograph::detail

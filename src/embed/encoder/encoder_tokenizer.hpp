#pragma once

#include <cstddef>
#include <string>

#include "embed/encoder/encoder_config.hpp"
#include "topograph/core/error.hpp"
#include "topograph/tokenize/tokenizer.hpp"

namespace topograph::detail {

/// A network's tokenizer, with lower case before it where the folder asks for it.
struct EncoderTokenizer {
  Tokenizer tokenizer;
  /// Added tokens whose ids are beyond the network's vocabulary: texts must not contain them.
  bool has_foreign_tokens = false;
};

/// @error model subject: as `Tokenizer::load`; schema when the vocabulary, added tokens aside, is
///        larger than the network's.
[[nodiscard]] Result<EncoderTokenizer> load_encoder_tokenizer(const EncoderConfig& config);

/// @param first_row  Row of the first text, for the message.
/// @error input subject: a text with a token that the network does not know.
[[nodiscard]] Result<void> check_token_ids(const EncoderTokenizer& tokenizer,
                                           const EncoderConfig& config, const TokenBatch& tokens,
                                           std::size_t first_row);

/// Tokens of a prompt at the beginning of a text, special tokens before it included.
[[nodiscard]] std::size_t count_prompt_tokens(const Tokenizer& tokenizer, const std::string& prompt,
                                              std::size_t max_length);

}  // namespace topograph::detail

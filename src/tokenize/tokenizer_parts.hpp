#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tokenize/added_tokens.hpp"
#include "tokenize/model.hpp"
#include "tokenize/normalizer.hpp"
#include "tokenize/post_processor.hpp"
#include "tokenize/pre_tokenizer.hpp"
#include "tokenize/vocabulary.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// What a tokenizer.json says, read and checked.
struct TokenizerParts {
  Normalizer normalizer = {};
  PreTokenizer pre_tokenizer = {};
  Vocabulary vocabulary = {};      ///< Of the model, without added tokens.
  std::size_t n_model_tokens = 0;  ///< As the peer counts them: of a list, repeated ones too.
  Model model = {};
  std::vector<AddedToken> added_tokens = {};
  PostProcessor post_processor = {};
  std::int32_t padding_id = 0;
  bool truncates_left = false;
};

/// @error model subject, see Tokenizer::load.
[[nodiscard]] Result<TokenizerParts> read_tokenizer_json(std::string_view json,
                                                         std::string_view where);

}  // namespace topograph::detail

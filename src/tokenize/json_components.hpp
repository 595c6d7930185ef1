#pragma once

#include "tokenize/json_field.hpp"
#include "tokenize/normalizer.hpp"
#include "tokenize/post_processor.hpp"
#include "tokenize/pre_tokenizer.hpp"
#include "tokenize/tokenizer_parts.hpp"

namespace topograph::detail {

/// Sequences deeper than any real file has are damage; the limit keeps the stack safe.
inline constexpr int max_sequence_depth = 16;

[[nodiscard]] Result<Normalizer> read_normalizer(const JsonField& field);
[[nodiscard]] Result<PreTokenizer> read_pre_tokenizer(const JsonField& field);
/// @param id_limit  Ids must be below it.
[[nodiscard]] Result<PostProcessor> read_post_processor(const JsonField& field,
                                                        std::int64_t id_limit);
/// Reads the vocabulary and the model into `parts`.
[[nodiscard]] Result<void> read_model(const JsonField& field, std::string_view where,
                                      TokenizerParts& parts);
/// `{"String": …}` or `{"Regex": …}` of a Replace or a Split.
[[nodiscard]] Result<Pattern> read_pattern(const JsonField& field);

}  // namespace topograph::detail

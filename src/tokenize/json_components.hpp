#pragma once

#include "tokenize/json_field.hpp"
#include "tokenize/normalizer.hpp"
#include "tokenize/post_processor.hpp"
#include "tokenize/pre_tokenizer.hpp"

namespace topograph::detail {

[[nodiscard]] Result<Normalizer> read_normalizer(const JsonField& field);
[[nodiscard]] Result<PreTokenizer> read_pre_tokenizer(const JsonField& field);
/// @param id_limit  Ids must be below it.
[[nodiscard]] Result<PostProcessor> read_post_processor(const JsonField& field,
                                                        std::int64_t id_limit);

}  // namespace topograph::detail

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/matrix.hpp"

namespace topograph::detail {

/// What an embeddings endpoint answered: row i belongs to text i of the request.
struct EmbeddingReply {
  Matrix<float> vectors = {};
  std::int64_t n_tokens = 0;  ///< As the server counts; 0 when it does not tell.
};

/// Reads the JSON of a successful answer: `data` with one entry a text, each with its `index` and
/// an `embedding` as a list of numbers or as base64 of little-endian float32.
/// @error model subject, parse or schema: no JSON, missing, repeated or unknown indices, vectors
///        of different lengths, numbers that are not finite. The caller adds where.
[[nodiscard]] Result<EmbeddingReply> parse_embedding_reply(std::string_view body,
                                                           std::size_t n_texts);

/// What an answer with an error status says: the message of its JSON, else its beginning. Never
/// longer than a few hundred characters, without line breaks, and without `secret`.
[[nodiscard]] std::string error_message_of(std::string_view body, std::string_view secret);

}  // namespace topograph::detail

#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "embed/endpoint/embedding_reply.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/endpoint_options.hpp"
#include "topograph/net/http.hpp"

namespace topograph::detail {

/// Which endpoint, and how to ask it.
struct EndpointTarget {
  std::string url = {};    ///< Of `/embeddings` itself.
  std::string model = {};  ///< As the server calls it.
  std::string key = {};    ///< Never part of a message or a file.
  EndpointOptions options = {};
  bool wants_base64 = true;
  bool has_answered = false;  ///< A server that was there before may come back; try again.
};

/// Texts [begin, end) and their vectors.
using TakeVectors =
    std::function<Result<void>(std::size_t begin, std::size_t end, EmbeddingReply reply)>;

/// Sends the texts in batches, several at once, and hands every batch's vectors to `take` in the
/// order in which they come. Rate limits, server errors, timeouts and broken connections are tried
/// again; a batch that is too large for the server is halved.
/// @error model subject; cancelled.
[[nodiscard]] Result<void> request_embeddings(const EndpointTarget& target, const TextColumn& texts,
                                              const TakeVectors& take, RunContext& run);

/// True when the error is the server's answer to a request it does not understand (400 or 422).
[[nodiscard]] bool is_misunderstanding(const Error& error);

}  // namespace topograph::detail

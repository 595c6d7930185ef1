#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "topograph/core/options.hpp"

namespace topograph {

/// An OpenAI-compatible `/v1/embeddings` endpoint.
struct EndpointOptions {
  std::string url = {};
  std::string key_variable = "OPENAI_API_KEY";
  std::optional<int> dimensions = {};
  int batch_size = 64;
  int batch_characters = 200'000;
  std::optional<int> max_characters = {};
  int concurrency = 4;
  double timeout_seconds = 120;
  int max_retries = 6;
  double backoff_seconds = 0.5;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("url", s.url, any_value(),
      "Address of an OpenAI-compatible server, like http://localhost:8080/v1; `embed.model` is the "
      "model's name there. (Empty with `openai:NAME`: $OPENAI_BASE_URL, else OpenAI.) Models keep "
      "it "
      "without user, password and query; $OPENAI_BASE_URL of the same place supplies them.");
    v("key_variable", s.key_variable, any_value(),
      "Environment variable that holds the key of the API; unset or empty: no key is sent.");
    v("dimensions", s.dimensions, at_least(1),
      "Numbers a vector, asked of the server (unset: what it gives).");
    v("batch_size", s.batch_size, between(1, 2048), "Texts a request.");
    v("batch_characters", s.batch_characters, at_least(1),
      "Characters a request; a longer text goes alone.");
    v("max_characters", s.max_characters, at_least(1),
      "Characters kept of each text (unset: all).");
    v("concurrency", s.concurrency, between(1, 64), "Requests under way at once.");
    v("timeout_seconds", s.timeout_seconds, above(0), "Longest wait for one answer.");
    v("max_retries", s.max_retries, between(0, 100),
      "Further attempts after rate limits, server errors, timeouts and broken connections.");
    v("backoff_seconds", s.backoff_seconds, between(0, 60),
      "Wait before the first further attempt; it doubles every time.");
  }
};

}  // namespace topograph

#include "embed/endpoint/embedding_reply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "embed/endpoint/base64.hpp"

namespace topograph::detail {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShownBytes = 300;

/// The beginning of a text that came from outside, fit for one line of a message.
std::string snippet(std::string_view text, std::size_t limit) {
  std::string out;
  for (const char c : text.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_space = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (is_space && (out.empty() || out.back() == ' ')) continue;
    if (is_space) {
      out += ' ';
    } else if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else {
      out += '?';
    }
  }
  if (text.size() > limit) out += "...";
  return out;
}

std::unexpected<Error> strange(ErrorCode code, std::string what, std::string hint = {}) {
  return model_error(code, "", std::move(what), std::move(hint));
}

std::unexpected<Error> not_json(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  const bool is_page = first != std::string_view::npos && body[first] == '<';
  if (is_page) {
    return strange(ErrorCode::parse,
                   fmt::format("expected JSON, found a web page: '{}'", snippet(body, 80)),
                   "is the address right? It usually ends in /v1");
  }
  const std::string_view end = body.substr(body.size() - std::min<std::size_t>(40, body.size()));
  return strange(ErrorCode::parse,
                 fmt::format("expected JSON, found {} bytes that are none: '{}' ... '{}'",
                             body.size(), snippet(body, 60), snippet(end, 40)));
}

Result<std::vector<float>> read_vector(const Json& value, std::size_t index) {
  std::vector<float> vector;
  if (value.is_string()) {
    auto decoded = floats_from_base64(value.get_ref<const std::string&>());
    if (!decoded) {
      return strange(ErrorCode::schema,
                     fmt::format("the embedding of index {} is no base64 of float32", index));
    }
    vector = *std::move(decoded);
  } else if (value.is_array()) {
    vector.reserve(value.size());
    for (const Json& number : value) {
      if (!number.is_number()) {
        return strange(ErrorCode::schema,
                       fmt::format("expected numbers in the embedding of index {}, found {}", index,
                                   number.type_name()));
      }
      vector.push_back(number.get<float>());
    }
  } else {
    return strange(ErrorCode::schema,
                   fmt::format("expected a list or base64 as the embedding of index {}, found {}",
                               index, value.type_name()));
  }
  if (vector.empty()) {
    return strange(ErrorCode::schema, fmt::format("the embedding of index {} is empty", index));
  }
  const auto is_finite = [](float number) { return std::isfinite(number); };
  if (!std::ranges::all_of(vector, is_finite)) {
    return strange(ErrorCode::schema,
                   fmt::format("the embedding of index {} has NaN or infinite numbers", index));
  }
  return vector;
}

/// Position of an entry: its `index`, or its place in the list where servers leave it out.
Result<std::size_t> read_index(const Json& entry, std::size_t place, std::size_t n_texts) {
  const auto index = entry.find("index");
  if (index == entry.end()) return place;
  if (!index->is_number_unsigned() || index->get<std::uint64_t>() >= n_texts) {
    return strange(
        ErrorCode::schema,
        fmt::format("expected an index from 0 to {}, found {}", n_texts - 1,
                    snippet(index->dump(-1, ' ', true, Json::error_handler_t::replace), 40)));
  }
  return static_cast<std::size_t>(index->get<std::uint64_t>());
}

std::int64_t count_tokens(const Json& json) {
  const auto usage = json.find("usage");
  if (usage == json.end() || !usage->is_object()) return 0;
  for (const char* key : {"prompt_tokens", "total_tokens"}) {
    const auto found = usage->find(key);
    if (found != usage->end() && found->is_number_unsigned()) {
      return static_cast<std::int64_t>(
          std::min<std::uint64_t>(found->get<std::uint64_t>(), 1U << 30U));
    }
  }
  return 0;
}

}  // namespace

Result<EmbeddingReply> parse_embedding_reply(std::string_view body, std::size_t n_texts) {
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) return not_json(body);
  const auto data = json.is_object() ? json.find("data") : json.end();
  if (!json.is_object() || data == json.end() || !data->is_array()) {
    return strange(
        ErrorCode::schema,
        fmt::format("expected an object with the list 'data', found '{}'", snippet(body, 120)));
  }
  if (data->size() != n_texts) {
    return strange(ErrorCode::schema, fmt::format("expected {} embeddings, one a text, found {}",
                                                  n_texts, data->size()));
  }
  EmbeddingReply reply;
  std::vector<bool> is_filled(n_texts, false);
  for (std::size_t place = 0; place < n_texts; ++place) {
    const Json& entry = (*data)[place];
    if (!entry.is_object() || !entry.contains("embedding")) {
      return strange(ErrorCode::schema,
                     fmt::format("expected 'embedding' in entry {} of 'data'", place));
    }
    TG_TRY(const std::size_t index, read_index(entry, place, n_texts));
    if (is_filled[index]) {
      return strange(ErrorCode::schema, fmt::format("the index {} occurs twice", index));
    }
    is_filled[index] = true;
    TG_TRY(const auto vector, read_vector(entry["embedding"], index));
    if (place == 0) reply.vectors = Matrix<float>(n_texts, vector.size());
    if (vector.size() != reply.vectors.cols()) {
      return strange(ErrorCode::schema,
                     fmt::format("expected vectors of one length, found {} and {} numbers",
                                 reply.vectors.cols(), vector.size()));
    }
    std::ranges::copy(vector, reply.vectors.row(index).begin());
  }
  reply.n_tokens = count_tokens(json);
  return reply;
}

std::string error_message_of(std::string_view body, std::string_view secret) {
  std::string text(body);
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_object()) {
    const Json* found = &json;
    for (const char* key : {"error", "message", "detail"}) {
      if (!found->is_object()) break;
      if (const auto next = found->find(key); next != found->end()) found = &*next;
    }
    text = found->is_string() ? found->get<std::string>()
                              : found->dump(-1, ' ', true, Json::error_handler_t::replace);
  }
  for (std::size_t at = 0; !secret.empty() && (at = text.find(secret, at)) != std::string::npos;) {
    text.replace(at, secret.size(), "***");
  }
  return snippet(text, kShownBytes);
}

}  // namespace topograph::detail

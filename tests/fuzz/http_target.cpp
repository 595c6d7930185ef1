#include <cstdlib>
#include <string_view>

#include "embed/endpoint/embedding_reply.hpp"
#include "embed/hub/hub_metadata.hpp"
#include "fuzz/targets.hpp"

namespace topograph::fuzz {

void http(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const std::size_t n_texts : {1U, 2U}) {
    const auto reply = detail::parse_embedding_reply(body, n_texts);
    if (reply && (reply->vectors.rows() != n_texts || reply->vectors.empty())) std::abort();
  }
  if (detail::error_message_of(body, "secret").find("secret") != std::string::npos) std::abort();
  if (const auto listing = detail::parse_hub_listing(body)) {
    for (const std::string& file : listing->files) {
      if (file.starts_with('/') || file.starts_with("../")) std::abort();
    }
  }
  const HttpResponse response{.headers = {{"etag", std::string(body)}}};
  if (const auto file = detail::read_hub_file(response, "file")) {
    if (file->etag.find('/') != std::string::npos) std::abort();
  }
}

}  // namespace topograph::fuzz

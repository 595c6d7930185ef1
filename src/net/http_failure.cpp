#include "net/http_failure.hpp"

#include <fmt/format.h>

namespace topograph {
namespace detail {

HttpFailure explain_curl_failure(CURLcode code, const std::string& detail,
                                 const HttpRequest& request, const std::string& shown_url) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {HttpProblem::bad_url, "expected an address like https://host/path", {}, shown_url};
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return {HttpProblem::unreachable, fmt::format("cannot connect: {}", detail),
              "is the address right and the network up? A proxy is set with https_proxy",
              shown_url};
    case CURLE_OPERATION_TIMEDOUT:
      return {HttpProblem::timeout, fmt::format("no answer in time: {}", detail), {}, shown_url};
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return {HttpProblem::tls, fmt::format("no trusted encrypted connection: {}", detail),
              "a certificate of your own goes into the file that SSL_CERT_FILE names", shown_url};
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FILESIZE_EXCEEDED: return {HttpProblem::too_large, detail, {}, shown_url};
    default: break;
  }
  const char* what = request.method == HttpMethod::post ? "the request" : "the transfer";
  return {HttpProblem::broken, fmt::format("{} broke off: {}", what, detail), {}, shown_url};
}

}  // namespace detail

Error HttpFailure::error(Subject subject) const {
  if (sink_error) return *sink_error;
  const bool is_option = problem == HttpProblem::bad_url;
  return {.code = is_option ? ErrorCode::invalid_argument : ErrorCode::io,
          .message = message,
          .where = url,
          .hint = hint,
          .subject = is_option ? Subject::option : subject};
}

}  // namespace topograph

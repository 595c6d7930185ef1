#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

enum class HttpMethod : std::uint8_t { get, head, post };

/// Which redirects are followed; the bearer token is sent to the origin of the first address only.
enum class Redirects : std::uint8_t { none, same_origin, any };

struct HttpHeader {
  std::string name = {};
  std::string value = {};
};

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string url = {};
  std::vector<HttpHeader> headers = {};
  std::string bearer_token = {};  ///< Sent as `Authorization: Bearer …`; never part of a message.
  std::string body = {};          ///< Of a POST.
  std::uint64_t first_byte = 0;   ///< > 0: asks for the bytes from here on (a Range request).
  Redirects redirects = Redirects::any;
  std::chrono::milliseconds connect_timeout{15'000};
  /// Gives up after this long with hardly a byte (less than one a second).
  std::chrono::seconds idle_timeout{60};
  std::chrono::milliseconds total_timeout{0};           ///< 0: as long as bytes come.
  std::size_t max_body_bytes = std::size_t{64} << 20U;  ///< Of a body kept in memory.
};

struct HttpResponse {
  int status = 0;
  std::string url = {};                  ///< The address that answered, after redirects.
  std::vector<HttpHeader> headers = {};  ///< Names in lower case.
  std::string body = {};  ///< Empty when a sink took it; errors keep their first 64 KiB.

  /// The last header of this (lower-case) name.
  [[nodiscard]] const std::string* header(std::string_view name) const;
  [[nodiscard]] bool is_success() const { return status >= 200 && status < 300; }
};

/// Why there is no answer at all.
enum class HttpProblem : std::uint8_t {
  bad_url,      ///< Not an address of the web.
  unreachable,  ///< Name not found or connection refused.
  timeout,
  broken,     ///< The connection ended in the middle.
  tls,        ///< No trusted encrypted connection.
  too_large,  ///< More than `max_body_bytes`, or too many redirects.
  sink,       ///< The receiver of the bytes failed; see `sink_error`.
};

struct HttpFailure {
  HttpProblem problem = HttpProblem::broken;
  std::string message = {};
  std::string hint = {};
  std::string url = {};  ///< As it may be shown.
  std::optional<Error> sink_error = {};

  /// The failure as an error of `subject`, at the address.
  [[nodiscard]] Error error(Subject subject) const;
};

using HttpOutcome = std::expected<HttpResponse, HttpFailure>;

/// Takes the body of a successful answer piece by piece; `response` holds status and headers.
using HttpSink = std::function<Result<void>(const HttpResponse& response, std::string_view bytes)>;

/// A small HTTP client over libcurl, which is loaded when the first client is made. Proxies come
/// from the environment (`https_proxy`, `http_proxy`, `no_proxy`), trusted certificates from the
/// system or `SSL_CERT_FILE`. Many requests run at once on the calling thread; use one client from
/// one thread at a time.
class HttpClient {
 public:
  /// @error program subject, unsupported: libcurl is not installed.
  [[nodiscard]] static Result<HttpClient> create();
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// Sends one request and waits for its end. @error cancelled, within 100 ms of the request.
  [[nodiscard]] Result<HttpOutcome> send(HttpRequest request, RunContext& run, HttpSink sink = {});

  /// Starts a request; `wait` tells its end under the same ticket.
  void start(std::uint64_t ticket, HttpRequest request, HttpSink sink = {});
  [[nodiscard]] std::size_t n_in_flight() const;

  struct Finished {
    std::uint64_t ticket = 0;
    HttpOutcome outcome = {};
  };
  /// The next finished request, or nothing when none finished for `at_most`.
  [[nodiscard]] Result<std::optional<Finished>> wait(std::chrono::milliseconds at_most,
                                                     RunContext& run);

 private:
  HttpClient();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace topograph

#include "topograph/net/http.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <utility>

#include "net/curl_library.hpp"
#include "net/http_failure.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/version.hpp"
#include "topograph/net/url.hpp"

namespace topograph {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr int kMaxRedirects = 10;
constexpr std::size_t kMaxErrorBytes = std::size_t{64} << 10U;
constexpr milliseconds kPollEvery{40};  // Cancellation is noticed within this time.

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
  while (!text.empty() && is_space(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && is_space(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

/// One request on its way. libcurl keeps pointers to it, so it does not move.
struct Transfer {
  explicit Transfer(const detail::CurlLibrary& library) : curl(library) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() {
    if (handle != nullptr) curl.easy_cleanup(handle);
    curl.slist_free_all(header_list);
  }

  void prepare();
  void set_headers();
  [[nodiscard]] int status() const;
  [[nodiscard]] bool follows(int code) const;
  std::size_t take_header(std::string_view line);
  std::size_t take_body(std::string_view bytes);
  /// Turns to where the answer points; false when this was the last answer.
  [[nodiscard]] std::optional<HttpFailure> redirect(bool& is_redirected);
  [[nodiscard]] HttpOutcome finish(CURLcode code);

  const detail::CurlLibrary& curl;
  CURL* handle = nullptr;
  curl_slist* header_list = nullptr;
  std::uint64_t ticket = 0;
  HttpRequest request = {};
  HttpSink sink = {};
  HttpResponse response = {};
  std::optional<Error> sink_error = {};
  bool is_too_large = false;
  int n_redirects = 0;
  std::array<char, CURL_ERROR_SIZE> message = {};
};

std::size_t on_header(char* data, std::size_t size, std::size_t n, void* transfer) {
  return static_cast<Transfer*>(transfer)->take_header({data, size * n});
}
std::size_t on_body(char* data, std::size_t size, std::size_t n, void* transfer) {
  return static_cast<Transfer*>(transfer)->take_body({data, size * n});
}

void Transfer::set_headers() {
  curl.slist_free_all(std::exchange(header_list, nullptr));
  const auto add = [&](const std::string& line) {
    header_list = curl.slist_append(header_list, line.c_str());
  };
  for (const HttpHeader& header : request.headers) add(header.name + ": " + header.value);
  if (!request.bearer_token.empty()) add("Authorization: Bearer " + request.bearer_token);
  add("Expect:");  // No waiting for "100 Continue" before a body is sent.
  curl.easy_setopt(handle, CURLOPT_HTTPHEADER, header_list);
}

void Transfer::prepare() {
  const auto set = [&](CURLoption option, auto value) { curl.easy_setopt(handle, option, value); };
  set(CURLOPT_PRIVATE, this);
  set(CURLOPT_ERRORBUFFER, message.data());
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  const std::string agent = "topograph/" + std::string(version());
  set(CURLOPT_USERAGENT, agent.c_str());
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.idle_timeout.count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(request.total_timeout.count()));
  if (const char* file = std::getenv("SSL_CERT_FILE"); file != nullptr && *file != '\0') {
    set(CURLOPT_CAINFO, file);
  }
  if (request.method == HttpMethod::head) set(CURLOPT_NOBODY, 1L);
  if (request.method == HttpMethod::post) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    set(CURLOPT_POSTFIELDS, request.body.c_str());
  }
  if (request.first_byte > 0) {
    const std::string range = fmt::format("{}-", request.first_byte);
    set(CURLOPT_RANGE, range.c_str());
  }
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set_headers();
}

int Transfer::status() const {
  long code = 0;
  curl.easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &code);
  return static_cast<int>(code);
}

bool Transfer::follows(int code) const {
  return is_redirect(code) && request.redirects != Redirects::none &&
         request.method != HttpMethod::post;
}

std::size_t Transfer::take_header(std::string_view line) {
  const std::size_t n = line.size();
  if (line.starts_with("HTTP/")) response.headers.clear();  // A new answer begins.
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    std::string name(trim(line.substr(0, colon)));
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    response.headers.push_back({std::move(name), std::string(trim(line.substr(colon + 1)))});
  }
  return n;
}

std::size_t Transfer::take_body(std::string_view bytes) {
  response.status = status();
  if (follows(response.status)) return bytes.size();  // Nobody reads the page of a redirect.
  if (!response.is_success()) {
    const std::size_t room = kMaxErrorBytes - std::min(kMaxErrorBytes, response.body.size());
    response.body.append(bytes.substr(0, room));
    return bytes.size();
  }
  if (sink) {
    if (auto taken = sink(response, bytes); !taken) {
      sink_error = std::move(taken).error();
      return 0;
    }
    return bytes.size();
  }
  if (response.body.size() + bytes.size() > request.max_body_bytes) {
    is_too_large = true;
    return 0;
  }
  response.body.append(bytes);
  return bytes.size();
}

std::optional<HttpFailure> Transfer::redirect(bool& is_redirected) {
  is_redirected = false;
  if (!follows(status())) return std::nullopt;
  char* target = nullptr;
  curl.easy_getinfo(handle, CURLINFO_REDIRECT_URL, &target);
  if (target == nullptr) return std::nullopt;
  const std::string next = target;
  const bool is_same = url_origin(next) == url_origin(request.url);
  if (!is_same && request.redirects == Redirects::same_origin) return std::nullopt;
  if (++n_redirects > kMaxRedirects) {
    return HttpFailure{
        HttpProblem::too_large,
        fmt::format("expected an answer, found more than {} redirects", kMaxRedirects),
        {},
        display_url(request.url)};
  }
  // Whoever the server points to did not ask for our token.
  if (!is_same) request.bearer_token.clear();
  request.url = next;
  response = {};
  curl.easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  set_headers();
  is_redirected = true;
  return std::nullopt;
}

HttpOutcome Transfer::finish(CURLcode code) {
  const std::string shown = display_url(request.url);
  if (sink_error) {
    return std::unexpected(
        HttpFailure{HttpProblem::sink, sink_error->message, {}, shown, std::move(sink_error)});
  }
  if (is_too_large) {
    return std::unexpected(
        HttpFailure{HttpProblem::too_large,
                    fmt::format("expected at most {} bytes, found more", request.max_body_bytes),
                    {},
                    shown});
  }
  if (code != CURLE_OK) {
    const std::string detail = message[0] != '\0' ? message.data() : curl.easy_strerror(code);
    return std::unexpected(detail::explain_curl_failure(code, detail, request, shown));
  }
  response.status = status();
  response.url = request.url;
  return std::move(response);
}

}  // namespace

const std::string* HttpResponse::header(std::string_view name) const {
  for (auto it = headers.rbegin(); it != headers.rend(); ++it) {
    if (it->name == name) return &it->value;
  }
  return nullptr;
}

struct HttpClient::Impl {
  explicit Impl(const detail::CurlLibrary& library) : curl(library), multi(curl.multi_init()) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    for (const auto& transfer : transfers) curl.multi_remove_handle(multi, transfer->handle);
    transfers.clear();
    curl.multi_cleanup(multi);
  }

  /// Reads one finished request off libcurl's list, if there is one.
  std::optional<Finished> take_finished() {
    if (!early.empty()) {
      Finished finished = std::move(early.back());
      early.pop_back();
      return finished;
    }
    int n_left = 0;
    while (CURLMsg* done = curl.multi_info_read(multi, &n_left)) {
      if (done->msg != CURLMSG_DONE) continue;
      const CURLcode code = done->data.result;
      const auto found = std::ranges::find_if(
          transfers, [&](const auto& transfer) { return transfer->handle == done->easy_handle; });
      TG_EXPECTS(found != transfers.end());
      Transfer& transfer = **found;
      curl.multi_remove_handle(multi, transfer.handle);
      bool is_redirected = false;
      std::optional<HttpFailure> failure;
      if (code == CURLE_OK) failure = transfer.redirect(is_redirected);
      if (is_redirected) {
        curl.multi_add_handle(multi, transfer.handle);
        int n_running = 0;
        curl.multi_perform(multi, &n_running);
        continue;
      }
      Finished finished{transfer.ticket, failure ? HttpOutcome(std::unexpected(*std::move(failure)))
                                                 : transfer.finish(code)};
      transfers.erase(found);
      return finished;
    }
    return std::nullopt;
  }

  const detail::CurlLibrary& curl;
  CURLM* multi;
  std::vector<std::unique_ptr<Transfer>> transfers = {};
  std::vector<Finished> early = {};  ///< Requests that could not be started.
};

HttpClient::HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::create() {
  TG_TRY(const detail::CurlLibrary* curl, detail::curl_library());
  HttpClient client;
  client.impl_ = std::make_unique<Impl>(*curl);
  return client;
}

std::size_t HttpClient::n_in_flight() const {
  return impl_->transfers.size() + impl_->early.size();
}

void HttpClient::start(std::uint64_t ticket, HttpRequest request, HttpSink sink) {
  if (!is_http_url(request.url)) {
    impl_->early.push_back(
        {ticket, std::unexpected(HttpFailure{HttpProblem::bad_url,
                                             "expected an address like https://host/path",
                                             {},
                                             display_url(request.url)})});
    return;
  }
  auto transfer = std::make_unique<Transfer>(impl_->curl);
  transfer->ticket = ticket;
  transfer->request = std::move(request);
  transfer->sink = std::move(sink);
  transfer->handle = impl_->curl.easy_init();
  TG_EXPECTS(transfer->handle != nullptr);
  transfer->prepare();
  impl_->curl.multi_add_handle(impl_->multi, transfer->handle);
  impl_->transfers.push_back(std::move(transfer));
}

Result<std::optional<HttpClient::Finished>> HttpClient::wait(milliseconds at_most,
                                                             RunContext& run) {
  const auto end = Clock::now() + at_most;
  while (true) {
    if (run.stop_requested()) return cancelled();
    int n_running = 0;
    impl_->curl.multi_perform(impl_->multi, &n_running);
    if (auto finished = impl_->take_finished()) return finished;
    const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
    if (left.count() <= 0 || n_in_flight() == 0) return std::nullopt;
    impl_->curl.multi_poll(impl_->multi, nullptr, 0,
                           static_cast<int>(std::min(left, kPollEvery).count()), nullptr);
  }
}

Result<HttpOutcome> HttpClient::send(HttpRequest request, RunContext& run, HttpSink sink) {
  TG_EXPECTS(n_in_flight() == 0);
  start(0, std::move(request), std::move(sink));
  while (true) {
    TG_TRY(auto finished, wait(milliseconds(60'000), run));
    if (finished) return std::move(finished->outcome);
  }
}

}  // namespace topograph

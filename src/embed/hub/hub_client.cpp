#include "embed/hub/hub_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

#include "embed/hub/hub_cache.hpp"
#include "embed/hub/partial_file.hpp"
#include "topograph/core/random.hpp"
#include "topograph/net/backoff.hpp"
#include "topograph/net/url.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
using std::chrono::milliseconds;
namespace {

constexpr const char* kDefaultEndpoint = "https://huggingface.co";
constexpr milliseconds kLongestWait{300'000};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string trimmed(std::string text) {
  const auto is_space = [](unsigned char c) { return std::isspace(c) != 0; };
  while (!text.empty() && is_space(static_cast<unsigned char>(text.back()))) text.pop_back();
  const auto begin = std::ranges::find_if_not(
      text, [&](char c) { return is_space(static_cast<unsigned char>(c)); });
  text.erase(text.begin(), begin);
  return text;
}

/// As huggingface_hub looks for it; empty when there is none.
std::string hub_token() {
  for (const char* name : {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
    if (auto token = trimmed(environment(name)); !token.empty()) return token;
  }
  fs::path path = environment("HF_TOKEN_PATH");
  if (path.empty() && !hub_home_folder().empty()) path = hub_home_folder() / "token";
  std::ifstream file(path);
  return trimmed({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
}

std::string header_or(const HttpResponse& response, std::string_view name) {
  const std::string* value = response.header(name);
  return value == nullptr ? std::string() : value->substr(0, 300);
}

}  // namespace

bool is_hub_offline() {
  for (const char* name : {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}) {
    std::string value = environment(name);
    std::ranges::transform(value, value.begin(),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (value == "1" || value == "ON" || value == "YES" || value == "TRUE") return true;
  }
  return false;
}

HubClient::HubClient(HttpClient client, std::string repository, const PullOptions& options)
    : client_(std::move(client)), repository_(std::move(repository)), options_(options) {}

Result<HubClient> HubClient::create(std::string repository, const PullOptions& options) {
  TG_TRY(auto http, HttpClient::create());
  HubClient client(std::move(http), std::move(repository), options);
  std::string& endpoint = client.options_.endpoint;
  if (endpoint.empty()) endpoint = environment("HF_ENDPOINT");
  if (endpoint.empty()) endpoint = kDefaultEndpoint;
  if (!is_http_url(endpoint)) {
    return option_error("endpoint", fmt::format("expected an address like {}, found '{}'",
                                                kDefaultEndpoint, display_url(endpoint)));
  }
  client.token_ = hub_token();
  const bool is_odd =
      std::ranges::any_of(client.token_, [](unsigned char c) { return c <= 0x20 || c >= 0x7F; });
  if (is_odd) {
    return option_error("HF_TOKEN", "expected a token of plain characters, found others");
  }
  return client;
}

std::string HubClient::file_url(const std::string& commit, const std::string& path) const {
  return join_url(options_.endpoint,
                  encode_url_path(fmt::format("{}/resolve/{}/{}", repository_, commit, path)));
}

Error HubClient::refusal(const HttpResponse& response, const std::string& what) const {
  Error error{.code = ErrorCode::io,
              .message = fmt::format("the hub answered {} for {}", response.status, what),
              .where = display_url(response.url),
              .subject = Subject::model};
  const std::string code = header_or(response, "x-error-code");
  const std::string access = fmt::format("accept the licence at {} and set HF_TOKEN",
                                         display_url(join_url(options_.endpoint, repository_)));
  if (code == "GatedRepo" || response.status == 403) {
    error.message = fmt::format("access to {} is restricted ({})", repository_, response.status);
    error.hint = access;
  } else if (response.status == 401) {
    error.message =
        token_.empty() ? fmt::format(
                             "the hub gives no {} to the public (401): there is no such "
                             "model, or it is private or gated",
                             repository_)
                       : fmt::format("the hub does not accept the token for {} (401)", repository_);
    error.hint = token_.empty() ? "is the name right? Else " + access : "is HF_TOKEN still valid?";
  } else if (response.status == 404) {
    error.code = ErrorCode::not_found;
    error.message = fmt::format("the hub has no {}", what);
    error.hint = "is the name right? Names look like owner/name";
    if (code == "RevisionNotFound") {
      error.message = fmt::format("{} has no revision '{}'", repository_, options_.revision);
      error.hint = "name a branch, tag or commit with --revision";
    }
  } else if (response.status == 429) {
    error.hint = "too many requests; try again later, or set HF_TOKEN";
  }
  return error;
}

Result<void> HubClient::wait_or_fail(int attempt, const HttpOutcome& outcome,
                                     const std::string& what, RunContext& run) const {
  const bool may_pass = outcome ? is_temporary(outcome->status) : is_temporary(outcome.error());
  milliseconds delay =
      retry_delay(milliseconds(static_cast<std::int64_t>(1000 * options_.backoff_seconds)), attempt,
                  random_key(0, "hub.retry"), 0);
  if (outcome) delay = std::max(delay, retry_after(*outcome).value_or(milliseconds(0)));
  if (may_pass && attempt <= options_.max_retries && delay <= kLongestWait) {
    return pause(delay, run);
  }
  if (outcome) return std::unexpected(refusal(*outcome, what));
  Error error = outcome.error().error(Subject::model);
  if (error.subject == Subject::model) error.message += fmt::format(" (asking for {})", what);
  return std::unexpected(std::move(error));
}

Result<HttpResponse> HubClient::ask(const HttpRequest& request, const std::string& what,
                                    RunContext& run) {
  for (int attempt = 1;; ++attempt) {
    TG_TRY(auto outcome, client_.send(request, run));
    // A HEAD whose redirect leads to the storage has its answer in the redirect itself.
    if (outcome && outcome->status < 400) return *std::move(outcome);
    TG_TRY(wait_or_fail(attempt, outcome, what, run));
  }
}

Result<HubListing> HubClient::list(const std::string& revision, RunContext& run) {
  const std::string path = fmt::format("api/models/{}/revision/{}", repository_, revision);
  HttpRequest request{.url = join_url(options_.endpoint, encode_url_path(path)),
                      .bearer_token = token_};
  TG_TRY(const auto response, ask(request, fmt::format("model {}", repository_), run));
  auto listing = parse_hub_listing(response.body);
  if (!listing) listing.error().where = display_url(response.url);
  return listing;
}

Result<HubFile> HubClient::describe(const std::string& commit, const std::string& path,
                                    RunContext& run) {
  HttpRequest request{.method = HttpMethod::head,
                      .url = file_url(commit, path),
                      .headers = {{"Accept-Encoding", "identity"}},
                      .bearer_token = token_,
                      .redirects = Redirects::same_origin};
  TG_TRY(const auto response, ask(request, fmt::format("file {}", path), run));
  auto file = read_hub_file(response, path);
  if (!file) file.error().where = display_url(response.url);
  return file;
}

Result<std::uint64_t> HubClient::fetch(const std::string& commit, const HubFile& file,
                                       const fs::path& target, Stage& stage, RunContext& run) {
  TG_TRY(auto partial, PartialFile::open(target.string() + ".incomplete"));
  const bool is_resumed = partial.size() > 0;
  stage.advance(partial.size());
  std::uint64_t n_fetched = 0;
  const auto take = [&](const HttpResponse& response, std::string_view bytes) -> Result<void> {
    if (!partial.is_expecting(response)) {
      TG_TRY(partial.restart());
    }
    n_fetched += bytes.size();
    stage.advance(bytes.size());
    return partial.append(bytes);
  };
  for (int attempt = 1;; ++attempt) {
    if (file.size && partial.size() == *file.size) break;
    if (file.size && partial.size() > *file.size) TG_TRY(partial.restart());
    partial.begin_answer();
    HttpRequest request{.url = file_url(commit, file.path),
                        .headers = {{"Accept-Encoding", "identity"}},
                        .bearer_token = token_,
                        .first_byte = partial.size()};
    TG_TRY(auto outcome, client_.send(request, run, take));
    const bool has_all = outcome && outcome->is_success();
    if (has_all && (!file.size || partial.size() == *file.size)) break;
    if (has_all) {
      outcome = std::unexpected(HttpFailure{
          HttpProblem::broken,
          fmt::format("expected {} bytes of {}, found {}", *file.size, file.path, partial.size()),
          {},
          display_url(request.url)});
    }
    // The server has nothing behind what is here: start over.
    if (outcome && outcome->status == 416 && attempt <= options_.max_retries) {
      TG_TRY(partial.restart());
      continue;
    }
    TG_TRY(wait_or_fail(attempt, outcome, fmt::format("file {}", file.path), run));
  }
  TG_TRY(partial.close());
  TG_TRY(const bool is_right, matches_etag(partial.path().string(), file.etag));
  if (is_right) {
    TG_TRY(partial.move_to(target));
    return n_fetched;
  }
  partial.remove();
  if (is_resumed) return fetch(commit, file, target, stage, run);  // The old part was to blame.
  return model_error(
      ErrorCode::io, display_url(file_url(commit, file.path)),
      fmt::format("expected a file with the hash {}, found another content", file.etag),
      "the transfer was damaged and its file removed; pull again");
}

}  // namespace topograph::detail

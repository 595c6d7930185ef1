#include "embed/endpoint/endpoint_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "embed/endpoint/cut_text.hpp"
#include "topograph/core/random.hpp"
#include "topograph/net/backoff.hpp"
#include "topograph/net/url.hpp"
#include "topograph/text/normalize.hpp"

namespace topograph::detail {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kLongestWait{300'000};
constexpr std::size_t kMaxReplyBytes = std::size_t{256} << 20U;

/// Texts of one request, and how often it was tried.
struct Batch {
  std::size_t begin = 0;
  std::size_t end = 0;
  int attempt = 1;
  Clock::time_point not_before = {};
};

class Conversation {
 public:
  Conversation(const EndpointTarget& target, const TextColumn& texts, const TakeVectors& take,
               HttpClient client)
      : target_(target), texts_(texts), take_(take), client_(std::move(client)) {}

  Result<void> hold(RunContext& run) {
    cut_batches();
    while (!waiting_.empty() || !under_way_.empty()) {
      start_what_may_start();
      if (under_way_.empty()) {
        TG_TRY(pause(until_next_start(), run));
        continue;
      }
      TG_TRY(auto finished, client_.wait(std::min(until_next_start(), milliseconds(1000)), run));
      if (finished) TG_TRY(settle(finished->ticket, std::move(finished->outcome)));
    }
    return {};
  }

 private:
  [[nodiscard]] std::string_view text(std::size_t row) const {
    const std::string_view whole = texts_[row];
    const auto& limit = target_.options.max_characters;
    return limit ? first_characters(whole, static_cast<std::size_t>(*limit)) : whole;
  }

  void cut_batches() {
    const auto most = static_cast<std::size_t>(target_.options.batch_size);
    const auto characters = static_cast<std::size_t>(target_.options.batch_characters);
    std::size_t bytes = 0;
    for (std::size_t row = 0; row < texts_.size(); ++row) {
      const std::size_t size = text(row).size();
      const bool is_full =
          waiting_.empty() || row - waiting_.back().begin == most || bytes + size > characters;
      if (is_full) {
        waiting_.push_back({row, row});
        bytes = 0;
      }
      bytes += size;
      waiting_.back().end = row + 1;
    }
  }

  [[nodiscard]] milliseconds until_next_start() const {
    if (waiting_.empty()) return milliseconds(1000);
    Clock::time_point next = Clock::time_point::max();
    for (const Batch& batch : waiting_) next = std::min(next, batch.not_before);
    const auto left =
        std::chrono::duration_cast<milliseconds>(std::max(next, quiet_until_) - Clock::now());
    return std::clamp(left, milliseconds(1), kLongestWait);
  }

  void start_what_may_start() {
    const auto now = Clock::now();
    if (now < quiet_until_) return;
    const auto most = static_cast<std::size_t>(target_.options.concurrency);
    while (under_way_.size() < most) {
      const auto next = std::ranges::find_if(
          waiting_, [&](const Batch& batch) { return batch.not_before <= now; });
      if (next == waiting_.end()) return;
      client_.start(next->begin, request_of(*next));
      under_way_.emplace(next->begin, *next);
      waiting_.erase(next);
    }
  }

  [[nodiscard]] HttpRequest request_of(const Batch& batch) const {
    nlohmann::json json = {{"model", target_.model}, {"input", nlohmann::json::array()}};
    for (std::size_t row = batch.begin; row < batch.end; ++row) {
      // Servers refuse the empty text; its peers send a space too.
      const std::string_view shown = is_blank(text(row)) ? std::string_view(" ") : text(row);
      json["input"].push_back(shown);
    }
    if (target_.wants_base64) json["encoding_format"] = "base64";
    if (target_.options.dimensions) json["dimensions"] = *target_.options.dimensions;
    const auto timeout =
        milliseconds(static_cast<std::int64_t>(1000 * target_.options.timeout_seconds));
    return {.method = HttpMethod::post,
            .url = target_.url,
            .headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}},
            .bearer_token = target_.key,
            .body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace),
            .redirects = Redirects::none,
            .connect_timeout = std::min(timeout, milliseconds(15'000)),
            .idle_timeout =
                std::chrono::duration_cast<std::chrono::seconds>(timeout) + std::chrono::seconds(1),
            .total_timeout = timeout,
            .max_body_bytes = kMaxReplyBytes};
  }

  Result<void> settle(std::uint64_t ticket, HttpOutcome outcome) {
    const auto found = under_way_.find(ticket);
    Batch batch = found->second;
    under_way_.erase(found);
    if (outcome && outcome->is_success()) {
      auto reply = parse_embedding_reply(outcome->body, batch.end - batch.begin);
      if (!reply) {
        reply.error().where = display_url(target_.url);
        return std::unexpected(std::move(reply).error());
      }
      return take_(batch.begin, batch.end, *std::move(reply));
    }
    if (outcome && outcome->status == 413 && batch.end - batch.begin > 1) {
      const std::size_t middle = batch.begin + (batch.end - batch.begin) / 2;
      waiting_.push_front({middle, batch.end});
      waiting_.push_front({batch.begin, middle});
      return {};
    }
    return try_again(batch, outcome);
  }

  Result<void> try_again(Batch batch, const HttpOutcome& outcome) {
    const bool may_pass =
        outcome ? is_temporary(outcome->status)
                : is_temporary(outcome.error()) &&
                      (target_.has_answered || outcome.error().problem != HttpProblem::unreachable);
    if (!may_pass || batch.attempt > target_.options.max_retries) {
      return std::unexpected(outcome ? refusal(*outcome, batch) : failure(outcome.error(), batch));
    }
    const milliseconds base(static_cast<std::int64_t>(1000 * target_.options.backoff_seconds));
    milliseconds delay =
        retry_delay(base, batch.attempt, random_key(0, "endpoint.retry"), batch.begin);
    if (const auto asked = outcome ? retry_after(*outcome) : std::nullopt) {
      if (*asked > kLongestWait) return std::unexpected(refusal(*outcome, batch));
      delay = std::max(delay, *asked);
      // The server's wish concerns all of us, not only the request that it answered.
      quiet_until_ = std::max(quiet_until_, Clock::now() + *asked);
    }
    ++batch.attempt;
    batch.not_before = Clock::now() + delay;
    waiting_.push_front(batch);
    return {};
  }

  [[nodiscard]] Error failure(const HttpFailure& problem, const Batch& batch) const {
    Error error = problem.error(Subject::model);
    if (batch.attempt > 1) error.message += fmt::format(" ({} attempts)", batch.attempt);
    return error;
  }

  [[nodiscard]] Error refusal(const HttpResponse& response, const Batch& batch) const {
    Error error{.code = ErrorCode::io,
                .message = fmt::format("the server answered {}: {}", response.status,
                                       error_message_of(response.body, target_.key)),
                .where = display_url(target_.url),
                .subject = Subject::model};
    if (batch.attempt > 1) error.message += fmt::format(" ({} attempts)", batch.attempt);
    switch (response.status) {
      case 400:
      case 413:
      case 422: {
        error.code = ErrorCode::invalid_argument;
        const auto longest = longest_text(batch);
        error.message += fmt::format("; the longest of the {} texts has {} bytes and begins '{}'",
                                     batch.end - batch.begin, text(longest).size(),
                                     first_characters(text(longest), 40));
        error.hint = "if a text is too long: --set embed.endpoint.max_characters=N cuts it";
        break;
      }
      case 401:
      case 403:
        error.hint = fmt::format(
            "is {} set to a valid key? A user and password in the address are not kept in models: "
            "put the whole address into OPENAI_BASE_URL",
            target_.options.key_variable);
        break;
      case 404:
      case 405:
        error.code = ErrorCode::not_found;
        error.hint = fmt::format(
            "is the address right (it usually ends in /v1), and does the "
            "server know the model '{}'?",
            target_.model);
        break;
      case 429: error.hint = "fewer requests at once: --set embed.endpoint.concurrency=1"; break;
      default: break;
    }
    return error;
  }

  [[nodiscard]] std::size_t longest_text(const Batch& batch) const {
    std::size_t longest = batch.begin;
    for (std::size_t row = batch.begin; row < batch.end; ++row) {
      if (text(row).size() > text(longest).size()) longest = row;
    }
    return longest;
  }

  const EndpointTarget& target_;
  const TextColumn& texts_;
  const TakeVectors& take_;
  HttpClient client_;
  std::deque<Batch> waiting_ = {};
  std::map<std::uint64_t, Batch> under_way_ = {};
  Clock::time_point quiet_until_ = {};
};

}  // namespace

Result<void> request_embeddings(const EndpointTarget& target, const TextColumn& texts,
                                const TakeVectors& take, RunContext& run) {
  TG_TRY(auto client, HttpClient::create());
  return Conversation(target, texts, take, std::move(client)).hold(run);
}

bool is_misunderstanding(const Error& error) {
  return error.code == ErrorCode::invalid_argument && error.subject == Subject::model;
}

}  // namespace topograph::detail

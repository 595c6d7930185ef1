#include "topograph/net/backoff.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <condition_variable>
#include <ctime>
#include <mutex>

namespace topograph {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongest{60'000};

/// "Wed, 21 Oct 2026 07:28:00 GMT" as seconds since 1970.
std::optional<std::time_t> http_date(const std::string& text) {
  std::tm when{};
  const char* rest = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &when);
  if (rest == nullptr || *rest != '\0') return std::nullopt;
  return ::timegm(&when);
}

}  // namespace

milliseconds retry_delay(milliseconds base, int attempt, RandomKey key, std::uint64_t item) {
  const double doubled = static_cast<double>(base.count()) * std::exp2(std::max(0, attempt - 1));
  const double limited = std::min(doubled, static_cast<double>(kLongest.count()));
  const double factor = 0.5 + 0.5 * uniform(key, item, static_cast<std::uint64_t>(attempt));
  return milliseconds(static_cast<milliseconds::rep>(limited * factor));
}

std::optional<milliseconds> retry_after(const HttpResponse& response) {
  const std::string* text = response.header("retry-after");
  if (text == nullptr) return std::nullopt;
  double seconds = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (code != std::errc{} || end != text->data() + text->size()) {
    const auto date = http_date(*text);
    if (!date) return std::nullopt;
    seconds = std::difftime(*date, std::time(nullptr));
  }
  if (!(seconds <= 1e6)) return std::nullopt;
  return milliseconds(static_cast<milliseconds::rep>(1000 * std::max(0.0, seconds)));
}

bool is_temporary(int status) {
  return status == 408 || status == 425 || status == 429 || (status >= 500 && status != 501);
}

bool is_temporary(const HttpFailure& failure) {
  return failure.problem == HttpProblem::timeout || failure.problem == HttpProblem::broken ||
         failure.problem == HttpProblem::unreachable;
}

Result<void> pause(milliseconds duration, RunContext& run) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, run.stop_token(), duration, [] { return false; });
  if (run.stop_requested()) return cancelled();
  return {};
}

}  // namespace topograph

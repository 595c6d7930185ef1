#include "topograph/net/backoff.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <ctime>
#include <thread>

namespace topograph {
namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> after(const std::string& text) {
  return retry_after({.headers = {{"retry-after", text}}});
}

TEST(Backoff, DoublesWithAJitterThatIsAlwaysTheSame) {
  const RandomKey key = random_key(7, "test");
  for (int attempt = 1; attempt < 12; ++attempt) {
    const auto delay = retry_delay(milliseconds(500), attempt, key, 3);
    const double full = std::min(60'000.0, 500.0 * std::exp2(attempt - 1));
    EXPECT_GE(static_cast<double>(delay.count()), full / 2 - 1);
    EXPECT_LE(static_cast<double>(delay.count()), full);
    EXPECT_EQ(delay, retry_delay(milliseconds(500), attempt, key, 3));
  }
  EXPECT_NE(retry_delay(milliseconds(500), 1, key, 3), retry_delay(milliseconds(500), 1, key, 4));
}

TEST(Backoff, ReadsRetryAfterAsSecondsOrDate) {
  EXPECT_EQ(after("7"), milliseconds(7000));
  EXPECT_EQ(after("0.25"), milliseconds(250));
  EXPECT_EQ(after("-3"), milliseconds(0));
  EXPECT_EQ(after("Wed, 21 Oct 2015 07:28:00 GMT"), milliseconds(0));
  const std::time_t later = std::time(nullptr) + 100;
  char date[64];
  std::tm parts{};
  std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", ::gmtime_r(&later, &parts));
  EXPECT_NEAR(static_cast<double>(after(date)->count()), 100'000, 2000);
  for (const char* text : {"", "soon", "1e99", "7 s", "nan"}) EXPECT_FALSE(after(text)) << text;
  EXPECT_FALSE(retry_after({}));
}

TEST(Backoff, OnlyTemporaryTroubleIsWorthAnotherAttempt) {
  for (const int status : {408, 429, 500, 502, 503, 504, 529}) EXPECT_TRUE(is_temporary(status));
  for (const int status : {200, 301, 400, 401, 403, 404, 413, 422, 501}) {
    EXPECT_FALSE(is_temporary(status));
  }
  EXPECT_TRUE(is_temporary(HttpFailure{.problem = HttpProblem::timeout}));
  EXPECT_FALSE(is_temporary(HttpFailure{.problem = HttpProblem::tls}));
}

TEST(Backoff, APauseEndsWhenTheRunIsStopped) {
  std::stop_source stop;
  RunContext run({.threads = 1, .stop = stop.get_token()});
  EXPECT_TRUE(pause(milliseconds(1), run));
  std::thread user([&] {
    std::this_thread::sleep_for(milliseconds(50));
    stop.request_stop();
  });
  const auto begin = std::chrono::steady_clock::now();
  const auto outcome = pause(milliseconds(20'000), run);
  user.join();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(5000));
}

}  // namespace
}  // namespace topograph

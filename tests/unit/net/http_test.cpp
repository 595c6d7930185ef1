#include "topograph/net/http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stop_token>

#include "unit/net/local_server.hpp"

namespace topograph {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace)
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

HttpOutcome send(HttpRequest request, HttpSink sink = {}) {
  RunContext run({.threads = 1});
  auto client = HttpClient::create();
  EXPECT_TRUE(client) << to_string(client.error());
  auto outcome = client->send(std::move(request), run, std::move(sink));
  EXPECT_TRUE(outcome) << to_string(outcome.error());
  return *std::move(outcome);
}

TEST(Http, GivesStatusHeadersAndBody) {
  const LocalServer server(
      [](const std::string&) { return reply("200 OK", "ETag: \"x\"\r\nX-Two:  b \r\n", "hello"); });
  const auto response = send({.url = server.url("/a"), .headers = {{"X-Mine", "1"}}});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "hello");
  ASSERT_NE(response->header("etag"), nullptr);
  EXPECT_EQ(*response->header("etag"), "\"x\"");
  EXPECT_EQ(*response->header("x-two"), "b");
  EXPECT_EQ(response->header("none"), nullptr);
  EXPECT_THAT(server.requests().at(0), HasSubstr("GET /a HTTP/1.1"));
  EXPECT_THAT(server.requests().at(0), HasSubstr("X-Mine: 1"));
  EXPECT_THAT(server.requests().at(0), HasSubstr("User-Agent: topograph/"));
}

TEST(Http, PostsABody) {
  const LocalServer server([](const std::string&) { return reply("200 OK", "", "{}"); });
  const auto response = send({.method = HttpMethod::post,
                              .url = server.url(),
                              .headers = {{"Content-Type", "application/json"}},
                              .body = "{\"a\": 1}"});
  ASSERT_TRUE(response);
  EXPECT_THAT(server.requests().at(0), testing::EndsWith("\r\n\r\n{\"a\": 1}"));
  EXPECT_THAT(server.requests().at(0), Not(HasSubstr("100-continue")));
}

TEST(Http, AsksForARange) {
  const LocalServer server([](const std::string&) {
    return reply("206 Partial Content", "Content-Range: bytes 3-4/5\r\n", "lo");
  });
  std::string got;
  const auto response = send({.url = server.url(), .first_byte = 3},
                             [&](const HttpResponse& head, std::string_view bytes) -> Result<void> {
                               EXPECT_EQ(head.status, 206);
                               EXPECT_EQ(*head.header("content-range"), "bytes 3-4/5");
                               got += bytes;
                               return {};
                             });
  ASSERT_TRUE(response);
  EXPECT_EQ(got, "lo");
  EXPECT_THAT(server.requests().at(0), HasSubstr("Range: bytes=3-"));
}

TEST(Http, HeadHasNoBody) {
  const LocalServer server([](const std::string&) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nConnection: close\r\n\r\n";
  });
  const auto response = send({.method = HttpMethod::head, .url = server.url()});
  ASSERT_TRUE(response);
  EXPECT_EQ(*response->header("content-length"), "12345");
  EXPECT_TRUE(response->body.empty());
}

TEST(Http, ARedirectToAnotherHostDoesNotGetTheToken) {
  const LocalServer other([](const std::string&) { return reply("200 OK", "", "far"); });
  const LocalServer server([&](const std::string& request) {
    if (request.starts_with("GET /a ")) return reply("302 Found", "Location: /b\r\n", "page");
    return reply("302 Found", "Location: " + other.url("/c") + "\r\n", "page");
  });
  const auto response = send({.url = server.url("/a"), .bearer_token = "secret"});
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "far");
  EXPECT_EQ(response->url, other.url("/c"));
  EXPECT_THAT(server.requests().at(0), HasSubstr("Authorization: Bearer secret"));
  EXPECT_THAT(server.requests().at(1), HasSubstr("Authorization: Bearer secret"));
  EXPECT_THAT(other.requests().at(0), Not(HasSubstr("secret")));
}

TEST(Http, RedirectsAreFollowedOnlyAsFarAsAllowed) {
  const LocalServer other([](const std::string&) { return reply("200 OK", "", "far"); });
  const LocalServer server([&](const std::string& request) {
    if (request.starts_with("GET /a ")) return reply("307 Temporary", "Location: /b\r\n", "");
    return reply("302 Found", "X-Linked-Size: 5\r\nLocation: " + other.url() + "\r\n", "");
  });
  const auto first = send({.url = server.url("/a"), .redirects = Redirects::none});
  EXPECT_EQ(first->status, 307);
  const auto second = send({.url = server.url("/a"), .redirects = Redirects::same_origin});
  EXPECT_EQ(second->status, 302);
  EXPECT_EQ(*second->header("x-linked-size"), "5");
  EXPECT_TRUE(other.requests().empty());
}

TEST(Http, ALoopOfRedirectsEnds) {
  const LocalServer server(
      [](const std::string&) { return reply("302 Found", "Location: /again\r\n", ""); });
  const auto response = send({.url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_THAT(response.error().message, HasSubstr("redirects"));
}

TEST(Http, ErrorPagesAreKeptAndDoNotReachTheSink) {
  const LocalServer server(
      [](const std::string&) { return reply("404 Not Found", "", "no such thing"); });
  const auto response = send({.url = server.url()}, [](const auto&, auto) -> Result<void> {
    ADD_FAILURE() << "the sink was called";
    return {};
  });
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body, "no such thing");
}

TEST(Http, ABodyLargerThanAllowedIsAFailure) {
  const LocalServer server(
      [](const std::string&) { return reply("200 OK", "", std::string(5000, 'x')); });
  const auto response = send({.url = server.url(), .max_body_bytes = 4999});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().problem, HttpProblem::too_large);
  EXPECT_TRUE(send({.url = server.url(), .max_body_bytes = 5000}));
}

TEST(Http, ATruncatedBodyIsBroken) {
  const LocalServer server([](const std::string&) {
    return "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nshort";
  });
  const auto response = send({.url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().problem, HttpProblem::broken);
}

TEST(Http, AConnectionThatEndsWithoutAnAnswerIsBroken) {
  const LocalServer server([](const std::string&) { return std::string(); });
  const auto response = send({.url = server.url()});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().problem, HttpProblem::broken);
}

TEST(Http, NobodyListeningIsUnreachable) {
  std::string url;
  {
    const LocalServer server([](const std::string&) { return std::string(); });
    url = server.url("/x?token=secret");
  }
  const auto response = send({.url = url});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().problem, HttpProblem::unreachable);
  const Error error = response.error().error(Subject::model);
  EXPECT_EQ(error.subject, Subject::model);
  EXPECT_THAT(to_string(error), Not(HasSubstr("secret")));
}

TEST(Http, PlainTextWhereTlsIsExpectedIsATlsProblem) {
  const LocalServer server([](const std::string&) { return reply("200 OK", "", ""); });
  auto url = server.url();
  url.replace(0, 4, "https");
  const auto response = send({.url = url, .total_timeout = milliseconds(5000)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().problem, HttpProblem::tls) << response.error().message;
}

TEST(Http, OtherSchemesAreRefused) {
  for (const char* url : {"file:///etc/passwd", "ftp://host/x", "host/x", "http://", ""}) {
    const auto response = send({.url = url});
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().problem, HttpProblem::bad_url) << url;
    EXPECT_EQ(response.error().error(Subject::model).subject, Subject::option);
  }
}

TEST(Http, AFailingSinkEndsTheTransferWithItsError) {
  const LocalServer server(
      [](const std::string&) { return reply("200 OK", "", std::string(100000, 'x')); });
  const auto response = send({.url = server.url()}, [](const auto&, auto) -> Result<void> {
    return output_error("file", "disk full");
  });
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().problem, HttpProblem::sink);
  EXPECT_EQ(response.error().error(Subject::model).subject, Subject::output);
}

TEST(Http, StopsWithin100MillisecondsOfTheWish) {
  std::atomic<bool> is_over = false;
  const LocalServer server([&](const std::string&) {
    while (!is_over) std::this_thread::sleep_for(milliseconds(5));
    return std::string();
  });
  std::stop_source stop;
  RunContext run({.threads = 1, .stop = stop.get_token()});
  auto client = HttpClient::create();
  ASSERT_TRUE(client);
  std::chrono::steady_clock::time_point asked;
  std::thread user([&] {
    std::this_thread::sleep_for(milliseconds(200));
    asked = std::chrono::steady_clock::now();
    stop.request_stop();
  });
  const auto outcome = client->send({.url = server.url()}, run);
  const auto seconds = std::chrono::steady_clock::now() - asked;
  user.join();
  is_over = true;
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, ErrorCode::cancelled);
  // The bar is 100 ms; a loaded machine may need more to wake a thread.
  EXPECT_LT(seconds, milliseconds(300));
}

TEST(Http, GivesUpWhenNoAnswerComesInTime) {
  std::atomic<bool> is_over = false;
  const LocalServer server([&](const std::string&) {
    while (!is_over) std::this_thread::sleep_for(milliseconds(5));
    return std::string();
  });
  const auto response = send({.url = server.url(), .total_timeout = milliseconds(150)});
  is_over = true;
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().problem, HttpProblem::timeout);
}

TEST(Http, ManyRequestsRunAtOnce) {
  std::atomic<int> n_waiting = 0;
  const LocalServer server([&](const std::string& request) {
    ++n_waiting;
    while (n_waiting < 4) std::this_thread::sleep_for(milliseconds(1));
    return reply("200 OK", "", request.substr(5, 1));
  });
  RunContext run({.threads = 1});
  auto client = HttpClient::create();
  ASSERT_TRUE(client);
  for (std::uint64_t i = 0; i < 4; ++i) {
    client->start(i, {.url = server.url("/" + std::to_string(i))});
  }
  EXPECT_EQ(client->n_in_flight(), 4U);
  std::map<std::uint64_t, std::string> bodies;
  while (client->n_in_flight() > 0) {
    auto finished = client->wait(milliseconds(10'000), run);
    ASSERT_TRUE(finished);
    ASSERT_TRUE(*finished) << "no request finished in ten seconds";
    ASSERT_TRUE((*finished)->outcome);
    bodies[(*finished)->ticket] = (*finished)->outcome->body;
  }
  EXPECT_EQ(bodies, (std::map<std::uint64_t, std::string>{{0, "0"}, {1, "1"}, {2, "2"}, {3, "3"}}));
}

TEST(Http, TheProxyComesFromTheEnvironment) {
  const LocalServer proxy([](const std::string&) { return reply("200 OK", "", "by proxy"); });
  ::setenv("http_proxy", proxy.url().c_str(), 1);
  ::unsetenv("no_proxy");
  ::unsetenv("NO_PROXY");
  const auto response = send({.url = "http://a-host.invalid/x"});
  ::unsetenv("http_proxy");
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "by proxy");
  EXPECT_THAT(proxy.requests().at(0), HasSubstr("GET http://a-host.invalid/x HTTP/1.1"));
}

}  // namespace
}  // namespace topograph

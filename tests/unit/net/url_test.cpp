#include "topograph/net/url.hpp"

#include <gtest/gtest.h>

namespace topograph {
namespace {

TEST(Url, AnOriginIsSchemeHostAndPort) {
  EXPECT_EQ(url_origin("https://Hub.example/a?b"), "https://hub.example:443");
  EXPECT_EQ(url_origin("http://user:pass@host:8080/x"), "http://host:8080");
  EXPECT_EQ(url_origin("http://[::1]/x"), "http://[::1]:80");
  EXPECT_EQ(url_origin("http://[::1]:81?x"), "http://[::1]:81");
  EXPECT_NE(url_origin("http://host/"), url_origin("https://host/"));
}

TEST(Url, WhatIsShownHasNoSecrets) {
  EXPECT_EQ(display_url("https://user:pass@host:81/v1/x?api-key=secret#part"),
            "https://host:81/v1/x");
  EXPECT_EQ(display_url("https://host"), "https://host");
  EXPECT_EQ(display_url("https://host?key=secret"), "https://host");
  EXPECT_EQ(display_url("no-scheme?key=secret"), "no-scheme");
  EXPECT_EQ(display_url("user:secret@host/v1"), "host/v1");
  EXPECT_EQ(display_url("http://user:sec/ret@host/v1"), "http://...");
  EXPECT_EQ(display_url("http://user:sec?ret@host/v1"), "http://...");
}

TEST(Url, OnlyWebAddressesAreAccepted) {
  EXPECT_TRUE(is_http_url("http://h"));
  EXPECT_TRUE(is_http_url("HTTPS://h:1/x"));
  for (const char* text : {"", "h", "ftp://h", "http://", "http:///x", "http://h/a b",
                           "http://h/\r\nX: y", "http://user:pass/word@h/"}) {
    EXPECT_FALSE(is_http_url(text)) << text;
  }
}

TEST(Url, PathsAreJoinedAndEncoded) {
  EXPECT_EQ(join_url("http://h/v1/", "/embeddings"), "http://h/v1/embeddings");
  EXPECT_EQ(join_url("http://h", "a"), "http://h/a");
  EXPECT_EQ(encode_url_path("a/b c+ü%.json"), "a/b%20c%2B%C3%BC%25.json");
}

}  // namespace
}  // namespace topograph

#include "topograph/net/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace topograph {
namespace {

struct UrlParts {
  std::string scheme = {};
  std::string host = {};
  std::string port = {};
  std::string_view path = {};  ///< Up to the query or fragment.
};

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

UrlParts split(std::string_view url) {
  UrlParts parts;
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return parts;
  parts.scheme = lower(url.substr(0, scheme_end));
  url.remove_prefix(scheme_end + 3);
  const auto authority_end = std::min(url.find_first_of("/?#"), url.size());
  std::string_view authority = url.substr(0, authority_end);
  parts.path = url.substr(authority_end);
  parts.path = parts.path.substr(0, parts.path.find_first_of("?#"));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }
  // The colon of a port comes after the bracket that ends an IPv6 address.
  const auto colon = authority.rfind(':');
  const auto bracket = authority.rfind(']');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  parts.host = lower(authority.substr(0, has_port ? colon : authority.size()));
  if (has_port) parts.port = std::string(authority.substr(colon + 1));
  return parts;
}

/// Digits or nothing. Anything else behind a host's colon is the beginning of a password with a
/// slash, question mark or hash in it, which ends the host too early.
bool is_port(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

bool is_http_url(std::string_view url) {
  const UrlParts parts = split(url);
  return (parts.scheme == "http" || parts.scheme == "https") && !parts.host.empty() &&
         is_port(parts.port) && std::ranges::none_of(url, [](unsigned char c) {
           return std::iscntrl(c) != 0 || std::isspace(c) != 0;
         });
}

std::string url_origin(std::string_view url) {
  UrlParts parts = split(url);
  if (parts.port.empty()) parts.port = parts.scheme == "https" ? "443" : "80";
  return fmt::format("{}://{}:{}", parts.scheme, parts.host, parts.port);
}

std::string display_url(std::string_view url) {
  const UrlParts parts = split(url);
  if (parts.scheme.empty()) {
    url = url.substr(0, url.find_first_of("?#"));
    return std::string(url.substr(url.rfind('@') + 1));
  }
  if (!is_port(parts.port)) return fmt::format("{}://...", parts.scheme);
  return fmt::format("{}://{}{}{}{}", parts.scheme, parts.host, parts.port.empty() ? "" : ":",
                     parts.port, parts.path);
}

std::string join_url(std::string_view base, std::string_view path) {
  while (base.ends_with('/')) base.remove_suffix(1);
  while (path.starts_with('/')) path.remove_prefix(1);
  return fmt::format("{}/{}", base, path);
}

std::string encode_url_path(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_plain = byte < 0x80 && (std::isalnum(byte) != 0 || c == '-' || c == '.' ||
                                          c == '_' || c == '~' || c == '/');
    if (is_plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

}  // namespace topograph

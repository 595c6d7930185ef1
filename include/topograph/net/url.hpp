#pragma once

#include <string>
#include <string_view>

namespace topograph {

/// True for `http://` and `https://` addresses that name a host.
[[nodiscard]] bool is_http_url(std::string_view url);

/// Scheme, host and port in lower case with the default port written out: "https://hub:443". Two
/// addresses with different origins must not share credentials.
[[nodiscard]] std::string url_origin(std::string_view url);

/// The address as it may be shown: without user, password, query and fragment, where secrets live.
[[nodiscard]] std::string display_url(std::string_view url);

/// `base` and `path` with one slash between them.
[[nodiscard]] std::string join_url(std::string_view base, std::string_view path);

/// Percent-encodes everything but letters, digits, "-._~" and "/".
[[nodiscard]] std::string encode_url_path(std::string_view path);

}  // namespace topograph

#pragma once

#include <string>

#include "net/curl_library.hpp"
#include "topograph/net/http.hpp"

namespace topograph::detail {

/// What a failure of libcurl means to the person who waits for the answer.
[[nodiscard]] HttpFailure explain_curl_failure(CURLcode code, const std::string& detail,
                                               const HttpRequest& request,
                                               const std::string& shown_url);

}  // namespace topograph::detail

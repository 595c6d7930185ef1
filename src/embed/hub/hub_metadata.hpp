#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/net/http.hpp"

namespace topograph::detail {

/// What a hub says about a revision of a model.
struct HubListing {
  std::string commit = {};
  std::vector<std::string> files = {};  ///< Relative paths that stay inside the folder.
};

/// Reads the answer of /api/models/{repository}/revision/{revision}.
/// @error model subject, parse: not this JSON, or names that lead outside the folder.
[[nodiscard]] Result<HubListing> parse_hub_listing(std::string_view body);

/// What a hub says about one file before it is fetched.
struct HubFile {
  std::string path = {};
  std::string etag = {};  ///< Name of the blob: SHA-256 of large files, git's SHA-1 of small ones.
  std::optional<std::uint64_t> size = {};
};

/// Reads X-Linked-Etag or ETag, and X-Linked-Size or Content-Length.
/// @error model subject, parse: no ETag, or one that is no name for a file.
[[nodiscard]] Result<HubFile> read_hub_file(const HttpResponse& response, std::string path);

/// Compares a file with what its ETag promises (SHA-256 with 64 digits, git's blob SHA-1 with 40;
/// other ETags promise nothing).
/// @error model subject, io: another content; or the file cannot be read.
[[nodiscard]] Result<bool> matches_etag(const std::string& path, std::string_view etag);

}  // namespace topograph::detail

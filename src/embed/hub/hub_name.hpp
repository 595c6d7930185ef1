#pragma once

#include <string>
#include <string_view>

#include "topograph/core/error.hpp"

namespace topograph::detail {

/// A model of a hub: "owner/name", and a branch, tag or commit.
struct HubName {
  std::string repository = {};
  std::string revision = "main";
};

/// True for "owner/name" and "name" of letters, digits, "-", "_" and ".".
[[nodiscard]] bool is_hub_name(std::string_view name);

/// True for branches, tags and commits; "refs/pr/1" too.
[[nodiscard]] bool is_hub_revision(std::string_view revision);

/// Reads "name", "owner/name" and "owner/name@revision".
/// @error option subject.
[[nodiscard]] Result<HubName> parse_hub_name(std::string_view text);

}  // namespace topograph::detail

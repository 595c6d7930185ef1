#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "embed/hub/hub_name.hpp"
#include "topograph/core/error.hpp"

namespace topograph::detail {

/// The cache that huggingface_hub keeps: models--owner--name/{blobs,snapshots,refs}.
/// $HF_HUB_CACHE, else $HF_HOME/hub, else $XDG_CACHE_HOME or ~/.cache, then huggingface/hub.
/// Empty when none of these variables is set.
[[nodiscard]] std::filesystem::path hub_cache_folder();
/// $HF_HOME or its default, where the token lies; may be empty.
[[nodiscard]] std::filesystem::path hub_home_folder();

/// One model's part of the cache.
class HubCacheEntry {
 public:
  HubCacheEntry(std::filesystem::path cache, std::string_view repository);

  [[nodiscard]] std::filesystem::path blob(std::string_view etag) const;
  [[nodiscard]] std::filesystem::path lock(std::string_view etag) const;
  [[nodiscard]] std::filesystem::path snapshot(std::string_view commit) const;
  /// The commit of a branch, tag or commit; nothing when the cache does not know it.
  [[nodiscard]] std::optional<std::string> commit_of(const std::string& revision) const;

  /// Makes `file` of the snapshot a relative link to the blob, replacing an older link.
  /// @error output subject.
  [[nodiscard]] Result<void> link(std::string_view commit, const std::string& file,
                                  std::string_view etag) const;
  /// Writes what `revision` means now. @error output subject.
  [[nodiscard]] Result<void> set_commit(const std::string& revision, std::string_view commit) const;

 private:
  std::filesystem::path cache_;
  std::string folder_name_;
  std::filesystem::path root_;
};

/// The snapshot of a model in the cache, when there is one.
[[nodiscard]] std::optional<std::filesystem::path> find_hub_snapshot(const HubName& name);

/// "owner/name" for a folder inside a snapshot of the cache, else nothing.
[[nodiscard]] std::optional<std::string> hub_name_of(const std::filesystem::path& folder);

/// What a model in this folder is called: "owner/name" in the cache, else the folder's name.
[[nodiscard]] std::string model_name(const std::filesystem::path& folder);

/// Snapshots of `main` of all models in the cache, by folder name.
[[nodiscard]] std::vector<std::filesystem::path> list_hub_snapshots();

}  // namespace topograph::detail

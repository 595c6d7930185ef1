#include "embed/hub/hub_cache.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <system_error>
#include <utility>

#include "topograph/core/atomic_file.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPrefix = "models--";

fs::path environment_path(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return {};
  std::string text = value;
  const char* home = std::getenv("HOME");
  if (text.starts_with("~/") && home != nullptr) text = std::string(home) + text.substr(1);
  return text;
}

std::string entry_name(std::string_view repository) {
  std::string name(kPrefix);
  for (const char c : repository) name += c == '/' ? std::string("--") : std::string(1, c);
  return name;
}

bool is_commit(std::string_view text) {
  return text.size() == 40 && std::ranges::all_of(text, [](unsigned char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::unexpected<Error> cannot_write(const fs::path& path, const std::error_code& code) {
  return output_error(path.string(), "cannot write the model cache: " + code.message(),
                      "HF_HUB_CACHE names another folder for it");
}

}  // namespace

fs::path hub_home_folder() {
  if (auto home = environment_path("HF_HOME"); !home.empty()) return home;
  if (auto cache = environment_path("XDG_CACHE_HOME"); !cache.empty()) return cache / "huggingface";
  if (auto home = environment_path("HOME"); !home.empty()) return home / ".cache/huggingface";
  return {};
}

fs::path hub_cache_folder() {
  if (auto cache = environment_path("HF_HUB_CACHE"); !cache.empty()) return cache;
  const fs::path home = hub_home_folder();
  return home.empty() ? home : home / "hub";
}

HubCacheEntry::HubCacheEntry(fs::path cache, std::string_view repository)
    : cache_(std::move(cache)),
      folder_name_(entry_name(repository)),
      root_(cache_ / folder_name_) {}

fs::path HubCacheEntry::blob(std::string_view etag) const { return root_ / "blobs" / etag; }
fs::path HubCacheEntry::lock(std::string_view etag) const {
  return cache_ / ".locks" / folder_name_ / (std::string(etag) + ".lock");
}
fs::path HubCacheEntry::snapshot(std::string_view commit) const {
  return root_ / "snapshots" / commit;
}

std::optional<std::string> HubCacheEntry::commit_of(const std::string& revision) const {
  std::error_code ignored;
  if (is_commit(revision) && fs::is_directory(snapshot(revision), ignored)) return revision;
  std::ifstream file(root_ / "refs" / revision);
  std::string commit;
  if (!(file >> commit) || !is_hub_revision(commit)) return std::nullopt;
  return commit;
}

Result<void> HubCacheEntry::link(std::string_view commit, const std::string& file,
                                 std::string_view etag) const {
  const fs::path pointer = snapshot(commit) / file;
  std::error_code code;
  fs::create_directories(pointer.parent_path(), code);
  if (code) return cannot_write(pointer.parent_path(), code);
  const fs::path target = fs::relative(blob(etag), pointer.parent_path(), code);
  if (code) return cannot_write(pointer, code);
  const fs::path temporary =
      pointer.parent_path() / fmt::format(".{}.tmp-{}", pointer.filename().string(), ::getpid());
  fs::remove(temporary, code);
  fs::create_symlink(target, temporary, code);
  if (code) return cannot_write(pointer, code);
  fs::rename(temporary, pointer, code);
  if (code) return cannot_write(pointer, code);
  return {};
}

Result<void> HubCacheEntry::set_commit(const std::string& revision, std::string_view commit) const {
  if (revision == commit) return {};
  const fs::path ref = root_ / "refs" / revision;
  std::error_code code;
  fs::create_directories(ref.parent_path(), code);
  if (code) return cannot_write(ref, code);
  return write_file(ref, commit);
}

std::optional<fs::path> find_hub_snapshot(const HubName& name) {
  const fs::path cache = hub_cache_folder();
  if (cache.empty()) return std::nullopt;
  const HubCacheEntry entry(cache, name.repository);
  const auto commit = entry.commit_of(name.revision);
  if (!commit) return std::nullopt;
  fs::path folder = entry.snapshot(*commit);
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return std::nullopt;
  return folder;
}

std::optional<std::string> hub_name_of(const fs::path& folder) {
  const fs::path parent = folder.parent_path();
  if (parent.filename() != "snapshots") return std::nullopt;
  std::string name = parent.parent_path().filename().string();
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.erase(0, kPrefix.size());
  if (const auto dashes = name.find("--"); dashes != std::string::npos) {
    name.replace(dashes, 2, "/");
  }
  return name;
}

std::string model_name(const fs::path& folder) {
  return hub_name_of(folder).value_or(folder.filename().string());
}

std::vector<fs::path> list_hub_snapshots() {
  std::vector<fs::path> snapshots;
  const fs::path cache = hub_cache_folder();
  std::error_code code;
  if (cache.empty()) return snapshots;
  for (fs::directory_iterator it(cache, code), end; !code && it != end; it.increment(code)) {
    const auto name = hub_name_of(it->path() / "snapshots" / "any");
    if (!name || !is_hub_name(*name)) continue;
    if (auto folder = find_hub_snapshot({*name, "main"})) snapshots.push_back(std::move(*folder));
  }
  std::ranges::sort(snapshots);
  return snapshots;
}

}  // namespace topograph::detail

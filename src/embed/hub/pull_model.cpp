#include "topograph/embed/pull_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "embed/hub/file_lock.hpp"
#include "embed/hub/hub_cache.hpp"
#include "embed/hub/hub_client.hpp"
#include "embed/hub/hub_name.hpp"
#include "embed/hub/wanted_files.hpp"

namespace topograph {
namespace fs = std::filesystem;
namespace {

using detail::HubCacheEntry;
using detail::HubClient;
using detail::HubFile;

std::uint64_t bytes_in(const fs::path& folder, std::size_t& n_files) {
  std::uint64_t total = 0;
  std::error_code code;
  for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end;
       it.increment(code)) {
    if (!it->is_regular_file(code)) continue;
    total += it->file_size(code);
    ++n_files;
  }
  return total;
}

Result<PullReport> pull_offline(const HubCacheEntry& entry, const detail::HubName& name) {
  const auto commit = entry.commit_of(name.revision);
  PullReport report{.name = name.repository};
  std::error_code ignored;
  if (!commit || !fs::is_directory(entry.snapshot(*commit), ignored)) {
    return model_error(ErrorCode::not_found, name.repository,
                       "HF_HUB_OFFLINE is set and the model is not in the cache",
                       "unset HF_HUB_OFFLINE, or copy the model's folder from another machine");
  }
  report.commit = *commit;
  report.folder = entry.snapshot(*commit);
  report.n_bytes = bytes_in(report.folder, report.n_files);
  return report;
}

/// A file of the snapshot, linked to its blob before or not.
bool is_present(const HubCacheEntry& entry, const std::string& commit, const std::string& path,
                std::uint64_t& size) {
  std::error_code code;
  const fs::path pointer = entry.snapshot(commit) / path;
  if (!fs::is_regular_file(pointer, code)) return false;
  size = fs::file_size(pointer, code);
  return !code;
}

Result<std::vector<std::string>> files_to_pull(const detail::HubListing& listing,
                                               const std::string& repository, RunContext& run) {
  auto files = detail::wanted_files(listing.files);
  const auto has = [&](std::string_view end) {
    return std::ranges::any_of(files, [&](const std::string& file) { return file.ends_with(end); });
  };
  const bool has_weights = has(".safetensors") || has(".onnx") || has(".xml") || has(".bin");
  if (!has_weights || !has(".json")) {
    return model_error(ErrorCode::unsupported, repository,
                       fmt::format("expected a model's configuration and weights, found none "
                                   "among {} files",
                                   listing.files.size()),
                       "is this repository an embedding model?");
  }
  if (!has(".safetensors") && !has(".onnx") && !has(".xml")) {
    run.warn(repository +
             " has PyTorch weights only; topograph reads safetensors, ONNX and "
             "OpenVINO");
  }
  return files;
}

/// Brings one blob into the cache unless it is there; the lock keeps other pulls out meanwhile.
Result<std::uint64_t> bring(HubClient& client, const HubCacheEntry& entry,
                            const std::string& commit, const HubFile& file, Stage& stage,
                            RunContext& run) {
  TG_TRY(const auto lock, detail::FileLock::acquire(entry.lock(file.etag), run));
  const fs::path blob = entry.blob(file.etag);
  std::error_code code;
  std::uint64_t n_fetched = 0;
  const auto size = fs::file_size(blob, code);
  if (!code && (!file.size || size == *file.size)) {
    stage.advance(size);
  } else {
    TG_TRY(n_fetched, client.fetch(commit, file, blob, stage, run));
  }
  TG_TRY(entry.link(commit, file.path, file.etag));
  return n_fetched;
}

}  // namespace

Result<PullReport> pull_model(std::string_view text, const PullOptions& options, RunContext& run) {
  TG_TRY(validate_options(options, "pull"));
  TG_TRY(auto name, detail::parse_hub_name(text));
  if (text.find('@') == std::string_view::npos) name.revision = options.revision;
  if (!detail::is_hub_revision(name.revision)) {
    return option_error("pull.revision",
                        fmt::format("expected a branch, tag or commit, found '{}'", name.revision));
  }
  const fs::path cache = detail::hub_cache_folder();
  if (cache.empty()) {
    return output_error("", "no folder for the model cache is known", "set HF_HUB_CACHE or HOME");
  }
  const HubCacheEntry entry(cache, name.repository);
  if (detail::is_hub_offline()) return pull_offline(entry, name);

  PullOptions asked = options;
  asked.revision = name.revision;
  TG_TRY(auto client, HubClient::create(name.repository, asked));
  TG_TRY(const auto listing, client.list(name.revision, run));
  TG_TRY(const auto files, files_to_pull(listing, name.repository, run));

  PullReport report{.name = name.repository,
                    .commit = listing.commit,
                    .folder = entry.snapshot(listing.commit),
                    .n_files = files.size()};
  std::vector<HubFile> missing;
  std::uint64_t n_missing = 0;
  for (const std::string& path : files) {
    std::uint64_t size = 0;
    if (is_present(entry, listing.commit, path, size)) {
      report.n_bytes += size;
      continue;
    }
    TG_TRY(auto file, client.describe(listing.commit, path, run));
    n_missing += file.size.value_or(0);
    missing.push_back(std::move(file));
  }
  report.n_bytes += n_missing;
  {
    Stage stage(run, "pull", n_missing);
    for (const HubFile& file : missing) {
      TG_TRY(const auto fetched, bring(client, entry, listing.commit, file, stage, run));
      report.n_fetched += fetched;
    }
  }
  // Last: until now nobody finds the half of a model.
  TG_TRY(entry.set_commit(name.revision, listing.commit));
  return report;
}

}  // namespace topograph

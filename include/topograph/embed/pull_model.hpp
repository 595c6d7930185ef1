#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"
#include "topograph/core/run_context.hpp"

namespace topograph {

struct PullOptions {
  std::string revision = "main";
  std::string endpoint = {};
  int max_retries = 5;
  double backoff_seconds = 1;

  template <class Self, class V>
  static constexpr void visit(Self& s, V&& v) {
    v("revision", s.revision, any_value(), "Branch, tag or commit of the model.");
    v("endpoint", s.endpoint, any_value(),
      "Address of the hub (empty: $HF_ENDPOINT, else https://huggingface.co).");
    v("max_retries", s.max_retries, between(0, 100),
      "Further attempts after a failure that may pass; a file goes on where it broke off.");
    v("backoff_seconds", s.backoff_seconds, between(0, 60),
      "Wait before the first further attempt; it doubles every time.");
  }
};

struct PullReport {
  std::string name = {};  ///< As the hub calls it: "owner/name".
  std::string commit = {};
  std::filesystem::path folder = {};
  std::size_t n_files = 0;
  std::uint64_t n_bytes = 0;    ///< Of all the files.
  std::uint64_t n_fetched = 0;  ///< Bytes that came over the network.
};

/// "all-MiniLM-L6-v2" → "sentence-transformers/all-MiniLM-L6-v2": the owner of well-known families
/// of models (bge, e5, gte, potion …), else sentence-transformers. Names with an owner stay.
[[nodiscard]] std::string full_model_name(std::string_view name);

/// Brings the files that topograph needs of a model from a hub into the cache that huggingface_hub
/// uses too ($HF_HUB_CACHE, $HF_HOME/hub, ~/.cache/huggingface/hub), in its layout: `blobs`,
/// `snapshots`, `refs`. Size and hash of every file are checked; a file that broke off goes on
/// where it was; what is there is not fetched again. Two pulls of the same model wait for each
/// other. The token comes from $HF_TOKEN or huggingface_hub's token file. With $HF_HUB_OFFLINE
/// nothing is sent: the model must be there.
///
/// @error option subject: not a model's name; model subject: not_found (repository, revision,
///        offline), io (gated, network, damaged transfer); output subject: the cache cannot be
///        written; cancelled.
[[nodiscard]] Result<PullReport> pull_model(std::string_view name, const PullOptions& options,
                                            RunContext& run);

}  // namespace topograph

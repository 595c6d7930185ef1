#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "embed/hub/hub_metadata.hpp"
#include "topograph/core/error.hpp"
#include "topograph/core/run_context.hpp"
#include "topograph/embed/pull_model.hpp"
#include "topograph/net/http.hpp"

namespace topograph::detail {

/// Talks to one hub about one model. Every request is repeated as the options say when the trouble
/// may pass.
class HubClient {
 public:
  /// @error option subject: a bad endpoint or token; program subject: no libcurl.
  [[nodiscard]] static Result<HubClient> create(std::string repository, const PullOptions& options);

  /// @error model subject: not_found, io.
  [[nodiscard]] Result<HubListing> list(const std::string& revision, RunContext& run);
  [[nodiscard]] Result<HubFile> describe(const std::string& commit, const std::string& path,
                                         RunContext& run);
  /// Brings a file to `target` complete, or leaves what came in `target`.incomplete for the next
  /// attempt. A content of another hash is removed. Returns the bytes that came over the network.
  [[nodiscard]] Result<std::uint64_t> fetch(const std::string& commit, const HubFile& file,
                                            const std::filesystem::path& target, Stage& stage,
                                            RunContext& run);

 private:
  HubClient(HttpClient client, std::string repository, const PullOptions& options);
  [[nodiscard]] std::string file_url(const std::string& commit, const std::string& path) const;
  [[nodiscard]] Result<HttpResponse> ask(const HttpRequest& request, const std::string& what,
                                         RunContext& run);
  [[nodiscard]] Error refusal(const HttpResponse& response, const std::string& what) const;
  /// Waits before attempt number `attempt`; the error when there shall be no further one.
  [[nodiscard]] Result<void> wait_or_fail(int attempt, const HttpOutcome& outcome,
                                          const std::string& what, RunContext& run) const;

  HttpClient client_;
  std::string repository_;
  PullOptions options_;
  std::string token_ = {};
};

/// $HF_HUB_OFFLINE or $TRANSFORMERS_OFFLINE says that nothing may be sent.
[[nodiscard]] bool is_hub_offline();

}  // namespace topograph::detail

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <ranges>
#include <string_view>
#include <utility>

#include "embed/endpoint/cut_text.hpp"
#include "embed/endpoint/endpoint_client.hpp"
#include "embed/model_fingerprint.hpp"
#include "topograph/embed/embedder.hpp"
#include "topograph/net/url.hpp"

namespace topograph {
namespace {

constexpr std::string_view kPrefix = "openai:";
constexpr std::string_view kOpenAi = "https://api.openai.com/v1";

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : std::string(value);
}

/// Without user, password and query, but for the parameter that Azure needs and that is no secret.
std::string storable_url(const std::string& url) {
  constexpr std::string_view kVersion = "api-version=";
  std::string kept = display_url(url);
  const auto begin = std::min(url.find('?'), url.size());
  for (const auto part : std::views::split(std::string_view(url).substr(begin), '&')) {
    std::string_view parameter(part.begin(), part.end());
    parameter = parameter.substr(0, parameter.find('#'));
    if (parameter.starts_with('?')) parameter.remove_prefix(1);
    if (parameter.starts_with(kVersion)) return kept + '?' + std::string(parameter);
  }
  return kept;
}

/// ".../v1", ".../v1/" and ".../v1/embeddings" all name the same place; a query stays at the end.
std::string embeddings_url(const std::string& base) {
  const auto query = std::min(base.find('?'), base.size());
  std::string path = base.substr(0, query);
  if (!path.ends_with("/embeddings")) path = join_url(path, "embeddings");
  return path + base.substr(query);
}

/// The whole address of a kept one (`storable_options`), when the environment names the same place.
std::string with_secrets(const std::string& base) {
  const bool is_kept = base.find_first_of("@?#") == std::string::npos || base == storable_url(base);
  const std::string known = environment("OPENAI_BASE_URL");
  const bool is_same =
      is_kept && storable_url(embeddings_url(known)) == storable_url(embeddings_url(base));
  return is_same ? known : base;
}

Result<detail::EndpointTarget> make_target(const EmbedOptions& options) {
  detail::EndpointTarget target{.model = options.model, .options = options.endpoint};
  if (target.model.starts_with(kPrefix)) target.model.erase(0, kPrefix.size());
  if (target.model.empty()) {
    return option_error("embed.model", "expected the model's name on the server, found nothing",
                        "for example openai:text-embedding-3-small");
  }
  if (options.max_length) {
    return option_error("embed.max_length",
                        "tokens cannot be counted for a model behind an endpoint",
                        "embed.endpoint.max_characters cuts texts by characters");
  }
  std::string base = options.endpoint.url;
  if (base.empty()) base = environment("OPENAI_BASE_URL");
  if (base.empty()) base = kOpenAi;
  base = with_secrets(base);
  if (!is_http_url(base)) {
    return option_error("embed.endpoint.url",
                        fmt::format("expected an address like http://localhost:8080/v1, found '{}'",
                                    display_url(base)));
  }
  target.url = embeddings_url(base);
  if (!options.endpoint.key_variable.empty()) {
    target.key = environment(options.endpoint.key_variable);
  }
  const bool is_odd =
      std::ranges::any_of(target.key, [](unsigned char c) { return c <= 0x20 || c >= 0x7F; });
  if (is_odd) {
    return option_error(options.endpoint.key_variable,
                        "expected a key of plain characters, found others");
  }
  if (target.key.empty() && base == kOpenAi) {
    return option_error(
        "embed.endpoint.key_variable",
        fmt::format("the environment variable {} is not set", options.endpoint.key_variable),
        "OpenAI needs a key; for another server give its --endpoint");
  }
  return target;
}

/// Length of the vectors, learned from one short text.
Result<std::size_t> probe(const detail::EndpointTarget& target, RunContext& run) {
  TextColumn text;
  text.push_back("dimension");
  std::size_t dimension = 0;
  TG_TRY(detail::request_embeddings(
      target, text,
      [&](std::size_t, std::size_t, const detail::EmbeddingReply& reply) -> Result<void> {
        dimension = reply.vectors.cols();
        return {};
      },
      run));
  return dimension;
}

class EndpointEmbedder final : public Embedder {
 public:
  EndpointEmbedder(detail::EndpointTarget target, std::size_t dimension)
      : target_(std::move(target)), dimension_(dimension) {}

  [[nodiscard]] std::string name() const override { return target_.model; }
  [[nodiscard]] std::size_t dimension() const override { return dimension_; }

  [[nodiscard]] Result<std::string> fingerprint() const override {
    detail::ModelFingerprint entries("endpoint");
    entries.add("url", display_url(target_.url));
    entries.add("model", target_.model);
    entries.add("dimension", dimension_);
    entries.add("max_characters",
                static_cast<std::int64_t>(target_.options.max_characters.value_or(0)));
    return std::move(entries).hex();
  }

  [[nodiscard]] Result<EmbedReport> embed(const TextColumn& texts, MatrixView<float> out,
                                          RunContext& run) const override {
    TG_EXPECTS(out.rows() == texts.size() && out.cols() == dimension_);
    Stage stage(run, "embed", texts.size());
    EmbedReport report{.n_texts = static_cast<std::int64_t>(texts.size()),
                       .n_truncated = count_cut(texts)};
    const auto take = [&](std::size_t begin, std::size_t end,
                          const detail::EmbeddingReply& reply) -> Result<void> {
      if (reply.vectors.cols() != dimension_) {
        return model_error(ErrorCode::schema, display_url(target_.url),
                           fmt::format("expected vectors of {} numbers as in the first answer, "
                                       "found {}",
                                       dimension_, reply.vectors.cols()),
                           "does the server switch between models?");
      }
      for (std::size_t row = begin; row < end; ++row) {
        std::ranges::copy(reply.vectors.row(row - begin), out.row(row).begin());
      }
      report.n_tokens += reply.n_tokens;
      stage.advance(end - begin);
      return {};
    };
    TG_TRY(detail::request_embeddings(target_, texts, take, run));
    return report;
  }

 private:
  [[nodiscard]] std::int64_t count_cut(const TextColumn& texts) const {
    if (!target_.options.max_characters) return 0;
    const auto limit = static_cast<std::size_t>(*target_.options.max_characters);
    std::int64_t n = 0;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      if (detail::first_characters(texts[row], limit).size() < texts[row].size()) ++n;
    }
    return n;
  }

  detail::EndpointTarget target_;
  std::size_t dimension_;
};

}  // namespace

bool is_endpoint(const EmbedOptions& options) {
  return options.model.starts_with(kPrefix) || !options.endpoint.url.empty();
}

EmbedOptions storable_options(EmbedOptions options) {
  std::string& url = options.endpoint.url;
  if (!url.empty()) url = storable_url(url);
  return options;
}

Result<std::unique_ptr<Embedder>> open_endpoint(const EmbedOptions& options, RunContext& run) {
  TG_TRY(validate_options(options.endpoint, "embed.endpoint"));
  TG_TRY(auto target, make_target(options));
  auto dimension = probe(target, run);
  if (!dimension && detail::is_misunderstanding(dimension.error())) {
    // Some servers know lists of numbers only. If that is not it, the first error tells more.
    target.wants_base64 = false;
    if (auto plain = probe(target, run)) dimension = plain;
  }
  if (!dimension) return std::unexpected(std::move(dimension).error());
  target.has_answered = true;
  const auto& asked = options.endpoint.dimensions;
  if (asked && *dimension != static_cast<std::size_t>(*asked)) {
    return model_error(ErrorCode::schema, display_url(target.url),
                       fmt::format("expected vectors of {} numbers (embed.endpoint.dimensions), "
                                   "found {}",
                                   *asked, *dimension),
                       "the server cannot shorten this model's vectors");
  }
  return std::make_unique<EndpointEmbedder>(std::move(target), *dimension);
}

}  // namespace topograph

#include "embed/hub/hub_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "topograph/embed/pull_model.hpp"

namespace topograph {
namespace {

/// First match wins; names of no family belong to sentence-transformers, as its library has it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kOwners = {{
    {"bge-", "BAAI"},
    {"e5-", "intfloat"},
    {"multilingual-e5-", "intfloat"},
    {"gte-modernbert-", "Alibaba-NLP"},
    {"gte-multilingual-", "Alibaba-NLP"},
    {"gte-", "thenlper"},
    {"potion-", "minishlab"},
    {"M2V_", "minishlab"},
    {"embeddinggemma-", "google"},
    {"Qwen3-Embedding-", "Qwen"},
}};

bool is_plain(std::string_view part) {
  return !part.empty() && part.front() != '.' && part.front() != '-' &&
         part.find("..") == std::string_view::npos &&
         std::ranges::all_of(part, [](unsigned char c) {
           return (c < 0x80 && std::isalnum(c) != 0) || c == '-' || c == '_' || c == '.';
         });
}

}  // namespace

std::string full_model_name(std::string_view name) {
  if (name.find('/') != std::string_view::npos) return std::string(name);
  for (const auto& [prefix, owner] : kOwners) {
    if (name.starts_with(prefix)) return fmt::format("{}/{}", owner, name);
  }
  return fmt::format("sentence-transformers/{}", name);
}

namespace detail {

bool is_hub_name(std::string_view name) {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) return is_plain(name);
  return is_plain(name.substr(0, slash)) && is_plain(name.substr(slash + 1));
}

bool is_hub_revision(std::string_view revision) {
  while (true) {
    const auto slash = revision.find('/');
    if (!is_plain(revision.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    revision.remove_prefix(slash + 1);
  }
}

Result<HubName> parse_hub_name(std::string_view text) {
  HubName parsed;
  const auto at = text.find('@');
  const std::string_view name = text.substr(0, at);
  if (at != std::string_view::npos) parsed.revision = std::string(text.substr(at + 1));
  if (!is_hub_name(name)) {
    return option_error("model", fmt::format("expected a model's name, found '{}'", name),
                        "for example all-MiniLM-L6-v2 or BAAI/bge-small-en-v1.5");
  }
  if (!is_hub_revision(parsed.revision)) {
    return option_error(
        "revision", fmt::format("expected a branch, tag or commit, found '{}'", parsed.revision));
  }
  parsed.repository = full_model_name(name);
  return parsed;
}

}  // namespace detail
}  // namespace topograph

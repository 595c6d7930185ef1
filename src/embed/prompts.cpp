#include "embed/prompts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "embed/json_file.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
namespace {

const std::string* find_prompt(const Prompts& prompts, const std::string& name) {
  static const std::string kEmpty;
  const auto found =
      std::ranges::find(prompts.named, name, &std::pair<std::string, std::string>::first);
  if (found != prompts.named.end()) return &found->second;
  return name == "query" || name == "document" ? &kEmpty : nullptr;
}

std::string known_names(const Prompts& prompts) {
  std::string names;
  for (const auto& [name, text] : prompts.named) names += (names.empty() ? "" : ", ") + name;
  return names.empty() ? std::string("none") : names;
}

}  // namespace

Result<Prompts> read_prompts(const fs::path& folder) {
  const fs::path where = folder / "config_sentence_transformers.json";
  TG_TRY(const auto json, read_optional_json(where));
  Prompts prompts;
  if (const auto found = json.find("prompts"); found != json.end() && found->is_object()) {
    for (const auto& [name, prompt] : found->items()) {
      if (!prompt.is_string()) {
        return model_error(ErrorCode::schema, where.string() + ": prompts." + name,
                           "expected a text, found " + prompt.dump());
      }
      prompts.named.emplace_back(name, prompt.get<std::string>());
    }
  }
  prompts.default_name = text_or(json, "default_prompt_name", "");
  return prompts;
}

Result<std::string> resolve_prompt(const Prompts& prompts, const EmbedOptions& options,
                                   const fs::path& folder) {
  if (options.prompt && options.prompt_name) {
    return option_error("embed.prompt_name", "expected a prompt or the name of one, found both");
  }
  if (options.prompt) return *options.prompt;
  if (options.prompt_name) {
    if (const std::string* prompt = find_prompt(prompts, *options.prompt_name)) return *prompt;
    return option_error("embed.prompt_name",
                        fmt::format("expected the name of a prompt of {} ({}), found '{}'",
                                    folder.empty() ? options.model : folder.filename().string(),
                                    known_names(prompts), *options.prompt_name));
  }
  if (prompts.default_name.empty()) return std::string();
  if (const std::string* prompt = find_prompt(prompts, prompts.default_name)) return *prompt;
  return model_error(
      ErrorCode::schema,
      (folder / "config_sentence_transformers.json").string() + ": default_prompt_name",
      fmt::format("expected the name of a prompt ({}), found '{}'", known_names(prompts),
                  prompts.default_name));
}

TextColumn prepend_prompt(const std::string& prompt, const TextColumn& texts) {
  TextColumn prompted;
  std::string text;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    text.assign(prompt).append(texts[i]);
    prompted.push_back(text);
  }
  return prompted;
}

}  // namespace topograph::detail

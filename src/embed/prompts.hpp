#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/embed/embedder.hpp"

namespace topograph::detail {

/// Texts that a model wants before every text, by the name of their purpose.
struct Prompts {
  std::vector<std::pair<std::string, std::string>> named = {};
  std::string default_name = {};  ///< "": none.
};

/// What config_sentence_transformers.json says of prompts; nothing when it is absent.
/// @error model subject: parse or schema.
[[nodiscard]] Result<Prompts> read_prompts(const std::filesystem::path& folder);

/// The text to put before every text: `options.prompt`, else the one that `options.prompt_name`
/// names, else the model's default. "query" and "document" are empty unless the model says more.
/// @error option subject: both options, or a name that the model does not have; model subject,
///        schema: the default names no prompt.
[[nodiscard]] Result<std::string> resolve_prompt(const Prompts& prompts,
                                                 const EmbedOptions& options,
                                                 const std::filesystem::path& folder);

/// Every text behind the prompt.
[[nodiscard]] TextColumn prepend_prompt(const std::string& prompt, const TextColumn& texts);

}  // namespace topograph::detail

#include "embed/encoder/encoder_tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "embed/json_file.hpp"
#include "embed/static/vocabulary.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

bool is_lowercase(const Json& normalizer) {
  return normalizer.is_object() && text_or(normalizer, "type", "") == "Lowercase";
}

/// Puts a Lowercase normalizer before the file's own unless that has one, as the peer does.
Result<Tokenizer> load_lower_case(const fs::path& path) {
  TG_TRY(auto json, read_json_object(path));
  const Json own = json.value("normalizer", Json());
  Json steps = Json::array();
  if (own.is_object() && text_or(own, "type", "") == "Sequence" && own.contains("normalizers")) {
    steps = own["normalizers"];
  } else if (own.is_object()) {
    steps.push_back(own);
  }
  if (!std::ranges::any_of(steps, is_lowercase)) {
    steps.insert(steps.begin(), Json{{"type", "Lowercase"}});
    json["normalizer"] = Json{{"type", "Sequence"}, {"normalizers", std::move(steps)}};
  }
  return Tokenizer::parse(json.dump(), path.string());
}

/// Whether every id from `first` on is one of the added tokens, some of which (Gemma's token of an
/// image) have no row in the network.
Result<bool> are_added(const fs::path& path, std::size_t first, std::size_t end) {
  TG_TRY(const auto json, read_json_object(path));
  std::set<std::size_t> added;
  if (const auto tokens = json.find("added_tokens"); tokens != json.end() && tokens->is_array()) {
    for (const Json& token : *tokens) {
      TG_TRY(const auto id, optional_size(token, "id", 0, path));
      if (id) added.insert(*id);
    }
  }
  for (std::size_t id = first; id < end; ++id) {
    if (!added.contains(id)) return false;
  }
  return true;
}

}  // namespace

Result<EncoderTokenizer> load_encoder_tokenizer(const EncoderConfig& config) {
  const fs::path path = config.network / "tokenizer.json";
  TG_TRY(auto tokenizer, config.lowers_case ? load_lower_case(path) : Tokenizer::load(path));
  const std::size_t n_known = config.shape.vocabulary_size;
  const std::size_t n_tokens = tokenizer.vocabulary_size();
  EncoderTokenizer loaded{std::move(tokenizer)};
  if (n_known == 0 || n_tokens <= n_known) return loaded;
  TG_TRY(loaded.has_foreign_tokens, are_added(path, n_known, n_tokens));
  if (loaded.has_foreign_tokens) return loaded;
  return model_error(
      ErrorCode::schema, path.string(),
      fmt::format("expected at most the {} tokens of config.json, found {}", n_known, n_tokens),
      "do tokenizer.json and config.json belong together?");
}

Result<void> check_token_ids(const EncoderTokenizer& tokenizer, const EncoderConfig& config,
                             const TokenBatch& tokens, std::size_t first_row) {
  if (!tokenizer.has_foreign_tokens) return {};
  const auto limit = narrow<std::int32_t>(config.shape.vocabulary_size);
  const auto bad = std::ranges::find_if(tokens.ids, [&](std::int32_t id) { return id >= limit; });
  if (bad == tokens.ids.end()) return {};
  const auto at = bad - tokens.ids.begin();
  const auto text = std::ranges::upper_bound(tokens.offsets, at) - tokens.offsets.begin() - 1;
  return input_error(
      ErrorCode::unsupported, fmt::format("row {}", first_row + idx(text)),
      fmt::format("expected words, found the token '{}', which {} does not know",
                  tokenizer.tokenizer.token(*bad), config.folder.filename().string()));
}

std::size_t count_prompt_tokens(const Tokenizer& tokenizer, const std::string& prompt,
                                std::size_t max_length) {
  std::vector<std::int32_t> ids;
  tokenizer.encode(prompt, {.add_special_tokens = true, .max_length = max_length}, ids);
  const bool ends_special = !text_frame(tokenizer).after.empty();
  return ids.size() - (ends_special && !ids.empty() ? 1 : 0);
}

}  // namespace topograph::detail

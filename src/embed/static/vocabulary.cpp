#include "embed/static/vocabulary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "embed/json_file.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph::detail {
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
namespace {

/// "[unused" digits "]" at the start of the entry.
bool is_unused(std::string_view token) {
  constexpr std::string_view kStart = "[unused";
  if (!token.starts_with(kStart)) return false;
  const auto rest = token.substr(kStart.size());
  const auto digits = rest.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && rest[digits] == ']';
}

using TokensById = std::map<std::int64_t, std::string>;

Result<TokensById> read_tokens(const Json& json, const fs::path& where) {
  const auto malformed = [&](const std::string& what) {
    return model_error(ErrorCode::schema, where.string(), what,
                       "the file is damaged; fetch the model again");
  };
  const auto model = json.find("model");
  if (model == json.end() || !model->is_object()) return malformed("expected a 'model' object");
  const std::string type = text_or(*model, "type", "WordPiece");
  if (type != "WordPiece") {
    return model_error(ErrorCode::unsupported, where.string(),
                       "expected a WordPiece tokenizer, found " + type,
                       "encoders of the BERT family can be distilled");
  }
  const auto vocabulary = model->find("vocab");
  if (vocabulary == model->end() || !vocabulary->is_object()) {
    return malformed("expected a 'vocab' object in 'model'");
  }
  TokensById tokens;
  const auto add = [&](const std::string& token, const Json& id) {
    if (!id.is_number_unsigned()) return false;
    const auto [at, is_new] = tokens.try_emplace(id.get<std::int64_t>(), token);
    return is_new || at->second == token;
  };
  for (const auto& [token, id] : vocabulary->items()) {
    if (!add(token, id)) return malformed(fmt::format("expected an id of its own for '{}'", token));
  }
  for (const Json& added : json.value("added_tokens", Json::array())) {
    const bool is_complete = added.is_object() && added.contains("id") && added.contains("content");
    if (!is_complete || !added["content"].is_string() ||
        !add(added["content"].get<std::string>(), added["id"])) {
      return malformed("expected id and content in every added token");
    }
  }
  return tokens;
}

}  // namespace

Result<StaticVocabulary> read_static_vocabulary(const fs::path& tokenizer_json) {
  TG_TRY(auto json, read_json_object(tokenizer_json));
  TG_TRY(const auto tokens, read_tokens(json, tokenizer_json));
  StaticVocabulary result;
  std::map<std::string, std::int64_t> new_ids;
  Json vocabulary = Json::object();
  // The added tokens that the model's own vocabulary lacks stay added tokens.
  const Json old_vocabulary = json["model"]["vocab"];
  for (const auto& [id, token] : tokens) {
    if (is_unused(token)) continue;
    const auto new_id = narrow<std::int64_t>(result.encoder_ids.size());
    new_ids.emplace(token, new_id);
    if (old_vocabulary.contains(token)) vocabulary[token] = new_id;
    result.encoder_ids.push_back(narrow<std::int32_t>(id));
  }
  Json added_tokens = Json::array();
  for (Json added : json.value("added_tokens", Json::array())) {
    const auto found = new_ids.find(added["content"].get<std::string>());
    if (found == new_ids.end()) continue;
    added["id"] = found->second;
    added_tokens.push_back(std::move(added));
  }
  json["truncation"] = nullptr;
  json["padding"] = nullptr;
  json["added_tokens"] = std::move(added_tokens);
  json["post_processor"] = nullptr;
  json["model"]["vocab"] = std::move(vocabulary);
  result.tokenizer_json = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return result;
}

TextFrame text_frame(const Tokenizer& tokenizer) {
  constexpr std::string_view kProbe = "a";
  std::vector<std::int32_t> bare;
  std::vector<std::int32_t> framed;
  tokenizer.encode(kProbe, {.add_special_tokens = false, .max_length = 0}, bare);
  tokenizer.encode(kProbe, {.add_special_tokens = true, .max_length = 0}, framed);
  const auto found = std::ranges::search(framed, bare);
  return {{framed.begin(), found.begin()}, {found.end(), framed.end()}};
}

}  // namespace topograph::detail

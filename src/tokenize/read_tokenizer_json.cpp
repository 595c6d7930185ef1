#include <algorithm>
#include <unordered_map>

#include "tokenize/json_components.hpp"
#include "tokenize/json_document.hpp"
#include "tokenize/json_field.hpp"
#include "tokenize/tokenizer_parts.hpp"

namespace topograph::detail {
namespace {

Result<AddedToken> read_added_token(const JsonField& field) {
  AddedToken token;
  TG_TRY(token.content, field["content"].text());
  TG_TRY(token.single_word, field["single_word"].boolean(false));
  TG_TRY(token.lstrip, field["lstrip"].boolean(false));
  TG_TRY(token.rstrip, field["rstrip"].boolean(false));
  TG_TRY(token.special, field["special"].boolean(false));
  TG_TRY(token.normalized, field["normalized"].boolean(!token.special));
  return token;
}

/// A token of the vocabulary keeps its id there; any other gets the next id above. That is the
/// peer's rule, whatever id the file claims, and we insist that the file agrees with it.
Result<void> read_added_tokens(const JsonField& field, TokenizerParts& parts) {
  if (field.is_null()) return {};
  TG_TRY(const std::size_t n, field.n_elements());
  std::unordered_map<std::string, std::size_t> known;
  auto next_id = static_cast<std::int64_t>(parts.n_model_tokens);
  for (std::size_t i = 0; i < n; ++i) {
    TG_TRY(AddedToken token, read_added_token(field.at(i)));
    if (token.content.empty()) continue;
    const auto [place_of, is_new] = known.try_emplace(token.content, parts.added_tokens.size());
    token.id =
        is_new ? parts.vocabulary.id(token.content) : parts.added_tokens[place_of->second].id;
    if (token.id < 0) token.id = static_cast<std::int32_t>(next_id++);
    const JsonField id = field.at(i)["id"];
    if (!id.is_null()) {
      TG_TRY(const std::int64_t claimed, id.integer());
      if (claimed != token.id) {
        return id.error(ErrorCode::parse,
                        fmt::format("added token \"{}\" claims id {}, the vocabulary gives it {}",
                                    token.content, claimed, token.id));
      }
    }
    if (is_new) {
      parts.added_tokens.push_back(std::move(token));
    } else {
      parts.added_tokens[place_of->second] = std::move(token);
    }
  }
  return {};
}

std::int64_t id_limit(const TokenizerParts& parts) {
  auto limit = static_cast<std::int64_t>(parts.vocabulary.id_limit());
  for (const AddedToken& token : parts.added_tokens) {
    limit = std::max<std::int64_t>(limit, token.id + 1);
  }
  return limit;
}

Result<std::int32_t> read_padding_id(const JsonField& padding, const TokenizerParts& parts) {
  const JsonField id = padding["pad_id"];
  if (!id.is_null()) {
    TG_TRY(const std::int64_t value, id.integer());
    if (value < 0 || value >= id_limit(parts)) {
      return id.error(
          ErrorCode::parse,
          fmt::format("token id {} is outside of the vocabulary of {}", value, id_limit(parts)));
    }
    return static_cast<std::int32_t>(value);
  }
  for (const std::string_view name : {"[PAD]", "<pad>"}) {
    for (const AddedToken& token : parts.added_tokens) {
      if (token.content == name) return token.id;
    }
    if (parts.vocabulary.id(name) >= 0) return parts.vocabulary.id(name);
  }
  return 0;
}

}  // namespace

Result<TokenizerParts> read_tokenizer_json(std::string_view json, std::string_view where) {
  TG_TRY(const nlohmann::json document, parse_json(json, where));
  const JsonField root(document, "", where);
  if (!document.is_object()) return root.wrong_type("an object with a model");
  TokenizerParts parts;
  TG_TRY(read_model(root["model"], where, parts));
  TG_TRY(read_added_tokens(root["added_tokens"], parts));
  TG_TRY(parts.normalizer, read_normalizer(root["normalizer"]));
  TG_TRY(parts.pre_tokenizer, read_pre_tokenizer(root["pre_tokenizer"]));
  TG_TRY(parts.post_processor, read_post_processor(root["post_processor"], id_limit(parts)));
  TG_TRY(parts.padding_id, read_padding_id(root["padding"], parts));
  TG_TRY(const std::string side, root["truncation"]["direction"].text("Right"));
  parts.truncates_left = side == "Left";
  return parts;
}

}  // namespace topograph::detail

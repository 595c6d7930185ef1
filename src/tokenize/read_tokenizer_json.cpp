#include <algorithm>
#include <unordered_map>

#include "tokenize/json_components.hpp"
#include "tokenize/json_field.hpp"
#include "tokenize/tokenizer_parts.hpp"

namespace topograph::detail {
namespace {

/// `file:line:column` of a byte of the document.
std::string place(std::string_view where, std::string_view json, std::size_t byte) {
  const std::string_view before = json.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return fmt::format("{}:{}:{}", where, line, before.size() - line_begin + 1);
}

Result<nlohmann::json> parse_json(std::string_view json, std::string_view where) {
  try {
    return nlohmann::json::parse(json);
  } catch (const nlohmann::json::parse_error& e) {
    return model_error(ErrorCode::parse, place(where, json, e.byte), "this is not valid JSON",
                       "the file may be cut short; fetch the model again");
  } catch (const nlohmann::json::exception& e) {
    return model_error(ErrorCode::parse, std::string(where), e.what());
  }
}

Result<Vocabulary> read_vocabulary(const JsonField& model, std::string_view where) {
  const JsonField field = model["vocab"];
  if (field.is_null()) return field.error(ErrorCode::parse, "the model has no vocabulary");
  if (!field.value().is_object()) return field.wrong_type("an object of tokens and ids");
  std::vector<Vocabulary::Entry> entries;
  entries.reserve(field.value().size());
  for (const auto& [token, id] : field.value().items()) {
    if (!id.is_number_integer() ||
        (id.is_number_unsigned() && id.get<std::uint64_t>() > INT64_MAX)) {
      return field.error(
          ErrorCode::parse,
          fmt::format("id of token \"{}\" is {}, expected an integer", token, id.dump()));
    }
    entries.push_back({token, id.get<std::int64_t>()});
  }
  return Vocabulary::build(entries, fmt::format("{}: model.vocab", where));
}

/// Old files have no model type: what has a subword prefix is WordPiece.
Result<std::string> model_type(const JsonField& model) {
  if (model.is_null()) return model.error(ErrorCode::parse, "the tokenizer has no model");
  if (!model["type"].is_null()) return model["type"].text();
  if (!model["merges"].is_null()) return std::string("BPE");
  if (!model["continuing_subword_prefix"].is_null()) return std::string("WordPiece");
  return model["type"].text();
}

Result<void> read_model(const JsonField& field, std::string_view where, TokenizerParts& parts) {
  TG_TRY(const std::string type, model_type(field));
  if (type != "WordPiece" && type != "WordLevel") return field.unsupported("model", type);
  TG_TRY(parts.vocabulary, read_vocabulary(field, where));
  if (type == "WordLevel") {
    TG_TRY(const std::string unk_token, field["unk_token"].text());
    TG_TRY(parts.model, WordLevel::build(parts.vocabulary, unk_token, where));
    return {};
  }
  WordPiece::Options options;
  TG_TRY(options.unk_token, field["unk_token"].text(options.unk_token));
  TG_TRY(options.continuing_subword_prefix,
         field["continuing_subword_prefix"].text(options.continuing_subword_prefix));
  const JsonField limit = field["max_input_chars_per_word"];
  if (!limit.is_null()) {
    TG_TRY(const std::int64_t n, limit.integer());
    if (n < 0) return limit.error(ErrorCode::parse, fmt::format("expected >= 0, found {}", n));
    options.max_input_chars_per_word = static_cast<std::size_t>(n);
  }
  TG_TRY(parts.model, WordPiece::build(parts.vocabulary, options, where));
  return {};
}

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
  auto next_id = static_cast<std::int64_t>(parts.vocabulary.n_tokens());
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

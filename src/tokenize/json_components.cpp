#include "tokenize/json_components.hpp"

#include <array>

#include "tokenize/normalized_text.hpp"

namespace topograph::detail {
namespace {

/// Sequences deeper than any real file has are damage; the limit keeps the stack safe.
constexpr int max_depth = 16;

std::u32string to_code_points(std::string_view text) {
  std::u32string out;
  for (const NormalizedCharacter& c : normalized_text(text, 0)) out.push_back(c.value);
  return out;
}

Result<NormalizerStep> read_bert_normalizer(const JsonField& field) {
  BertNormalizer bert;
  TG_TRY(bert.clean_text, field["clean_text"].boolean(true));
  TG_TRY(bert.handle_chinese_chars, field["handle_chinese_chars"].boolean(true));
  TG_TRY(bert.lowercase, field["lowercase"].boolean(true));
  TG_TRY(bert.strip_accents, field["strip_accents"].boolean(bert.lowercase));
  return bert;
}

Result<NormalizerStep> read_replace(const JsonField& field) {
  const JsonField pattern = field["pattern"];
  if (!pattern["Regex"].is_null()) return pattern.unsupported("a Replace pattern of kind", "Regex");
  ReplaceNormalizer replace;
  TG_TRY(const std::string text, pattern["String"].text());
  TG_TRY(const std::string content, field["content"].text());
  if (text.empty()) return pattern.error(ErrorCode::unsupported, "the pattern is empty");
  replace.pattern = to_code_points(text);
  replace.content = to_code_points(content);
  return replace;
}

Result<NormalizerStep> read_normalizer_step(const JsonField& field, std::string_view type) {
  if (type == "BertNormalizer") return read_bert_normalizer(field);
  if (type == "NFC") return UnicodeNormalizer{NormalizationForm::nfc};
  if (type == "NFD") return UnicodeNormalizer{NormalizationForm::nfd};
  if (type == "NFKC") return UnicodeNormalizer{NormalizationForm::nfkc};
  if (type == "NFKD") return UnicodeNormalizer{NormalizationForm::nfkd};
  if (type == "Lowercase") return LowercaseNormalizer{};
  if (type == "StripAccents") return StripAccentsNormalizer{};
  if (type == "Replace") return read_replace(field);
  if (type == "Strip") {
    StripNormalizer strip;
    TG_TRY(strip.left, field["strip_left"].boolean(true));
    TG_TRY(strip.right, field["strip_right"].boolean(true));
    return strip;
  }
  if (type == "Prepend") {
    TG_TRY(const std::string prefix, field["prepend"].text());
    if (prefix.empty()) return field.error(ErrorCode::unsupported, "the prefix is empty");
    return PrependNormalizer{to_code_points(prefix)};
  }
  return field.unsupported("normalizer", type);
}

Result<void> read_normalizer_into(const JsonField& field, int depth, Normalizer& out) {
  TG_TRY(const std::string type, field["type"].text());
  if (type != "Sequence") {
    TG_TRY(NormalizerStep step, read_normalizer_step(field, type));
    out.steps.push_back(std::move(step));
    return {};
  }
  if (depth == max_depth) return field.error(ErrorCode::unsupported, "sequences nested too deep");
  out.is_sequence = true;
  const JsonField list = field["normalizers"];
  TG_TRY(const std::size_t n, list.n_elements());
  for (std::size_t i = 0; i < n; ++i) TG_TRY(read_normalizer_into(list.at(i), depth + 1, out));
  return {};
}

Result<SplitBehavior> read_split_behavior(const JsonField& field) {
  constexpr std::array<std::string_view, 5> names = {"Removed", "Isolated", "MergedWithPrevious",
                                                     "MergedWithNext", "Contiguous"};
  TG_TRY(const std::string name, field.text("Isolated"));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<SplitBehavior>(i);
  }
  return field.unsupported("split behavior", name);
}

Result<PreTokenizerStep> read_pre_tokenizer_step(const JsonField& field, std::string_view type) {
  if (type == "BertPreTokenizer") return BertPreTokenizer{};
  if (type == "Whitespace") return WhitespacePreTokenizer{};
  if (type == "WhitespaceSplit") return WhitespaceSplitPreTokenizer{};
  if (type == "Punctuation") {
    TG_TRY(const SplitBehavior behavior, read_split_behavior(field["behavior"]));
    return PunctuationPreTokenizer{behavior};
  }
  return field.unsupported("pre-tokenizer", type);
}

Result<void> read_pre_tokenizer_into(const JsonField& field, int depth, PreTokenizer& out) {
  TG_TRY(const std::string type, field["type"].text());
  if (type != "Sequence") {
    TG_TRY(const PreTokenizerStep step, read_pre_tokenizer_step(field, type));
    out.steps.push_back(step);
    return {};
  }
  if (depth == max_depth) return field.error(ErrorCode::unsupported, "sequences nested too deep");
  out.is_sequence = true;
  const JsonField list = field["pretokenizers"];
  TG_TRY(const std::size_t n, list.n_elements());
  for (std::size_t i = 0; i < n; ++i) TG_TRY(read_pre_tokenizer_into(list.at(i), depth + 1, out));
  return {};
}

Result<std::int32_t> read_special_id(const JsonField& field, std::int64_t id_limit) {
  TG_TRY(const std::int64_t id, field.integer());
  if (id >= 0 && id < id_limit) return static_cast<std::int32_t>(id);
  return field.error(ErrorCode::parse,
                     fmt::format("token id {} is outside of the vocabulary of {}", id, id_limit));
}

Result<void> append_special(const JsonField& special_tokens, const std::string& name,
                            std::int64_t id_limit, std::vector<std::int32_t>& out) {
  const JsonField special = special_tokens[name.c_str()];
  if (special.is_null()) {
    return special_tokens.error(ErrorCode::parse,
                                fmt::format("the template's token \"{}\" is not listed", name));
  }
  const JsonField ids = special["ids"];
  TG_TRY(const std::size_t n, ids.n_elements());
  for (std::size_t i = 0; i < n; ++i) {
    TG_TRY(const std::int32_t id, read_special_id(ids.at(i), id_limit));
    out.push_back(id);
  }
  return {};
}

Result<PostProcessor> read_template(const JsonField& field, std::int64_t id_limit) {
  PostProcessor out;
  bool has_text = false;
  const JsonField pieces = field["single"];
  TG_TRY(const std::size_t n, pieces.n_elements());
  for (std::size_t i = 0; i < n; ++i) {
    const JsonField piece = pieces.at(i);
    if (!piece["SpecialToken"].is_null()) {
      TG_TRY(const std::string name, piece["SpecialToken"]["id"].text());
      TG_TRY(append_special(field["special_tokens"], name, id_limit,
                            has_text ? out.after : out.before));
      continue;
    }
    if (piece["Sequence"]["id"].value() != "A" || has_text) {
      return piece.error(ErrorCode::unsupported,
                         "a template for one text must hold sequence A exactly once");
    }
    has_text = true;
  }
  if (!has_text) return pieces.error(ErrorCode::parse, "the template does not hold the text");
  return out;
}

Result<PostProcessor> read_cls_sep(const JsonField& field, std::int64_t id_limit) {
  PostProcessor out;
  for (const bool is_cls : {true, false}) {
    const JsonField pair = field[is_cls ? "cls" : "sep"];
    TG_TRY(const std::size_t n, pair.n_elements());
    if (n != 2) return pair.wrong_type("a token and its id");
    TG_TRY(const std::int32_t id, read_special_id(pair.at(1), id_limit));
    (is_cls ? out.before : out.after).push_back(id);
  }
  return out;
}

}  // namespace

Result<Normalizer> read_normalizer(const JsonField& field) {
  Normalizer out;
  if (!field.is_null()) TG_TRY(read_normalizer_into(field, 0, out));
  return out;
}

Result<PreTokenizer> read_pre_tokenizer(const JsonField& field) {
  PreTokenizer out;
  if (!field.is_null()) TG_TRY(read_pre_tokenizer_into(field, 0, out));
  return out;
}

Result<PostProcessor> read_post_processor(const JsonField& field, std::int64_t id_limit) {
  if (field.is_null()) return PostProcessor{};
  TG_TRY(const std::string type, field["type"].text());
  if (type == "TemplateProcessing") return read_template(field, id_limit);
  if (type == "BertProcessing") return read_cls_sep(field, id_limit);
  return field.unsupported("post-processor", type);
}

}  // namespace topograph::detail

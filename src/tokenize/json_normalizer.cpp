#include <utility>

#include "tokenize/json_components.hpp"

namespace topograph::detail {
namespace {

constexpr std::string_view known_normalizers =
    "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Nmt, Precompiled, "
    "Replace, Prepend, ByteLevel, Sequence";

Result<NormalizerStep> read_bert_normalizer(const JsonField& field) {
  BertNormalizer bert;
  TG_TRY(bert.clean_text, field["clean_text"].boolean(true));
  TG_TRY(bert.handle_chinese_chars, field["handle_chinese_chars"].boolean(true));
  TG_TRY(bert.lowercase, field["lowercase"].boolean(true));
  TG_TRY(bert.strip_accents, field["strip_accents"].boolean(bert.lowercase));
  return bert;
}

Result<NormalizerStep> read_replace(const JsonField& field) {
  ReplaceNormalizer replace;
  TG_TRY(replace.pattern, read_pattern(field["pattern"]));
  TG_TRY(const std::string content, field["content"].text());
  replace.content = to_code_points(content);
  return replace;
}

Result<NormalizerStep> read_strip(const JsonField& field) {
  StripNormalizer strip;
  TG_TRY(strip.left, field["strip_left"].boolean(true));
  TG_TRY(strip.right, field["strip_right"].boolean(true));
  return strip;
}

Result<NormalizerStep> read_prepend(const JsonField& field) {
  TG_TRY(const std::string prefix, field["prepend"].text());
  if (prefix.empty()) return field.error(ErrorCode::unsupported, "the prefix is empty");
  return PrependNormalizer{to_code_points(prefix)};
}

Result<NormalizerStep> read_precompiled(const JsonField& field) {
  const JsonField map = field["precompiled_charsmap"];
  TG_TRY(const std::string base64, map.text());
  auto rules = Charsmap::read(base64);
  if (!rules) return map.error(ErrorCode::parse, "the rules are damaged: " + rules.error());
  return PrecompiledNormalizer{*std::move(rules)};
}

Result<NormalizerStep> read_step(const JsonField& field, std::string_view type) {
  if (type == "BertNormalizer") return read_bert_normalizer(field);
  if (type == "NFC") return UnicodeNormalizer{NormalizationForm::nfc};
  if (type == "NFD") return UnicodeNormalizer{NormalizationForm::nfd};
  if (type == "NFKC") return UnicodeNormalizer{NormalizationForm::nfkc};
  if (type == "NFKD") return UnicodeNormalizer{NormalizationForm::nfkd};
  if (type == "Lowercase") return LowercaseNormalizer{};
  if (type == "StripAccents") return StripAccentsNormalizer{};
  if (type == "Nmt") return NmtNormalizer{};
  if (type == "ByteLevel") return ByteLevelNormalizer{};
  if (type == "Replace") return read_replace(field);
  if (type == "Strip") return read_strip(field);
  if (type == "Prepend") return read_prepend(field);
  if (type == "Precompiled") return read_precompiled(field);
  return field.unsupported("normalizer", type, known_normalizers);
}

Result<void> read_into(const JsonField& field, int depth, Normalizer& out) {
  TG_TRY(const std::string type, field["type"].text());
  if (type != "Sequence") {
    TG_TRY(NormalizerStep step, read_step(field, type));
    out.steps.push_back(std::move(step));
    return {};
  }
  if (depth == max_sequence_depth) {
    return field.error(ErrorCode::unsupported, "sequences nested too deep");
  }
  out.is_sequence = true;
  const JsonField list = field["normalizers"];
  TG_TRY(const std::size_t n, list.n_elements());
  for (std::size_t i = 0; i < n; ++i) TG_TRY(read_into(list.at(i), depth + 1, out));
  return {};
}

}  // namespace

Result<Normalizer> read_normalizer(const JsonField& field) {
  Normalizer out;
  if (!field.is_null()) TG_TRY(read_into(field, 0, out));
  return out;
}

Result<Pattern> read_pattern(const JsonField& field) {
  if (field["Regex"].is_null()) {
    TG_TRY(const std::string text, field["String"].text());
    if (text.empty()) return field.error(ErrorCode::unsupported, "the pattern is empty");
    return Pattern::literal(to_code_points(text));
  }
  TG_TRY(const std::string expression, field["Regex"].text());
  auto pattern = Pattern::regex(expression);
  if (pattern) return *std::move(pattern);
  return field["Regex"].error(ErrorCode::unsupported,
                              fmt::format("the regular expression \"{}\" is not understood: {}",
                                          expression, pattern.error()),
                              "supported: the syntax of ICU regular expressions");
}

}  // namespace topograph::detail

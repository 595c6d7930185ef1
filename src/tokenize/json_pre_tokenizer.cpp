#include <array>
#include <utility>

#include "tokenize/json_components.hpp"
#include "topograph/core/expects.hpp"

namespace topograph::detail {
namespace {

constexpr std::string_view known_pre_tokenizers =
    "BertPreTokenizer, Whitespace, WhitespaceSplit, Punctuation, Digits, CharDelimiterSplit, "
    "Split, Metaspace, ByteLevel, Sequence";

Result<SplitBehavior> read_behavior(const JsonField& field) {
  constexpr std::array<std::string_view, 5> names = {"Removed", "Isolated", "MergedWithPrevious",
                                                     "MergedWithNext", "Contiguous"};
  TG_TRY(const std::string name, field.text("Isolated"));
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<SplitBehavior>(i);
  }
  return field.unsupported("split behavior", name,
                           "Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous");
}

Result<char32_t> read_character(const JsonField& field) {
  TG_TRY(const std::string text, field.text());
  const std::u32string characters = to_code_points(text);
  if (characters.size() != 1) {
    return field.error(ErrorCode::parse, fmt::format("expected one character, found \"{}\"", text));
  }
  return characters.front();
}

Result<PreTokenizerStep> read_split(const JsonField& field) {
  SplitPreTokenizer split;
  TG_TRY(split.pattern, read_pattern(field["pattern"]));
  TG_TRY(split.behavior, read_behavior(field["behavior"]));
  TG_TRY(split.invert, field["invert"].boolean(false));
  return split;
}

/// Old files say `add_prefix_space` instead of `prepend_scheme`.
Result<PreTokenizerStep> read_metaspace(const JsonField& field) {
  using Prepend = MetaspacePreTokenizer::Prepend;
  MetaspacePreTokenizer metaspace;
  TG_TRY(metaspace.replacement, read_character(field["replacement"]));
  TG_TRY(metaspace.split, field["split"].boolean(true));
  const JsonField scheme = field["prepend_scheme"];
  TG_TRY(const bool has_prefix, field["add_prefix_space"].boolean(true));
  TG_TRY(const std::string name, scheme.text(has_prefix ? "always" : "never"));
  if (name != "always" && name != "first" && name != "never") {
    return scheme.unsupported("prepend scheme", name, "always, first, never");
  }
  if (!has_prefix && name != "never") {
    return scheme.error(ErrorCode::parse,
                        fmt::format("\"{}\" contradicts add_prefix_space false", name));
  }
  metaspace.prepend = name == "always"  ? Prepend::always
                      : name == "first" ? Prepend::first
                                        : Prepend::never;
  return metaspace;
}

Result<PreTokenizerStep> read_byte_level(const JsonField& field) {
  ByteLevelPreTokenizer step;
  TG_TRY(step.add_prefix_space, field["add_prefix_space"].boolean(true));
  TG_TRY(step.use_regex, field["use_regex"].boolean(true));
  auto words = Pattern::regex(gpt2_expression);
  TG_EXPECTS(words.has_value());
  step.words = *std::move(words);
  return step;
}

Result<PreTokenizerStep> read_step(const JsonField& field, std::string_view type) {
  if (type == "BertPreTokenizer") return BertPreTokenizer{};
  if (type == "Whitespace") return WhitespacePreTokenizer{};
  if (type == "WhitespaceSplit") return WhitespaceSplitPreTokenizer{};
  if (type == "Split") return read_split(field);
  if (type == "Metaspace") return read_metaspace(field);
  if (type == "ByteLevel") return read_byte_level(field);
  if (type == "Punctuation") {
    TG_TRY(const SplitBehavior behavior, read_behavior(field["behavior"]));
    return PunctuationPreTokenizer{behavior};
  }
  if (type == "Digits") {
    TG_TRY(const bool individual, field["individual_digits"].boolean(false));
    return DigitsPreTokenizer{individual};
  }
  if (type == "CharDelimiterSplit") {
    TG_TRY(const char32_t delimiter, read_character(field["delimiter"]));
    return DelimiterPreTokenizer{delimiter};
  }
  return field.unsupported("pre-tokenizer", type, known_pre_tokenizers);
}

Result<void> read_into(const JsonField& field, int depth, PreTokenizer& out) {
  TG_TRY(const std::string type, field["type"].text());
  if (type != "Sequence") {
    TG_TRY(PreTokenizerStep step, read_step(field, type));
    out.steps.push_back(std::move(step));
    return {};
  }
  if (depth == max_sequence_depth) {
    return field.error(ErrorCode::unsupported, "sequences nested too deep");
  }
  out.is_sequence = true;
  const JsonField list = field["pretokenizers"];
  TG_TRY(const std::size_t n, list.n_elements());
  for (std::size_t i = 0; i < n; ++i) TG_TRY(read_into(list.at(i), depth + 1, out));
  return {};
}

}  // namespace

Result<PreTokenizer> read_pre_tokenizer(const JsonField& field) {
  PreTokenizer out;
  if (!field.is_null()) TG_TRY(read_into(field, 0, out));
  return out;
}

}  // namespace topograph::detail

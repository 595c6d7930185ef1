#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tokenize/normalized_text.hpp"

namespace topograph::detail {

/// Word patterns of byte-level models that are matched without a regular expression engine.
enum class KnownPattern {
  gpt2,   ///< GPT-2, RoBERTa, ModernBERT: what the ByteLevel pre-tokenizer splits at.
  qwen,   ///< Qwen 2 and 3: every digit is a word.
  llama,  ///< GPT-4 and Llama 3: up to three digits are a word.
};

/// What a character is to these patterns.
enum class CharacterKind : std::uint8_t { letter, number, space, line_end, other };

/// The expression of the ByteLevel pre-tokenizer.
extern const std::string_view gpt2_expression;

[[nodiscard]] std::optional<KnownPattern> known_pattern(std::string_view expression);

/// Appends the matches to `out`. They cover the text.
void find_known(KnownPattern pattern, NormalizedView text, std::vector<CharacterKind>& kinds,
                std::vector<CharacterRange>& out);

}  // namespace topograph::detail

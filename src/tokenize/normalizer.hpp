#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "tokenize/characters.hpp"
#include "tokenize/charsmap.hpp"
#include "tokenize/normalized_text.hpp"
#include "tokenize/pattern.hpp"

namespace topograph::detail {

struct BertNormalizer {
  bool clean_text = true;
  bool handle_chinese_chars = true;
  bool strip_accents = true;
  bool lowercase = true;
};

struct UnicodeNormalizer {
  NormalizationForm form = NormalizationForm::nfc;
};
struct LowercaseNormalizer {};
struct StripAccentsNormalizer {};
/// What SentencePiece did before its rules: control characters go, odd white space becomes a space.
struct NmtNormalizer {};
struct StripNormalizer {
  bool left = true;
  bool right = true;
};
struct ReplaceNormalizer {
  Pattern pattern = {};
  std::u32string content = {};
};
struct PrependNormalizer {
  std::u32string prefix = {};  ///< Never empty.
};
struct PrecompiledNormalizer {
  Charsmap rules = {};
};
/// Bytes become the characters that stand for them in byte-level vocabularies.
struct ByteLevelNormalizer {};

using NormalizerStep =
    std::variant<BertNormalizer, UnicodeNormalizer, LowercaseNormalizer, StripAccentsNormalizer,
                 NmtNormalizer, StripNormalizer, ReplaceNormalizer, PrependNormalizer,
                 PrecompiledNormalizer, ByteLevelNormalizer>;

/// The normalizer of a tokenizer file, a sequence flattened into its steps.
struct Normalizer {
  std::vector<NormalizerStep> steps = {};
  bool is_sequence = false;  ///< Written as a Sequence, even if of one step.
};

/// A character of a decomposed text.
struct DecomposedCharacter {
  char32_t value = 0;
  std::int32_t change = 0;
  std::uint8_t combining_class = 0;
};

/// Buffers of one thread.
struct NormalizeScratch {
  NormalizedText spare = {};
  std::vector<RewrittenCharacter> rewritten = {};
  std::vector<DecomposedCharacter> decomposed = {};
  std::vector<CharacterRange> matches = {};
  PatternScratch patterns = {};
};

void normalize(const Normalizer& normalizer, NormalizedText& text, NormalizeScratch& scratch);

}  // namespace topograph::detail

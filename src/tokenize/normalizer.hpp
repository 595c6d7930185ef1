#pragma once

#include <string>
#include <variant>
#include <vector>

#include "tokenize/normalized_text.hpp"

namespace topograph::detail {

struct BertNormalizer {
  bool clean_text = true;
  bool handle_chinese_chars = true;
  bool strip_accents = true;
  bool lowercase = true;
};

enum class NormalizationForm { nfc, nfd, nfkc, nfkd };
struct UnicodeNormalizer {
  NormalizationForm form = NormalizationForm::nfc;
};
struct LowercaseNormalizer {};
struct StripAccentsNormalizer {};
struct StripNormalizer {
  bool left = true;
  bool right = true;
};
struct ReplaceNormalizer {
  std::u32string pattern = {};  ///< Never empty.
  std::u32string content = {};
};
struct PrependNormalizer {
  std::u32string prefix = {};  ///< Never empty.
};

using NormalizerStep =
    std::variant<BertNormalizer, UnicodeNormalizer, LowercaseNormalizer, StripAccentsNormalizer,
                 StripNormalizer, ReplaceNormalizer, PrependNormalizer>;

/// The normalizer of a tokenizer file, a sequence flattened into its steps.
struct Normalizer {
  std::vector<NormalizerStep> steps = {};
  bool is_sequence = false;  ///< Written as a Sequence, even if of one step.
};

void normalize(const Normalizer& normalizer, NormalizedText& text);

}  // namespace topograph::detail

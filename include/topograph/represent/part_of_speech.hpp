#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/error.hpp"
#include "topograph/core/options.hpp"

namespace topograph {

/// The tags of Universal Dependencies.
enum class PartOfSpeech : std::uint8_t {
  adj,
  adp,
  adv,
  aux,
  cconj,
  det,
  intj,
  noun,
  num,
  part,
  pron,
  propn,
  punct,
  sconj,
  sym,
  verb,
  x
};
template <>
struct EnumNames<PartOfSpeech> {
  static constexpr std::array<std::string_view, 17> names{
      "ADJ",  "ADP",  "ADV",   "AUX",   "CCONJ", "DET", "INTJ", "NOUN", "NUM",
      "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X"};
};

/// Parts of speech of the words of one English sentence, in order, punctuation left out.
///
/// An averaged perceptron reads the words from left to right: endings, neighbours, and the two tags
/// before. Its weights are models/pos-en.
/// @determinism  A pure function of the words. @cost  O(words).
/// @source  Collins 2002, "Discriminative training methods for hidden Markov models"; the features
///          are those of textblob-aptagger; weights: denckring-en-pos 0.6.0 (.934 on UD EWT).
[[nodiscard]] std::vector<PartOfSpeech> parts_of_speech(std::span<const std::string_view> words);

/// Runs of tags that are looked for.
using PosPatterns = std::vector<std::vector<PartOfSpeech>>;

/// "ADJ NOUN,NOUN,ADJ": patterns apart by commas, the tags of one by spaces.
/// @error  option subject: a tag that is none, an empty pattern.
[[nodiscard]] Result<PosPatterns> parse_pos_patterns(const std::vector<std::string>& texts,
                                                     std::string_view where);

}  // namespace topograph
